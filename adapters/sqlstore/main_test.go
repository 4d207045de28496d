package sqlstore_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/adapters/sqlstore"
	"github.com/afterbeep/afterbeep/adapters/sqlstore/postgres"
	"github.com/afterbeep/afterbeep/adapters/sqlstore/sqlite"
	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/autoreply/autoreplytest"
)

// writer names the database to which a second process is to write.
const writer = "AFTERBEEP_SQLSTORE_WRITER"

func TestMain(m *testing.M) {
	if place := os.Getenv(writer); place != "" {
		fmt.Fprintln(os.Stderr, writeUntilKilled(place))
		os.Exit(1)
	}
	os.Exit(autoreplytest.Main(m, func(place string) (autoreply.Ledger, error) {
		s, err := reopen(place)
		if err != nil {
			return nil, err
		}
		return s.Ledger(), nil
	}))
}

// reopen opens a place again: "dialect schema address".
func reopen(place string) (*sqlstore.Store, error) {
	parts := strings.SplitN(place, " ", 3)
	if parts[0] == string(sqlstore.SQLite) {
		return sqlite.Open(parts[2], nil)
	}
	return postgres.Open(parts[2], &sqlstore.Options{Schema: parts[1]})
}

// writeUntilKilled counts one row up and says so, until somebody ends it.
func writeUntilKilled(place string) error {
	s, err := reopen(place)
	if err != nil {
		return err
	}
	for revision := 1; ; revision++ {
		if err := s.Ledger().Swap(context.Background(), key, row(revision)); err != nil {
			return err
		}
		fmt.Println(revision)
	}
}

// TestKilled ends a writer with SIGKILL: what it said it wrote is there, and
// the next one goes on from it.
func TestKilled(t *testing.T) {
	t.Parallel()
	s, place := migrated(t, sqlstore.SQLite)
	binary, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), binary)
	cmd.Env = append(os.Environ(), writer+"="+place)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	lines := bufio.NewScanner(out)
	said := 0
	for lines.Scan() {
		said++
		require.Equal(t, fmt.Sprint(said), lines.Text())
		if said == 50 {
			require.NoError(t, cmd.Process.Kill())
		}
	}
	require.Error(t, cmd.Wait(), "it was killed")
	got, err := s.Ledger().Load(t.Context(), key)
	require.NoError(t, err)
	assert.GreaterOrEqual(t, got.Revision, said)
	assert.LessOrEqual(t, got.Revision, said+1, "at most the one that it could not say any more")
	require.NoError(t, s.Ledger().Swap(t.Context(), key, row(got.Revision+1)))
}

func TestProcesses(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *sqlstore.Store, place string) { autoreplytest.TestProcesses(t, s.Ledger(), place) })
}
