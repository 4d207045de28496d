package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSQLite(t *testing.T) {
	t.Parallel()
	same(t, "-ledger", "sqlite:"+filepath.Join(t.TempDir(), "the day.db"))
}

// TestPostgres has a schema of its own.
func TestPostgres(t *testing.T) {
	t.Parallel()
	given := os.Getenv("AFTERBEEP_TEST_POSTGRES")
	address := given
	if address == "" {
		address = "postgres://root@127.0.0.1:5432/postgres?connect_timeout=2&sslmode=disable"
	}
	db, err := pgx.Connect(t.Context(), address)
	if err != nil && given == "" {
		t.Skipf("SKIPPED, not proven on PostgreSQL: set AFTERBEEP_TEST_POSTGRES to a URL (%v)", err)
	}
	require.NoError(t, err)
	schema := fmt.Sprintf("reply_test_%d_%d", os.Getpid(), time.Now().UnixNano())
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		_, err := db.Exec(ctx, "DROP SCHEMA IF EXISTS "+schema+" CASCADE")
		assert.NoError(t, err)
		assert.NoError(t, db.Close(ctx))
	})
	_, err = db.Exec(t.Context(), "CREATE SCHEMA "+schema)
	require.NoError(t, err)
	separator := "?"
	if strings.Contains(address, "?") {
		separator = "&"
	}
	address += separator + "search_path=" + schema + "&synchronous_commit=off" // the flush is not what is tested
	same(t, "-ledger", "postgres:"+strings.TrimPrefix(address, "postgres:"))
}

// TestRedis has a prefix of its own.
func TestRedis(t *testing.T) {
	t.Parallel()
	given := os.Getenv("AFTERBEEP_TEST_REDIS")
	address := given
	if address == "" {
		address = "127.0.0.1:6379"
	}
	if !strings.Contains(address, "://") {
		address = "redis://" + address
	}
	o, err := redis.ParseURL(address)
	require.NoError(t, err)
	client := redis.NewClient(o)
	t.Cleanup(func() { assert.NoError(t, client.Close()) })
	if err := client.Ping(t.Context()).Err(); err != nil {
		require.Empty(t, given, "AFTERBEEP_TEST_REDIS does not answer: %v", err)
		t.Skipf("SKIPPED, not proven on Redis: set AFTERBEEP_TEST_REDIS to an address (%v)", err)
	}
	prefix := fmt.Sprintf("reply_test_%d_%d", os.Getpid(), time.Now().UnixNano())
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		keys := client.Scan(ctx, 0, "{"+prefix+"}*", 1000).Iterator()
		for keys.Next(ctx) {
			assert.NoError(t, client.Del(ctx, keys.Val()).Err())
		}
		assert.NoError(t, keys.Err())
	})
	same(t, "-ledger", "redis:"+address, "-prefix", prefix)
}

// same replays a day on a database. It decides as memory does, and when the day
// comes again nobody is answered twice: not the whole day, and not its end,
// which is not stale yet.
func same(t *testing.T, ledger ...string) {
	t.Helper()
	rules := filepath.Join(t.TempDir(), "rules.json")
	require.NoError(t, os.WriteFile(rules, []byte(office), 0o600))
	in, want, _ := day(t, 1500)
	args := append([]string{"-rules", rules}, ledger...)
	code, memory, errs := runs(t, in, "-rules", rules)
	require.Equal(t, 1, code, errs)
	require.Equal(t, want, count(t, memory))
	require.NotZero(t, want["reply"])
	code, out, errs := runs(t, in, args...)
	require.Equal(t, 1, code, errs)
	assert.Equal(t, memory, out, "line for line")

	code, out, errs = runs(t, in, args...)
	require.Equal(t, 1, code, errs)
	again := count(t, out)
	assert.Zero(t, again["reply"], again)
	assert.NotZero(t, again["skip stale"], again)
	assert.Greater(t, len(again), 2, "the end of the day is refused for other reasons: %v", again)
	_, lines, _ := runs(t, "", args...)
	assert.Empty(t, lines, "nothing is left to do")
}
