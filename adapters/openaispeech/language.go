package openaispeech

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

// tagOf is the language of an answer: what the engine says, with the region of
// the first hint of that language. Without a word of the engine it is the hint,
// if that leaves no choice.
func tagOf(said string, hints []language.Tag) language.Tag {
	base := baseOf(said)
	if base == "" {
		base = onlyBase(hints)
	}
	if base == "" {
		return language.Und
	}
	for _, hint := range hints {
		if b, confidence := hint.Base(); confidence == language.Exact && b.String() == base {
			return hint
		}
	}
	return language.Make(base)
}

// baseOf reads the name or the code of a language. It is empty for others.
func baseOf(said string) string {
	if len(said) > 64 {
		return ""
	}
	said = strings.ReplaceAll(strings.ToLower(strings.TrimSpace(said)), " ", "_")
	fields := strings.Fields(names)
	for i := 0; i < len(fields); i += 2 {
		if fields[i] == said {
			said = fields[i+1]
			break
		}
	}
	tag, err := language.Parse(said)
	if err != nil || tag == language.Und {
		return ""
	}
	base, _ := tag.Base()
	return base.String()
}
