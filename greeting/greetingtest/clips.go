package greetingtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/greeting"
	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/phone"
)

// TestClips checks all that [greeting.Clips] promises. It calls open for each
// subtest and expects a store without clips; what has to be closed is registered
// with t.Cleanup by open.
func TestClips(t *testing.T, open func(t *testing.T) greeting.Clips) {
	for _, c := range clipCases {
		t.Run(c.name, func(t *testing.T) { c.run(t, open(t)) })
	}
}

// report is what the cases need of a testing.T, so that their own tests can let
// them fail.
type report interface {
	Helper()
	Context() context.Context
	Errorf(format string, args ...any)
}

type clipCase struct {
	name string
	run  func(t report, clips greeting.Clips)
}

var clipCases = []clipCase{
	{"what is put is opened", putOpen},
	{"the first bytes stay", putAgain},
	{"all or nothing", putWhole},
	{"the reader is not kept", putCopies},
	{"ranges", ranges},
	{"an unknown key is an error", openUnknown},
	{"tenants are apart", tenants},
	{"delete", remove},
	{"one of many wins", race},
	{"a greeting is heard again", storeAndFetch},
}

// The keys of the suite look like those of the package: they are hashes.
var (
	keyA = strings.Repeat("a1", 32)
	keyB = strings.Repeat("b2", 32)
)

const tenant phone.TenantID = "tenant-1"

// sample is n bytes that do not repeat where a store might cut them.
func sample(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i*7 + i>>8*13)
	}
	return b
}

func put(t report, clips greeting.Clips, of phone.TenantID, key string, data []byte) {
	t.Helper()
	if err := clips.Put(t.Context(), of, key, bytes.NewReader(data), int64(len(data))); err != nil {
		t.Errorf("Put of %d bytes: %v", len(data), err)
	}
}

// get reads a range and whether the key is there.
func get(t report, clips greeting.Clips, of phone.TenantID, key string, from, n int64) ([]byte, bool) {
	t.Helper()
	r, err := clips.Open(t.Context(), of, key, from, n)
	if err != nil {
		return nil, false
	}
	data, err := io.ReadAll(r)
	if err := errors.Join(err, r.Close()); err != nil {
		t.Errorf("reading what Open(%d, %d) returned: %v", from, n, err)
	}
	return data, true
}

func want(t report, clips greeting.Clips, of phone.TenantID, key string, data []byte) {
	t.Helper()
	got, ok := get(t, clips, of, key, 0, -1)
	if !ok || !bytes.Equal(got, data) {
		t.Errorf("Open(0, -1): there is %t, %d bytes; want the %d that were put", ok, len(got), len(data))
	}
}

func wantNone(t report, clips greeting.Clips, of phone.TenantID, key, after string) {
	t.Helper()
	if got, ok := get(t, clips, of, key, 0, -1); ok {
		t.Errorf("after %s: there are %d bytes; want an error of Open", after, len(got))
	}
}

func putOpen(t report, clips greeting.Clips) {
	for i, n := range []int{1, 44, 4096, 1 << 20} {
		key, data := fmt.Sprintf("%064x", i), sample(n)
		// One byte at a time is what a slow network gives.
		r := io.Reader(bytes.NewReader(data))
		if n < 10_000 {
			r = iotest.OneByteReader(r)
		}
		if err := clips.Put(t.Context(), tenant, key, r, int64(n)); err != nil {
			t.Errorf("Put of %d bytes: %v", n, err)
		}
		want(t, clips, tenant, key, data)
	}
}

func putAgain(t report, clips greeting.Clips) {
	put(t, clips, tenant, keyA, sample(500))
	put(t, clips, tenant, keyA, []byte("another"))
	want(t, clips, tenant, keyA, sample(500))
}

func putWhole(t report, clips greeting.Clips) {
	data := sample(5000)
	broken := io.MultiReader(bytes.NewReader(data[:3000]), iotest.ErrReader(errors.New("the line was cut")))
	for name, c := range map[string]struct {
		r    io.Reader
		size int64
	}{
		"too few bytes":       {bytes.NewReader(data), 5001},
		"too many bytes":      {bytes.NewReader(data), 4999},
		"no bytes":            {bytes.NewReader(nil), 5000},
		"a reader that fails": {broken, 5000},
	} {
		if err := clips.Put(t.Context(), tenant, keyA, c.r, c.size); err == nil {
			t.Errorf("%s: Put returned nil", name)
		}
		wantNone(t, clips, tenant, keyA, name)
	}
	put(t, clips, tenant, keyA, data)
	want(t, clips, tenant, keyA, data)
}

