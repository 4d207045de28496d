package autoreply_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/afterbeep/afterbeep/autoreply"
)

// plainFold is the definition: decomposed, without marks and apostrophes, in
// lower case, with a space for all that is neither a letter nor a digit.
func plainFold(text string) string {
	var words strings.Builder
	for _, r := range norm.NFKD.String(strings.ToValidUTF8(text[:min(len(text), autoreply.MaxHeard)], "")) {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			words.WriteRune(unicode.ToLower(r))
		case !unicode.Is(unicode.Mn, r) && r != '\'' && r != '’':
			words.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(words.String()), " ")
}

// TestFold: the shortcuts change nothing, for every character there is.
func TestFold(t *testing.T) {
	t.Parallel()
	const together = 64 // characters in a text: far fewer calls, and below MaxHeard
	var text strings.Builder
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if utf8.ValidRune(r) {
			text.WriteString("a" + string(r) + "b" + string(r) + "\u0301c")
		}
		if (r+1)%together > 0 {
			continue
		}
		require.LessOrEqual(t, text.Len(), autoreply.MaxHeard)
		if got, want := autoreply.Fold(text.String()), plainFold(text.String()); got != want {
			t.Fatalf("%q: %q, want %q", text.String(), got, want)
		}
		text.Reset()
	}
	rapid.Check(t, func(rt *rapid.T) {
		text := string(rapid.SliceOf(rapid.Byte()).Draw(rt, "bytes")) + rapid.String().Draw(rt, "text")
		require.Equal(rt, plainFold(text), autoreply.Fold(text))
	})
}
