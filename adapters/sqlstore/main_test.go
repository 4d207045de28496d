package sqlstore_test

import (
	"bufio"
	"context"
	"errors"
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
	"github.com/afterbeep/afterbeep/phone"
)

// child names the database that a second process of this test is to race on.
const child = "AFTERBEEP_SQLSTORE_CHILD"

const raceKeys = 60

func TestMain(m *testing.M) {
	place := os.Getenv(child)
	if place == "" {
		os.Exit(m.Run())
	}
	work := raceAsChild
	if rest, ok := strings.CutPrefix(place, "write "); ok {
		place, work = rest, writeUntilKilled
	}
	if err := work(place); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// reopen opens a place again: "dialect schema address".
func reopen(place string) (*sqlstore.Store, error) {
	parts := strings.SplitN(place, " ", 3)
	if parts[0] == string(sqlstore.SQLite) {
		return sqlite.Open(parts[2], nil)
	}
	return postgres.Open(parts[2], &sqlstore.Options{Schema: parts[1]})
}

func raceAsChild(place string) error {
	s, err := reopen(place)
	if err != nil {
		return err
	}
	l := s.Ledger()
	if _, err := l.Load(context.Background(), autoreply.Key{}); err != nil { // a connection is there
		return err
	}
	fmt.Println("ready")
	if _, err := bufio.NewReader(os.Stdin).ReadString('\n'); err != nil {
		return err
	}
	won, err := race(context.Background(), l)
	if err != nil {
		return err
	}
	fmt.Println(strings.Trim(fmt.Sprint(won), "[]"))
	return s.Close()
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
	cmd.Env = append(os.Environ(), child+"=write "+place)
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

// race tries to be first at every key and returns those where it was.
func race(ctx context.Context, l autoreply.Ledger) (won []int, err error) {
	for i := range raceKeys {
		k := autoreply.Key{Tenant: "t", Contact: phone.ContactKey(fmt.Sprint(i))}
		switch err := l.Swap(ctx, k, autoreply.Entry{V: 1, Revision: 1}); {
		case err == nil:
			won = append(won, i)
		case !errors.Is(err, autoreply.ErrConflict):
			return won, err
		}
	}
	return won, nil
}

// TestProcesses lets two other processes race for the same rows.
func TestProcesses(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *sqlstore.Store, place string) {
		binary, err := os.Executable()
		require.NoError(t, err)
		type racer struct {
			*exec.Cmd
			in  *os.File
			out *bufio.Reader
		}
		var racers []racer
		for range 2 {
			cmd := exec.CommandContext(t.Context(), binary)
			cmd.Env = append(os.Environ(), child+"="+place)
			cmd.Stderr = os.Stderr
			read, write, err := os.Pipe()
			require.NoError(t, err)
			cmd.Stdin = read
			out, err := cmd.StdoutPipe()
			require.NoError(t, err)
			require.NoError(t, cmd.Start())
			require.NoError(t, read.Close())
			racers = append(racers, racer{cmd, write, bufio.NewReader(out)})
		}
		for _, r := range racers {
			line, err := r.out.ReadString('\n')
			require.NoError(t, err)
			require.Equal(t, "ready\n", line)
		}
		for _, r := range racers {
			_, err := r.in.WriteString("go\n")
			require.NoError(t, err)
			require.NoError(t, r.in.Close())
		}
		wins := map[string]int{}
		for _, r := range racers {
			line, err := r.out.ReadString('\n')
			require.NoError(t, err)
			for key := range strings.FieldsSeq(line) {
				wins[key]++
			}
			require.NoError(t, r.Wait())
		}
		assert.Len(t, wins, raceKeys, "every row has a winner")
		for key, n := range wins {
			assert.Equal(t, 1, n, "row %s", key)
		}
		again, err := race(t.Context(), s.Ledger())
		require.NoError(t, err)
		assert.Empty(t, again, "and this process sees all of them")
	})
}
