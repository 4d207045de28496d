package transcript_test

import (
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"

	"github.com/afterbeep/afterbeep/transcript"
)

var modes = []transcript.Mode{transcript.Mask, transcript.First, transcript.Vowels, transcript.Fixed, transcript.Remove, transcript.Tag}

// filters has one filter a locale and mode.
func filters(t testing.TB, o transcript.FilterOptions) map[string]map[transcript.Mode]*transcript.Filter {
	t.Helper()
	out := map[string]map[transcript.Mode]*transcript.Filter{}
	for _, locale := range []string{"en", "fr", "fr-CA", "es"} {
		out[locale] = map[transcript.Mode]*transcript.Filter{}
		for _, mode := range modes {
			o.Mode = mode
			f, err := transcript.NewFilter(language.MustParse(locale), &o)
			require.NoError(t, err)
			out[locale][mode] = f
		}
	}
	return out
}

// seeds are sentences with everything that has ever gone wrong in a filter.
func seeds(t testing.TB) []string {
	out := []string{
		"", " ", "fuck", "FUCK you", "ﷺ shit", "½ fuck ¾", "ﬁne shit", "cafe\u0301 shit", "\xff fuck \xc3", "e\u0301le\u0300ve shit now",
		"f***", "****", "*69", "sh*t f*ck", "<profanity>merde</profanity>", "<profanity> [bleep] [ __ ]", "**shit**", "f##k #1 ###",
		"ass hole", "ass-hole", "ass\u00a0hole", "ass\nhole", "ass. hole", "mother fucker mother fucker", "bull shit dumb ass hole",
		"l'hostie de c\u0302alisse", "c't'ostie", "d\u2019hostie consacrée", "en retard", "pique-nique", "cul-de-sac", "put\u200ba", "p\u0303uta",
		strings.Repeat("a", 3000) + "shit", strings.Repeat("shit", 1000), strings.Repeat("*", 3000), strings.Repeat(" ", 50) + "fuck",
		strings.Repeat("fuck ", 400), "\u0301fuck", "fuck\u0301", "🤣bummer 🤣fuck", "wtf", "WTF", "Dick", "the Dick", "vehículo culo",
		"coño cono", "œuvre cœur", "tête de nœud", "STRASSE ß", "İstanbul shit", "\u212aike", "ｆｕｃｋ", "[ble", "x[bleep]y",
	}
	for _, locale := range []string{"en", "fr", "fr-CA", "es"} {
		for i, r := range rows(t, locale) {
			if i%5 == 0 {
				out = append(out, r.text)
			}
		}
	}
	return out
}

// check holds every promise of a filter against one text.
func check(t *testing.T, by map[transcript.Mode]*transcript.Filter, text string, cut int) {
	t.Helper()
	spans := by[transcript.Tag].AppendSpans(nil, text)
	at := 0
	for _, s := range spans {
		require.True(t, s.From >= at && s.From < s.To && s.To <= len(text), "spans in order: %v", spans)
		require.True(t, s.Severity >= transcript.Mild && s.Severity <= transcript.Strong)
		at = s.To
	}
	words := len(strings.Fields(text))
	for mode, f := range by {
		out := f.Text(text)
		require.Equal(t, out, stream(t, f, text, cut), "%s: a stream of %d bytes a write is the whole", mode, cut)
		if mode == transcript.Tag {
			require.Equal(t, text, out)
			continue
		}
		if mode == transcript.Remove {
			continue
		}
		require.Equal(t, out, f.Text(out), "%s: once filtered, always filtered: %q", mode, text)
		require.Len(t, strings.Fields(out), words, "%s: as many words", mode)
		outside(t, text, out, spans)
	}
	// Timed words.
	whole := transcript.Plain(text, language.Und)
	for i := range whole.Words {
		whole.Words[i].Start = time.Duration(i) * time.Second
		whole.Words[i].End = whole.Words[i].Start + time.Second/2
	}
	require.NoError(t, whole.Check())
	for mode, f := range by {
		got := f.Transcript(whole)
		require.NoError(t, got.Check(), "%s", mode)
		require.Len(t, got.Words, len(whole.Words))
		require.Equal(t, f.Text(text), got.Text)
		for i := range got.Words {
			require.Equal(t, whole.Words[i].Start, got.Words[i].Start)
			require.Equal(t, whole.Words[i].End, got.Words[i].End)
		}
	}
}

