package afterbeep_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/greeting"
	"github.com/afterbeep/afterbeep/greeting/greetingtest"
	"github.com/afterbeep/afterbeep/voicemail"
)

// One value serves as voicemail.Blobs and greeting.Clips: that is why the
// latter is a part of the former.
func TestBlobsServeAsClips(t *testing.T) {
	t.Run("memory", func(t *testing.T) {
		greetingtest.TestClips(t, func(*testing.T) greeting.Clips { return voicemail.NewMemory() })
	})
	t.Run("directory", func(t *testing.T) {
		greetingtest.TestClips(t, func(t *testing.T) greeting.Clips {
			root, err := os.OpenRoot(t.TempDir())
			require.NoError(t, err)
			dir, err := voicemail.OpenDir(root)
			require.NoError(t, err)
			t.Cleanup(func() {
				require.NoError(t, dir.Close())
				require.NoError(t, root.Close())
			})
			return dir
		})
	})
}
