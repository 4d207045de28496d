package transcript_test

import (
	"io"
	"strings"
	"testing"

	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/transcript"
)

const (
	voicemailEnglish = "hi this is maria from the dental office calling to confirm your appointment on tuesday at ten please call me back at extension two oh four when you get a chance your prescription is ready for pickup at the counter on main street we would like to reschedule the inspection for next thursday morning the quote for the roof came to four thousand two hundred dollars "
	voicemailQuebec  = "bonjour c'est julie de la clinique dentaire je vous appelle pour confirmer votre rendez-vous de mardi rappelle-moi quand t'auras fini le char est prêt tu peux venir le chercher au garage chus en retard y'a ben du trafic sur le pont on soupe chez grand-maman en fin de semaine l'été dernier le plombier est passé entre huit heures et midi "
)

// text repeats words up to n bytes, cut at a space.
func text(words string, n int) string {
	s := strings.Repeat(words, n/len(words)+1)[:n]
	return s[:strings.LastIndexByte(s, ' ')]
}

// salt puts a profane word in the place of one word in fifty.
func salt(s, word string) string {
	words := strings.Fields(s)
	for i := 25; i < len(words); i += 50 {
		words[i] = word
	}
	return strings.Join(words, " ")
}

func corpora() map[string]struct{ locale, text string } {
	return map[string]struct{ locale, text string }{
		"en/1KB":       {"en", text(voicemailEnglish, 1<<10)},
		"fr-CA/1KB":    {"fr-CA", text(voicemailQuebec, 1<<10)},
		"en/1MB":       {"en", text(voicemailEnglish, 1<<20)},
		"fr-CA/1MB":    {"fr-CA", text(voicemailQuebec, 1<<20)},
		"en/2%/1KB":    {"en", salt(text(voicemailEnglish, 1<<10), "fucking")},
		"fr-CA/2%/1MB": {"fr-CA", salt(text(voicemailQuebec, 1<<20), "câlissé")},
	}
}

func BenchmarkDetect(b *testing.B) {
	for name, c := range corpora() {
		f, err := transcript.NewFilter(language.MustParse(c.locale), nil)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			var spans []transcript.Span
			b.SetBytes(int64(len(c.text)))
			b.ReportAllocs()
			for b.Loop() {
				spans = f.AppendSpans(spans[:0], c.text)
			}
		})
	}
}

func BenchmarkMask(b *testing.B) {
	for name, c := range corpora() {
		f, err := transcript.NewFilter(language.MustParse(c.locale), nil)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(c.text)))
			b.ReportAllocs()
			for b.Loop() {
				_ = f.Text(c.text)
			}
		})
	}
}

func BenchmarkStream(b *testing.B) {
	for name, c := range corpora() {
		f, err := transcript.NewFilter(language.MustParse(c.locale), nil)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(c.text)))
			b.ReportAllocs()
			for b.Loop() {
				w := f.Writer(io.Discard)
				_, _ = io.WriteString(w, c.text)
				_ = w.Close()
			}
		})
	}
}

func BenchmarkNewFilter(b *testing.B) {
	for _, locale := range []string{"en", "fr", "fr-CA", "es"} {
		b.Run(locale, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := transcript.NewFilter(language.MustParse(locale), nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
