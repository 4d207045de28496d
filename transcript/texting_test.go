package transcript_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/transcript"
)

func TestTexting(t *testing.T) {
	t.Parallel()
	f, err := transcript.NewFilter(language.English, &transcript.FilterOptions{Texting: true})
	require.NoError(t, err)
	for in, want := range map[string]string{
		"5h1t happens":           "**** happens",
		"$h!t":                   "****",
		"fuuuuuck you":           "******** you",
		"f.u.c.k off":            "******* off",
		"f u c k you":            "* * * * you",
		"f-u-c-k":                "*******",
		"\u0455hit":              "****",
		"what a b1tch!":          "what a *****!",
		"assessment class":       "assessment class",
		"call 455 555 0145":      "call 455 555 0145",
		"meet at 5 or 6":         "meet at 5 or 6",
		"plan b is a go":         "plan b is a go",
		"shit":                   "****",
		"i a m h e r e":          "i a m h e r e",
		"well hello there buddy": "well hello there buddy",
		"a s s e s s m e n t":    "a s s e s s m e n t",
		"𝐟𝐮𝐜𝐤 ⓢⓗⓘⓣ":              "**** ****",
		"ѕhіt fυck":              "**** ****",
		"i got 455 points":       "i got 455 points",
		"meet @ssembly hall":     "meet @ssembly hall",
		"a$$hole or @55h0le":     "******* or *******",
	} {
		assert.Equal(t, want, f.Text(in))
		for cut := 1; cut < 5; cut++ {
			assert.Equal(t, want, stream(t, f, in, cut), "%q in writes of %d", in, cut)
		}
	}
	speech, err := transcript.NewFilter(language.English, nil)
	require.NoError(t, err)
	assert.Equal(t, "5h1t s h i t", speech.Text("5h1t s h i t"), "speech has no disguises, but names that are spelled")
}