func putCopies(t report, clips greeting.Clips) {
	data := sample(300)
	put(t, clips, tenant, keyA, data)
	clear(data)
	want(t, clips, tenant, keyA, sample(300))
	if got, ok := get(t, clips, tenant, keyA, 0, -1); ok {
		clear(got)
	}
	want(t, clips, tenant, keyA, sample(300))
}

func ranges(t report, clips greeting.Clips) {
	data := sample(1000)
	put(t, clips, tenant, keyA, data)
	for _, c := range []struct{ from, n, first, last int64 }{
		{0, -1, 0, 1000},
		{0, 1000, 0, 1000},
		{0, 2000, 0, 1000},
		{0, 10, 0, 10},
		{990, 10, 990, 1000},
		{990, 11, 990, 1000},
		{500, -1, 500, 1000},
		{123, 456, 123, 579},
		{500, 0, 500, 500},
		{1000, -1, 1000, 1000},
		{1000, 5, 1000, 1000},
	} {
		got, ok := get(t, clips, tenant, keyA, c.from, c.n)
		if !ok || !bytes.Equal(got, data[c.first:c.last]) {
			t.Errorf("Open(%d, %d): there is %t, %d bytes; want those from %d to %d", c.from, c.n, ok, len(got), c.first, c.last)
		}
	}
}

func openUnknown(t report, clips greeting.Clips) {
	wantNone(t, clips, tenant, keyA, "nothing")
	put(t, clips, tenant, keyB, sample(10))
	wantNone(t, clips, tenant, keyA, "another key")
}

func tenants(t report, clips greeting.Clips) {
	of := []phone.TenantID{"", tenant, "tenant-10", "tenant/1", "../tenant-1"}
	for i, one := range of {
		wantNone(t, clips, one, keyA, "puts of other tenants")
		put(t, clips, one, keyA, sample(100+i))
	}
	for i, one := range of {
		want(t, clips, one, keyA, sample(100+i))
	}
	if err := clips.Delete(t.Context(), tenant, keyA); err != nil {
		t.Errorf("Delete: %v", err)
	}
	for i, one := range of {
		if one != tenant {
			want(t, clips, one, keyA, sample(100+i))
		}
	}
}

func remove(t report, clips greeting.Clips) {
	if err := clips.Delete(t.Context(), tenant, keyA); err != nil {
		t.Errorf("Delete of a key that is not there: %v", err)
	}
	put(t, clips, tenant, keyA, sample(10))
	put(t, clips, tenant, keyB, sample(20))
	for range 2 {
		if err := clips.Delete(t.Context(), tenant, keyA); err != nil {
			t.Errorf("Delete: %v", err)
		}
		wantNone(t, clips, tenant, keyA, "Delete")
	}
	want(t, clips, tenant, keyB, sample(20))
	put(t, clips, tenant, keyA, sample(30))
	want(t, clips, tenant, keyA, sample(30))
}

// race has eight nodes put different bytes under one key. Whichever wins, all
// of them read the same from then on, and never a part.
func race(t report, clips greeting.Clips) {
	const nodes = 8
	seen := make([][]byte, nodes)
	var all sync.WaitGroup
	for i := range nodes {
		all.Go(func() {
			put(t, clips, tenant, keyA, sample(2000+i))
			seen[i], _ = get(t, clips, tenant, keyA, 0, -1)
		})
	}
	all.Wait()
	for _, s := range seen {
		if len(s) < 2000 || !bytes.Equal(s, sample(len(s))) || !bytes.Equal(s, seen[0]) {
			t.Errorf("after puts at the same time one reads %d bytes and another %d", len(s), len(seen[0]))
			return
		}
	}
	want(t, clips, tenant, keyA, seen[0])
}

func storeAndFetch(t report, clips greeting.Clips) {
	tone := pcm.Tone(8000, time.Second, 440)
	hash, err := greeting.Store(t.Context(), clips, tenant, tone)
	if err != nil {
		t.Errorf("greeting.Store: %v", err)
		return
	}
	g := greeting.Greeting{ID: "tone", Clip: hash, Language: language.English}
	got, err := greeting.Fetch(t.Context(), clips, tenant, g)
	if err != nil || got.Rate != tone.Rate || len(got.Samples) != len(tone.Samples) {
		t.Errorf("greeting.Fetch: %d samples at %d Hz, %v; want the tone that was stored", len(got.Samples), got.Rate, err)
	}
}
