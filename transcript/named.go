package transcript

import (
	"strings"

	"golang.org/x/text/language"
)

// names are the languages that Whisper knows, in the English under which
// OpenAI and whisper.cpp report them, with their codes.
const names = `afrikaans af albanian sq amharic am arabic ar armenian hy assamese as azerbaijani az bashkir ba basque eu
belarusian be bengali bn bosnian bs breton br bulgarian bg burmese my cantonese yue catalan ca chinese zh croatian hr
czech cs danish da dutch nl english en estonian et faroese fo finnish fi french fr galician gl georgian ka german de
greek el gujarati gu haitian_creole ht hausa ha hawaiian haw hebrew he hindi hi hungarian hu icelandic is indonesian id
italian it japanese ja javanese jv kannada kn kazakh kk khmer km korean ko lao lo latin la latvian lv lingala ln
lithuanian lt luxembourgish lb macedonian mk malagasy mg malay ms malayalam ml maltese mt maori mi marathi mr
mongolian mn myanmar my nepali ne norwegian no nynorsk nn occitan oc pashto ps persian fa polish pl portuguese pt
punjabi pa romanian ro russian ru sanskrit sa serbian sr shona sn sindhi sd sinhala si slovak sk slovenian sl somali so
spanish es sundanese su swahili sw swedish sv tagalog tl tajik tg tamil ta tatar tt telugu te thai th tibetan bo
turkish tr turkmen tk ukrainian uk urdu ur uzbek uz vietnamese vi welsh cy yiddish yi yoruba yo`

// tagOf reads a language as engines write it: a tag, or an English name. It is
// undefined for anything else.
func tagOf(said label) language.Tag {
	name := strings.ReplaceAll(strings.ToLower(string(said)), " ", "_")
	if name == "" {
		return language.Und
	}
	fields := strings.Fields(names)
	for i := 0; i < len(fields); i += 2 {
		if fields[i] == name {
			name = fields[i+1]
			break
		}
	}
	tag, err := language.Parse(name)
	if err != nil {
		return language.Und
	}
	if tag, err = language.Macro.Canonicalize(tag); err != nil { // cmn is zh
		return language.Und
	}
	base, script, region := tag.Raw() // the rest is no engine's, and comes back differently from JSON
	if tag, err = language.Compose(base, script, region); err != nil {
		return language.Und
	}
	return tag
}
