package greeting_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/greeting"
)

// A sound that was made anew needs its new hash in builtin.go.
func TestBuiltinHashes(t *testing.T) {
	t.Parallel()
	for _, tag := range []language.Tag{language.English, language.French, language.Spanish} {
		file, err := os.ReadFile("builtin/" + tag.String() + ".wav")
		require.NoError(t, err)
		assert.Equal(t, hashOf(file), greeting.Builtin(tag).Clip, tag)
		assert.LessOrEqual(t, len(file), 40_000, "it is part of every program")
	}
}
