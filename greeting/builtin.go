package greeting

import (
	"embed"

	"golang.org/x/text/language"
)

//go:embed builtin/*.wav
var sounds embed.FS

// reserved is how the ids of the built-in greetings begin.
const reserved = "builtin-"

// builtins are the greetings that are heard when no rule applies or a clip
// cannot be read. A caller never hears silence. Their clips are the hashes of
// the embedded files.
var builtins = [...]Greeting{
	{
		ID: reserved + "en", Name: "Built-in, English", Language: language.English,
		Script: "You have reached our voicemail. Please leave a message after the tone.",
		Clip:   "27b524523e168badf180cc346c11fc9f1dbb2bde1310226cd10d68b2c32409c8",
	},
	{
		ID: reserved + "fr", Name: "Intégré, français", Language: language.French,
		Script: "Vous avez joint notre boîte vocale. Laissez un message après le signal sonore.",
		Clip:   "929fa8aadebcb542a940b6bf7d99ddc1ee259e415a315d46defc0b50bf8d0def",
	},
	{
		ID: reserved + "es", Name: "Integrado, español", Language: language.Spanish,
		Script: "Este es nuestro buzón de voz. Deje un mensaje después del tono.",
		Clip:   "866be37db100732659372d529102dd417a8d0babbf1a6a105f4bc923b19a5ba6",
	},
}

// Builtin returns the built-in greeting for a language, by the same steps as
// [Library.Select] takes with English as the default. There are English, French
// and Spanish. Its clip needs no store: [Fetch] has it.
func Builtin(tag language.Tag) Greeting {
	ask, english := tongueOf(tag), tongueOf(language.English)
	g, _ := pickBuiltin(&ask, &english)
	return g
}

func pickBuiltin(ask, preferred *tongue) (Greeting, Match) {
	best, match, least := 0, MatchAny, placeAny+1
	for i := range builtins {
		own := spoken(builtins[i].Language)
		if m, place := ask.place(&own, preferred); place < least {
			best, match, least = i, m, place
		}
	}
	return builtins[best], match
}

// builtinFile is the name of the embedded file with a hash.
func builtinFile(clip string) (string, bool) {
	for i := range builtins {
		if builtins[i].Clip == clip {
			return "builtin/" + builtins[i].ID[len(reserved):] + ".wav", true
		}
	}
	return "", false
}
