package voicemailtest

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/afterbeep/afterbeep/phone"
	"github.com/afterbeep/afterbeep/voicemail"
)

// TestSpool proves a [voicemail.Spool]. open returns an empty one.
func TestSpool(t *testing.T, open func(t *testing.T) voicemail.Spool) {
	t.Helper()
	runAll(t, spoolChecks, open)
}

var spoolChecks = []check[voicemail.Spool]{
	{"what was appended can be read", checkAppend},
	{"reading while it grows", checkGrows},
	{"data is copied", checkCopied},
	{"names", checkNames},
	{"names that are no names", checkBadNames},
	{"tenants do not meet", checkSpoolTenants},
	{"removing", checkRemove},
	{"many at once", checkMany},
}

func read(t tb, s voicemail.Spool, id voicemail.SpoolID) string {
	t.Helper()
	r, err := s.Read(t.Context(), id)
	must(t, err, fmt.Sprintf("read %v", id))
	data, err := io.ReadAll(r)
	must(t, err, fmt.Sprintf("read %v", id))
	must(t, r.Close(), "close")
	return string(data)
}

func noSpool(t tb, s voicemail.Spool, id voicemail.SpoolID) {
	t.Helper()
	r, err := s.Read(t.Context(), id)
	if err == nil {
		_ = r.Close() // only to find out
	}
	want(t, errors.Is(err, voicemail.ErrNotFound), "read %v: %v, want ErrNotFound", id, err)
}

func checkAppend(t tb, s voicemail.Spool) {
	a := voicemail.SpoolID{Tenant: "t", Name: "a-1"}
	noSpool(t, s, a)
	must(t, s.Sync(t.Context(), a), "sync of what is not there")
	var all strings.Builder
	for i := range 50 {
		piece := strings.Repeat(string(rune('a'+i%26)), i*37)
		all.WriteString(piece)
		must(t, s.Append(t.Context(), a, []byte(piece)), "append")
		if i%10 == 0 {
			must(t, s.Sync(t.Context(), a), "sync")
		}
	}
	got := read(t, s, a)
	want(t, got == all.String(), "%d bytes, want %d as they were appended", len(got), all.Len())
}

func checkGrows(t tb, s voicemail.Spool) {
	a := voicemail.SpoolID{Tenant: "t", Name: "a-1"}
	for i := range 5 {
		must(t, s.Append(t.Context(), a, []byte{byte('0' + i)}), "append")
		got := read(t, s, a)
		want(t, got == "01234"[:i+1], "after %d appends: %q", i+1, got)
	}
}

func checkCopied(t tb, s voicemail.Spool) {
	a := voicemail.SpoolID{Tenant: "t", Name: "a-1"}
	data := []byte("first")
	must(t, s.Append(t.Context(), a, data), "append")
	copy(data, "later")
	must(t, s.Append(t.Context(), a, data), "append")
	got := read(t, s, a)
	want(t, got == "firstlater", "%q: the buffer of the caller is kept", got)
}

func checkNames(t tb, s voicemail.Spool) {
	names, err := s.Names(t.Context())
	must(t, err, "names")
	want(t, len(names) == 0, "names of an empty spool: %v", names)
	var expected []voicemail.SpoolID
	for _, tenant := range append([]string{""}, hostile...) {
		for _, name := range []string{"a", "0198f3c2-7a1b-7c3d-8e4f-0123456789ab-1", "con", "x.y_z"} {
			id := voicemail.SpoolID{Tenant: phone.TenantID(tenant), Name: name}
			must(t, s.Append(t.Context(), id, []byte(tenant+name)), "append")
			expected = append(expected, id)
		}
	}
	names, err = s.Names(t.Context())
	must(t, err, "names")
	want(t, len(names) == len(expected), "%d names, want %d", len(names), len(expected))
	for _, id := range expected {
		want(t, slices.Contains(names, id), "%q is missing in %q", id, names)
		want(t, read(t, s, id) == string(id.Tenant)+id.Name, "%q has the sound of another", id)
	}
}

func checkBadNames(t tb, s voicemail.Spool) {
	for _, name := range []string{"", "A", "a/b", "../a", "a\x00", "é", strings.Repeat("a", voicemail.MaxName+1)} {
		err := s.Append(t.Context(), voicemail.SpoolID{Tenant: "t", Name: name}, []byte("x"))
		want(t, err != nil, "append to %q: no error", name)
	}
	names, err := s.Names(t.Context())
	must(t, err, "names")
	want(t, len(names) == 0, "names: %v", names)
}

func checkSpoolTenants(t tb, s voicemail.Spool) {
	one, two, none := voicemail.SpoolID{Tenant: "one", Name: "a"}, voicemail.SpoolID{Tenant: "two", Name: "a"}, voicemail.SpoolID{Name: "a"}
	must(t, s.Append(t.Context(), one, []byte("of one")), "append")
	noSpool(t, s, two)
	noSpool(t, s, none)
	must(t, s.Append(t.Context(), two, []byte("of two")), "append")
	must(t, s.Remove(t.Context(), two), "remove")
	want(t, read(t, s, one) == "of one", "sound of another tenant")
}

func checkRemove(t tb, s voicemail.Spool) {
	a := voicemail.SpoolID{Tenant: "t", Name: "a-1"}
	must(t, s.Remove(t.Context(), a), "remove what is not there")
	must(t, s.Append(t.Context(), a, []byte("first")), "append")
	must(t, s.Remove(t.Context(), a), "remove")
	must(t, s.Remove(t.Context(), a), "remove twice")
	noSpool(t, s, a)
	names, err := s.Names(t.Context())
	must(t, err, "names")
	want(t, len(names) == 0, "names: %v", names)
	must(t, s.Append(t.Context(), a, []byte("later")), "append")
	want(t, read(t, s, a) == "later", "old sound after the remove")
}

func checkMany(t tb, s voicemail.Spool) {
	const writers, pieces = 16, 50
	var wg sync.WaitGroup
	errs := make([]error, writers)
	for i := range writers {
		a := voicemail.SpoolID{Tenant: "t", Name: fmt.Sprintf("a-%d", i)}
		wg.Go(func() {
			for n := range pieces {
				errs[i] = errors.Join(errs[i], s.Append(t.Context(), a, fmt.Appendf(nil, "%d/%d;", i, n)))
				if n%10 == 9 {
					errs[i] = errors.Join(errs[i], s.Sync(t.Context(), a))
				}
			}
		})
	}
	wg.Wait()
	must(t, errors.Join(errs...), "append")
	for i := range writers {
		var expected strings.Builder
		for n := range pieces {
			fmt.Fprintf(&expected, "%d/%d;", i, n)
		}
		got := read(t, s, voicemail.SpoolID{Tenant: "t", Name: fmt.Sprintf("a-%d", i)})
		want(t, got == expected.String(), "writer %d: %q", i, got)
	}
}
