package redisstore_test

import (
	"os"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/afterbeep/afterbeep/adapters/redisstore"
	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/autoreply/autoreplytest"
)

func TestMain(m *testing.M) { os.Exit(autoreplytest.Main(m, reopen)) }

// reopen opens the ledger of a prefix in another process.
func reopen(prefix string) (autoreply.Ledger, error) {
	o, err := redis.ParseURL(address())
	if err != nil {
		return nil, err
	}
	return redisstore.New(redis.NewClient(o), &redisstore.Options{Prefix: prefix})
}

func TestProcesses(t *testing.T) {
	t.Parallel()
	client, prefix := server(t)
	autoreplytest.TestProcesses(t, ledger(t, client, prefix), prefix)
}
