package greeting_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/greeting"
	"github.com/afterbeep/afterbeep/phone"
)

// speak has one account-wide rule for each tag, whose ID is the tag.
func speak(t testing.TB, fallback string, tags ...string) *greeting.Library {
	t.Helper()
	var greetings []greeting.Greeting
	var rules []greeting.Rule
	for _, tag := range tags {
		greetings = append(greetings, hello(tag, language.Make(tag)))
		rules = append(rules, greeting.Rule{ID: tag, Greeting: tag})
	}
	return library(t, &greeting.Options{Default: language.Make(fallback)}, greetings, rules...)
}

func TestLanguage(t *testing.T) {
	t.Parallel()
	type has []string
	for _, c := range []struct {
		has  has
		ask  string
		want string
		step greeting.Match
	}{
		{has{"en", "fr", "fr-CA"}, "fr-CA", "fr-CA", greeting.MatchExact},
		{has{"en", "fr"}, "fr-CA", "fr", greeting.MatchParent},
		{has{"en", "es", "es-419"}, "es-MX", "es-419", greeting.MatchParent},
		{has{"en", "es"}, "es-MX", "es", greeting.MatchParent},
		{has{"en", "zh-Hans", "zh-Hant"}, "zh-HK", "zh-Hant", greeting.MatchParent},
		{has{"en", "pt", "pt-PT"}, "pt-AO", "pt-PT", greeting.MatchParent},
		{has{"en", "fr-CA", "fr"}, "fr-CA-x-loud", "fr-CA", greeting.MatchParent},

		{has{"en", "fr-CA"}, "fr-FR", "fr-CA", greeting.MatchRelated},
		{has{"en", "fr-CA"}, "fr", "fr-CA", greeting.MatchRelated},
		{has{"en", "fr-CA", "fr-FR"}, "fr", "fr-FR", greeting.MatchRelated}, // where French makes think of
		{has{"en", "es-ES", "es-AR"}, "es-MX", "es-AR", greeting.MatchRelated},
		{has{"en-US", "en-GB", "fr"}, "en-CA", "en-GB", greeting.MatchRelated}, // CLDR: by en-001
		{has{"en", "no"}, "nb", "no", greeting.MatchRelated},
		{has{"en", "de"}, "gsw", "de", greeting.MatchRelated},

		// The guard: what language.Matcher calls French or English.
		{has{"en", "fr"}, "ht", "en", greeting.MatchDefault},
		{has{"en", "fr"}, "br", "en", greeting.MatchDefault},
		{has{"en", "fr"}, "oc", "en", greeting.MatchDefault},
		{has{"en", "fr"}, "wo", "en", greeting.MatchDefault},
		{has{"de", "en"}, "ur", "en", greeting.MatchDefault},
		{has{"de", "es", "en-CA"}, "haw", "en-CA", greeting.MatchDefault},
		{has{"en", "ca"}, "es", "en", greeting.MatchDefault},
		{has{"en", "fr"}, "", "en", greeting.MatchDefault},
		{has{"en", "fr"}, "mul", "en", greeting.MatchDefault},
		{has{"en", "fr"}, "und-CA", "en", greeting.MatchDefault},

		{has{"en", "fr", "und"}, "ht", "und", greeting.MatchNeutral},
		{has{"en", "fr", "mul"}, "", "mul", greeting.MatchNeutral},
		{has{"en", "fr", "zxx"}, "fr", "fr", greeting.MatchExact},
		{has{"en", "fr", "zxx"}, "ht", "zxx", greeting.MatchNeutral},
		{has{"und", "fr-FR"}, "fr-CA", "fr-FR", greeting.MatchRelated},

		{has{"fr", "de"}, "es", "de", greeting.MatchAny}, // the smaller id
	} {
		d := speak(t, "en", c.has...).Select(asked(t, phone.Divert{Language: language.Make(c.ask)}))
		assert.Equal(t, c.want, d.Rule, "%s of %v", c.ask, c.has)
		assert.Equal(t, c.step, d.Match, "%s of %v", c.ask, c.has)
	}
}

// A library whose default is Canadian French prefers it for all of France.
func TestDefaultLanguageDecidesBetweenRelatives(t *testing.T) {
	t.Parallel()
	d := speak(t, "fr-CA", "fr-FR", "fr-CA").Select(asked(t, phone.Divert{Language: language.French}))
	assert.Equal(t, "fr-CA", d.Rule)
	d = speak(t, "fr-CA", "en", "fr-FR").Select(asked(t, phone.Divert{Language: language.Spanish}))
	assert.Equal(t, "fr-FR", d.Rule)
	assert.Equal(t, greeting.MatchDefault, d.Match)
}

// Every language that x/text knows, against language.Matcher with one greeting
// to choose from: what the matcher refuses is never called the caller's own
// language, and what it accepts is, if the language is the same.
func TestAgreesWithMatcher(t *testing.T) {
	t.Parallel()
	for _, own := range []string{"en-CA", "fr-CA", "es", "pt-BR", "de", "no", "ar", "sw"} {
		tag := language.Make(own)
		l := speak(t, "ja", own) // a default of which there is nothing
		m := language.NewMatcher([]language.Tag{language.Japanese, tag})
		base, _ := tag.Base()
		for _, ask := range language.Supported.Tags() {
			b, _ := ask.Base()
			_, i, confidence := m.Match(ask)
			matched := i == 1 && confidence > language.No
			theirs := l.Select(asked(t, phone.Divert{Language: ask})).Match != greeting.MatchAny
			if b == base {
				assert.Truef(t, theirs, "%v for %v", own, ask)
			}
			if theirs {
				assert.Truef(t, matched, "%v for %v", own, ask)
			}
		}
	}
}

func TestBuiltin(t *testing.T) {
	t.Parallel()
	for ask, want := range map[string]string{
		"fr-CA": "builtin-fr", "es-MX": "builtin-es", "en": "builtin-en", "de": "builtin-en", "": "builtin-en", "ht": "builtin-en",
	} {
		g := greeting.Builtin(language.Make(ask))
		assert.Equal(t, want, g.ID, ask)
		assert.True(t, g.Builtin())
		assert.NotEmpty(t, g.Script)
	}
	assert.False(t, hello("g", language.English).Builtin())
	d := library(t, &greeting.Options{Default: language.Spanish}, nil).Select(asked(t, phone.Divert{Language: language.German}))
	assert.Equal(t, "builtin-es", d.Greeting.ID)
	assert.Equal(t, greeting.MatchDefault, d.Match)
}
