package redisstore_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/adapters/redisstore"
	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/phone"
)

// child names the prefix and the server that a second process of this test is
// to race on.
const child = "AFTERBEEP_REDISSTORE_CHILD"

const raceKeys = 200

func TestMain(m *testing.M) {
	place := os.Getenv(child)
	if place == "" {
		os.Exit(m.Run())
	}
	if err := raceAsChild(place); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func raceAsChild(place string) error {
	prefix, url, _ := strings.Cut(place, " ")
	o, err := redis.ParseURL(url)
	if err != nil {
		return err
	}
	client := redis.NewClient(o)
	l, err := redisstore.New(client, &redisstore.Options{Prefix: prefix})
	if err != nil {
		return err
	}
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
	return client.Close()
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

// racer is another process.
type racer struct {
	*exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

func (r racer) says(t *testing.T) string {
	t.Helper()
	line, err := r.out.ReadString('\n')
	require.NoError(t, err)
	return strings.TrimSpace(line)
}

func startRacer(t *testing.T, place string) racer {
	t.Helper()
	binary, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), binary)
	cmd.Env = append(os.Environ(), child+"="+place)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	return racer{cmd, in, bufio.NewReader(out)}
}

// TestProcesses lets two other processes race for the same rows.
func TestProcesses(t *testing.T) {
	t.Parallel()
	client, prefix := server(t)
	racers := []racer{startRacer(t, prefix+" "+address()), startRacer(t, prefix+" "+address())}
	for _, r := range racers {
		require.Equal(t, "ready", r.says(t))
	}
	for _, r := range racers {
		_, err := io.WriteString(r.in, "go\n")
		require.NoError(t, err)
	}
	wins := map[string]int{}
	for _, r := range racers {
		for key := range strings.FieldsSeq(r.says(t)) {
			wins[key]++
		}
		require.NoError(t, r.Wait())
	}
	assert.Len(t, wins, raceKeys, "every row has a winner")
	for key, n := range wins {
		assert.Equal(t, 1, n, "row %s", key)
	}
	again, err := race(t.Context(), ledger(t, client, prefix))
	require.NoError(t, err)
	assert.Empty(t, again, "and this process sees all of them")
}
