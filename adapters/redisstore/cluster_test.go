package redisstore_test

import (
	"net"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/autoreply/autoreplytest"
)

// cluster starts a cluster of one node, which checks the slots of a script's
// keys as a large one does.
func cluster(t *testing.T) *redis.ClusterClient {
	t.Helper()
	binary, err := exec.LookPath("redis-server")
	if err != nil {
		t.Skip("SKIPPED, not proven on a cluster: redis-server is not installed")
	}
	port := free(t)
	cmd := exec.Command(binary, "--port", strconv.Itoa(port), "--bind", "127.0.0.1", "--cluster-enabled", "yes",
		"--cluster-port", strconv.Itoa(free(t)), "--save", "", "--appendonly", "no", "--dir", t.TempDir())
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		require.NoError(t, cmd.Process.Kill())
		_ = cmd.Wait() // it was killed
	})
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	node := redis.NewClient(&redis.Options{Addr: address})
	t.Cleanup(func() { require.NoError(t, node.Close()) })
	soon := func(ready func() bool) { require.Eventually(t, ready, 20*time.Second, 20*time.Millisecond) }
	soon(func() bool { return node.Ping(t.Context()).Err() == nil })
	require.NoError(t, node.ClusterAddSlotsRange(t.Context(), 0, 16383).Err())
	soon(func() bool { return node.Set(t.Context(), "up", "1", 0).Err() == nil })
	client := redis.NewClusterClient(&redis.ClusterOptions{Addrs: []string{address}, ContextTimeoutEnabled: true})
	t.Cleanup(func() { require.NoError(t, client.Close()) })
	soon(func() bool { return client.Get(t.Context(), "up").Err() == nil })
	return client
}

func free(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, l.Close()) }()
	return l.Addr().(*net.TCPAddr).Port
}

func TestCluster(t *testing.T) {
	t.Parallel()
	client := cluster(t)
	autoreplytest.TestLedger(t, func(t *testing.T) autoreply.Ledger {
		return ledger(t, client, scratch(t, client))
	})
}
