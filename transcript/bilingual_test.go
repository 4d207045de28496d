package transcript_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/transcript"
)

// TestBilingualText: in bare text the words around one tell whose word it is.
func TestBilingualText(t *testing.T) {
	t.Parallel()
	f := newFilter(t, "en", &transcript.FilterOptions{Also: []language.Tag{language.CanadianFrench, language.Spanish}})
	for text, want := range map[string]string{
		"je vais être en retard pour le rendez-vous de demain":         "je vais être en retard pour le rendez-vous de demain",
		"you are a complete retard and I want my money back":           "you are a complete ****** and I want my money back",
		"je vous dis que le câlisse de plombier est pas venu hier":     "je vous dis que le ******* de plombier est pas venu hier",
		"el coche negro está en el taller y la puta factura no llega":  "el coche negro está en el taller y la **** factura no llega",
		"this is bullshit call me back. je vais être en retard demain": "this is ******** call me back. je vais être en retard demain",
		"crisse":                      "******",
		"shit":                        "****",
		"tabarnak call me":            "******** call me",
		"c'est une fucking blague ça": "c'est une ******* blague ça",
	} {
		require.Equal(t, want, f.Text(text))
	}
}

// TestSentenceOverSegments: engines cut where somebody breathes.
func TestSentenceOverSegments(t *testing.T) {
	t.Parallel()
	f := newFilter(t, "en", &transcript.FilterOptions{Also: []language.Tag{language.French}})
	in := transcript.Plain("what a mother fucker he is tu es en retard", language.Und)
	in.Segments = []transcript.Segment{
		{From: 0, To: 3, Language: language.English},
		{From: 3, To: 6, Language: language.BritishEnglish},
		{From: 6, To: 10, Language: language.French},
	}
	require.NoError(t, in.Check())
	require.Equal(t, "what a ****** ****** he is tu es en retard", f.Transcript(in).Text)
}
