package voicemailtest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/afterbeep/afterbeep/phone"
	"github.com/afterbeep/afterbeep/voicemail"
)

// TestBlobs proves a [voicemail.Blobs]. open returns an empty one.
func TestBlobs(t *testing.T, open func(t *testing.T) voicemail.Blobs) {
	t.Helper()
	runAll(t, blobChecks, open)
}

var blobChecks = []check[voicemail.Blobs]{
	{"a blob comes back as it was", checkBlob},
	{"ranges", checkRanges},
	{"what is there stays as it is", checkIfAbsent},
	{"a blob is whole or absent", checkWhole},
	{"tenants do not meet", checkBlobTenants},
	{"keys stay apart", checkBlobKeys},
	{"deleting", checkDelete},
	{"lists", checkList},
	{"one key from many sides", checkBlobRace},
}

func put(t tb, s voicemail.Blobs, tenant phone.TenantID, key, data string) {
	t.Helper()
	must(t, s.Put(t.Context(), tenant, key, strings.NewReader(data), int64(len(data))), fmt.Sprintf("put %q", key))
}

func blob(t tb, s voicemail.Blobs, tenant phone.TenantID, key string, from, n int64) string {
	t.Helper()
	r, err := s.Open(t.Context(), tenant, key, from, n)
	must(t, err, fmt.Sprintf("open %q", key))
	data, err := io.ReadAll(r)
	must(t, err, fmt.Sprintf("read %q", key))
	must(t, r.Close(), "close")
	return string(data)
}

func noBlob(t tb, s voicemail.Blobs, tenant phone.TenantID, key string) {
	t.Helper()
	r, err := s.Open(t.Context(), tenant, key, 0, -1)
	if err == nil {
		_ = r.Close() // only to find out
	}
	want(t, errors.Is(err, voicemail.ErrNotFound), "open %q: %v, want ErrNotFound", key, err)
}

func checkBlob(t tb, s voicemail.Blobs) {
	noBlob(t, s, "t", "a")
	big := strings.Repeat("0123456789abcdef", 1<<16)
	for key, data := range map[string]string{"empty": "", "one": "x", "a.wav": "RIFF\x00\xff", "big": big} {
		put(t, s, "t", key, data)
		got := blob(t, s, "t", key, 0, -1)
		want(t, got == data, "%s: %d bytes, want %d as they were", key, len(got), len(data))
	}
}

func checkRanges(t tb, s voicemail.Blobs) {
	put(t, s, "t", "a", "0123456789")
	for _, tt := range []struct {
		from, n int64
		want    string
	}{
		{0, -1, "0123456789"},
		{0, 4, "0123"},
		{3, 4, "3456"},
		{3, -1, "3456789"},
		{8, 100, "89"},
		{10, -1, ""},
		{100, 5, ""},
		{5, 0, ""},
	} {
		got := blob(t, s, "t", "a", tt.from, tt.n)
		want(t, got == tt.want, "%d bytes from %d: %q, want %q", tt.n, tt.from, got, tt.want)
	}
}

func checkIfAbsent(t tb, s voicemail.Blobs) {
	put(t, s, "t", "a", "first")
	put(t, s, "t", "a", "later")
	got := blob(t, s, "t", "a", 0, -1)
	want(t, got == "first", "put over a blob: %q, want the first one", got)
}

func checkWhole(t tb, s voicemail.Blobs) {
	broken := iotest.ErrReader(errors.New("line cut"))
	for name, r := range map[string]io.Reader{
		"short":  strings.NewReader("0123"),
		"long":   strings.NewReader("0123456789+"),
		"broken": io.MultiReader(strings.NewReader("0123"), broken),
		"late":   io.MultiReader(strings.NewReader("012345678"), broken),
	} {
		err := s.Put(t.Context(), "t", name, r, 10)
		want(t, err != nil, "%s: no error", name)
		noBlob(t, s, "t", name)
		keys, err := s.List(t.Context(), "t", "", 10)
		must(t, err, "list")
		want(t, len(keys) == 0, "%s: list %v", name, keys)
		put(t, s, "t", name, "0123456789")
		must(t, s.Delete(t.Context(), "t", name), "delete")
	}
}

func checkBlobTenants(t tb, s voicemail.Blobs) {
	put(t, s, "one", "a", "of one")
	noBlob(t, s, "two", "a")
	noBlob(t, s, "", "a")
	put(t, s, "two", "a", "of two")
	put(t, s, "", "a", "of the empty one")
	must(t, s.Delete(t.Context(), "two", "a"), "delete")
	want(t, blob(t, s, "one", "a", 0, -1) == "of one", "a blob of another tenant")
	want(t, blob(t, s, "", "a", 0, -1) == "of the empty one", "a blob of another tenant")
	keys, err := s.List(t.Context(), "two", "", 10)
	must(t, err, "list")
	want(t, len(keys) == 0, "keys of another tenant: %v", keys)
}

func checkBlobKeys(t tb, s voicemail.Blobs) {
	for _, key := range hostile {
		put(t, s, "t", key, "key "+key)
		put(t, s, phone.TenantID(key), "a", "tenant "+key)
	}
	for _, key := range hostile {
		got := blob(t, s, "t", key, 0, -1)
		want(t, got == "key "+key, "key %q: %q", key, got)
		got = blob(t, s, phone.TenantID(key), "a", 0, -1)
		want(t, got == "tenant "+key, "tenant %q: %q", key, got)
	}
	keys, err := s.List(t.Context(), "t", "", 1000)
	must(t, err, "list")
	sorted := slices.Sorted(slices.Values(hostile))
	want(t, slices.Equal(keys, sorted), "list: %q, want %q", keys, sorted)
}

func checkDelete(t tb, s voicemail.Blobs) {
	must(t, s.Delete(t.Context(), "t", "a"), "delete what is not there")
	put(t, s, "t", "a", "first")
	must(t, s.Delete(t.Context(), "t", "a"), "delete")
	noBlob(t, s, "t", "a")
	put(t, s, "t", "a", "later")
	want(t, blob(t, s, "t", "a", 0, -1) == "later", "a blob after the delete")
}

func checkList(t tb, s voicemail.Blobs) {
	for _, key := range []string{"c", "a", "e", "b", "d"} {
		put(t, s, "t", key, key)
	}
	for _, tt := range []struct {
		after string
		limit int
		want  []string
	}{
		{"", 10, []string{"a", "b", "c", "d", "e"}},
		{"", 2, []string{"a", "b"}},
		{"b", 2, []string{"c", "d"}},
		{"bb", 10, []string{"c", "d", "e"}},
		{"e", 10, nil},
	} {
		keys, err := s.List(t.Context(), "t", tt.after, tt.limit)
		must(t, err, "list")
		want(t, slices.Equal(keys, tt.want), "%d after %q: %v, want %v", tt.limit, tt.after, keys, tt.want)
	}
}

func checkBlobRace(t tb, s voicemail.Blobs) {
	const writers = 8
	var wg sync.WaitGroup
	errs := make([]error, writers)
	for i := range writers {
		data := bytes.Repeat([]byte{byte('a' + i)}, 100_000)
		wg.Go(func() {
			errs[i] = s.Put(t.Context(), "t", "a", iotest.HalfReader(bytes.NewReader(data)), int64(len(data)))
		})
	}
	wg.Wait()
	must(t, errors.Join(errs...), "put")
	got := blob(t, s, "t", "a", 0, -1)
	want(t, len(got) == 100_000 && strings.Count(got, got[:1]) == len(got), "a blob of several writers")
}
