package transcript_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/transcript"
)

func TestFilterText(t *testing.T) {
	f, err := transcript.NewFilter(language.English, nil)
	require.NoError(t, err)
	for in, want := range map[string]string{
		"what the fuck is this":             "what the **** is this",
		"you ass hole":                      "you *** ****",
		"mother-fucker!":                    "******-******!",
		"fuck\u200bing shi\u0301t":          "******* ****",
		"e\u0301le\u0300ve shit ﬁne ﷺ shit": "e\u0301le\u0300ve **** ﬁne ﷺ ****",
	} {
		require.Equal(t, want, f.Text(in))
	}
}
