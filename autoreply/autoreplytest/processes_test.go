package autoreplytest_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/autoreply/autoreplytest"
)

func TestMain(m *testing.M) {
	os.Exit(autoreplytest.Main(m, func(string) (autoreply.Ledger, error) { return autoreply.NewMemory(), nil }))
}

// Two processes that share nothing both win.
func TestProcessesApart(t *testing.T) {
	t.Parallel()
	err := autoreplytest.Processes(t.Context(), autoreply.NewMemory(), "nowhere")
	require.ErrorContains(t, err, "row 0 has 2 winners")
}

// Three processes that share nothing have no common history.
func TestLinearApart(t *testing.T) {
	t.Parallel()
	err := autoreplytest.LinearApart(t.Context(), autoreply.NewMemory(), "nowhere")
	require.ErrorContains(t, err, "revision")
}
