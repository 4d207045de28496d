package transcript_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"

	"github.com/afterbeep/afterbeep/transcript"
)

// TestBasicLocales: German, Italian and Portuguese have small lexicons that
// are marked as basic.
func TestBasicLocales(t *testing.T) {
	t.Parallel()
	for locale, pairs := range map[string]map[string]string{
		"de": {
			"das ist doch scheiße hier":        "das ist doch ******* hier",
			"so ein arschloch":                 "so ein *********",
			"rufen Sie bitte den Dachdecker":   "rufen Sie bitte den Dachdecker",
			"die klassische Assistentin fehlt": "die klassische Assistentin fehlt",
		},
		"it": {
			"che cazzo vuoi":               "che ***** vuoi",
			"vaffanculo stronzo":           "********** *******",
			"devo scopare il pavimento":    "devo scopare il pavimento",
			"il culto e la calcolatrice":   "il culto e la calcolatrice",
			"chiama il dottore per favore": "chiama il dottore per favore",
		},
		"pt": {
			"que merda é essa":            "que ***** é essa",
			"vai se foder":                "vai se *****",
			"o computador do deputado":    "o computador do deputado",
			"a encomenda chega amanhã":    "a encomenda chega amanhã",
			"o corno do boi e as ovelhas": "o corno do boi e as ovelhas",
		},
	} {
		f := newFilter(t, locale, nil)
		for in, want := range pairs {
			assert.Equal(t, want, f.Text(in), locale)
		}
	}
}

// basicRows are messages as people leave them, by locale: what is in brackets
// must be found, and nothing else.
func basicRows(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("testdata/basic/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	out := map[string]string{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		out[strings.TrimSuffix(filepath.Base(file), ".txt")] = string(data)
	}
	return out
}

// basicRow is a line of basicRows: the message, and what is left of it.
func basicRow(line string) (text, hidden string) {
	var in, out strings.Builder
	inside := false
	for _, r := range line {
		switch {
		case r == '[' || r == ']':
			inside = r == '['
			continue
		case inside && unicode.IsLetter(r):
			out.WriteByte('*')
		default:
			out.WriteRune(r)
		}
		in.WriteRune(r)
	}
	return in.String(), out.String()
}

// TestBasicRows: small lexicons find what everybody knows and touch no
// everyday word, in both cases, composed and decomposed.
func TestBasicRows(t *testing.T) {
	t.Parallel()
	for locale, lines := range basicRows(t) {
		f := newFilter(t, locale, nil)
		profane, clean := 0, 0
		for line := range strings.Lines(strings.TrimSpace(lines)) {
			text, hidden := basicRow(strings.TrimSpace(line))
			if text == hidden {
				clean++
			} else {
				profane++
			}
			assert.Equal(t, hidden, f.Text(text), locale)
			decomposed, _ := basicRow(norm.NFD.String(strings.TrimSpace(line)))
			assert.Equal(t, hidden, norm.NFC.String(f.Text(decomposed)), locale+", decomposed")
		}
		assert.GreaterOrEqual(t, profane, 12, locale)
		assert.GreaterOrEqual(t, clean, 12, locale)
	}
}

// TestBasicForms: each word of a small lexicon is found alone, in capitals and
// decomposed.
func TestBasicForms(t *testing.T) {
	t.Parallel()
	for locale := range basicRows(t) {
		f := newFilter(t, locale, &transcript.FilterOptions{Least: transcript.Mild})
		forms, err := transcript.FormsAlone(locale)
		require.NoError(t, err)
		require.Greater(t, len(forms), 60, locale)
		for _, form := range forms {
			for _, text := range []string{form, strings.ToUpper(form), norm.NFD.String(form)} {
				assert.NotEmpty(t, f.AppendSpans(nil, text), "%s: %s", locale, text)
			}
		}
	}
}

// TestBasicNorwegian: one lexicon for the language and both its forms.
func TestBasicNorwegian(t *testing.T) {
	t.Parallel()
	for _, locale := range []string{"no", "nb", "nn", "nb-NO", "nn-NO"} {
		assert.Equal(t, "hva **** nå", newFilter(t, locale, nil).Text("hva faen nå"), locale)
	}
}

// TestBasicLetters: accents that are left out, the sigma at the end of a word,
// neighbours and phrases in letters that are not Latin.
func TestBasicLetters(t *testing.T) {
	t.Parallel()
	ru, el := newFilter(t, "ru", nil), newFilter(t, "el", nil)
	assert.Equal(t, "****** ******", ru.Text("Ёбаный ебаный"))
	assert.Equal(t, "** **** ****", ru.Text("ёб твою мать"))
	assert.Equal(t, "без твоя жена", ru.Text("без твоя жена"), "as many letters are not the same letters")
	assert.Equal(t, "******* *******", el.Text("μαλακας μαλακασ"))
	assert.Equal(t, "ŞILLIK TATLISI", newFilter(t, "tr", nil).Text("ŞILLIK TATLISI"), "an exception in every spelling")

	f := newFilter(t, "en", &transcript.FilterOptions{
		Words: []transcript.Term{{Text: "плохой друг"}},
		Allow: []transcript.Term{{Text: "Μάγκας"}},
	})
	assert.Equal(t, "****** **** и добрый друг", f.Text("плохой друг и добрый друг"))
	assert.NotNil(t, newFilter(t, "ru", &transcript.FilterOptions{
		Allow: []transcript.Term{{Text: "Zoë Renée"}, {Text: "François"}},
	}), "names of another script fit beside the letters of the lexicon")
}