// outside holds that what lies between the spans is in out, in order, byte for
// byte.
func outside(t *testing.T, text, out string, spans []transcript.Span) {
	t.Helper()
	from := 0
	for i := range len(spans) + 1 {
		to := len(text)
		if i < len(spans) {
			to = spans[i].From
		}
		piece := text[from:to]
		switch i {
		case 0:
			require.True(t, strings.HasPrefix(out, piece), "%q %q", text, out)
			out = out[len(piece):]
		case len(spans):
			require.True(t, strings.HasSuffix(out, piece), "%q %q", text, out)
		default:
			n := strings.Index(out, piece)
			require.GreaterOrEqual(t, n, 0, "%q %q", text, out)
			out = out[n+len(piece):]
		}
		if i < len(spans) {
			from = spans[i].To
		}
	}
}

// stream writes text in pieces of cut bytes, from a buffer that is used again.
func stream(t testing.TB, f *transcript.Filter, text string, cut int) string {
	t.Helper()
	var out strings.Builder
	w := f.Writer(&out)
	buf := make([]byte, cut)
	for len(text) > 0 {
		n := copy(buf, text)
		_, err := w.Write(buf[:n])
		require.NoError(t, err)
		text = text[n:]
		for i := range buf {
			buf[i] = 'X'
		}
	}
	require.NoError(t, w.Close())
	return out.String()
}

func FuzzFilter(f *testing.F) {
	by := filters(f, transcript.FilterOptions{Least: transcript.Mild})
	for i, s := range seeds(f) {
		f.Add(s, uint8(i))
	}
	f.Fuzz(func(t *testing.T, text string, cut uint8) {
		if len(text) > 1<<13 {
			return
		}
		size := int(cut)%32 + 1
		if len(text) > 512 {
			size *= 16
		}
		for _, modes := range by {
			check(t, modes, text, size)
		}
	})
}

// FuzzNormal: a word is the same word composed and decomposed.
func FuzzNormal(f *testing.F) {
	by := filters(f, transcript.FilterOptions{})
	for _, s := range seeds(f) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<12 || !utf8.ValidString(text) {
			return
		}
		for _, r := range text {
			if r > 0x24f && !unicode.IsSpace(r) || r == '\u0149' {
				return // beyond the alphabets that the lexicons are written in
			}
		}
		composed, decomposed := norm.NFC.String(text), norm.NFD.String(text)
		for locale, modes := range by {
			a, b := modes[transcript.Mask].Text(composed), modes[transcript.Mask].Text(decomposed)
			require.Equal(t, a, norm.NFC.String(b), locale)
		}
	})
}

func TestStreamAtEverySplit(t *testing.T) {
	t.Parallel()
	by := filters(t, transcript.FilterOptions{})
	for _, text := range seeds(t) {
		if len(text) > 200 {
			continue
		}
		for locale, modes := range by {
			for _, mode := range []transcript.Mode{transcript.Mask, transcript.Remove} {
				f := modes[mode]
				want := f.Text(text)
				for i := range len(text) + 1 {
					var out strings.Builder
					w := f.Writer(&out)
					_, err := w.Write([]byte(text[:i]))
					require.NoError(t, err)
					_, err = w.Write([]byte(text[i:]))
					require.NoError(t, err)
					require.NoError(t, w.Close())
					require.Equal(t, want, out.String(), "%s %s split at %d", locale, mode, i)
				}
			}
		}
	}
}
