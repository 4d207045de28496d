package transcript_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
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
