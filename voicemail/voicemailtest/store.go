package voicemailtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/afterbeep/afterbeep/phone"
	"github.com/afterbeep/afterbeep/voicemail"
)

// TestStore proves a [voicemail.Store]. open returns an empty one.
func TestStore(t *testing.T, open func(t *testing.T) voicemail.Store) {
	t.Helper()
	runAll(t, storeChecks, open)
}

var storeChecks = []check[voicemail.Store]{
	{"rows come back as they were", checkRoundTrip},
	{"what is not there is not found", checkNotFound},
	{"a stale revision conflicts", checkRevisions},
	{"a batch is whole or absent", checkBatch},
	{"a row is in a batch once", checkTwice},
	{"rows that are done are gone", checkGone},
	{"tenants do not meet", checkTenants},
	{"keys stay apart", checkKeys},
	{"rows belong to the caller", checkOwnership},
	{"queries", checkQueries},
	{"pages while messages arrive", checkPages},
	{"the change feed", checkFeed},
	{"due tasks in order", checkDue},
	{"no update is lost", checkLostUpdate},
	{"a page is of one instant", checkSnapshot},
}

var instant = time.Date(2026, time.March, 8, 7, 30, 0, 123456789, time.UTC)

func number(text string) phone.Number {
	n, err := phone.ParseNumber(text)
	if err != nil {
		panic(err) // a constant of this file
	}
	return n
}

func boxID(tenant phone.TenantID) voicemail.BoxID {
	return voicemail.BoxID{Tenant: tenant, Mailbox: "sales"}
}

func newBox(tenant phone.TenantID) voicemail.Box {
	return voicemail.Box{
		ID: boxID(tenant), Seq: 3, Settings: voicemail.Settings{MaxMessages: 7, MaxLength: 90 * time.Second, NoFilter: true},
		Counts: voicemail.Counts{New: 1, Bytes: 1 << 40}, Reserved: voicemail.Counts{New: 2},
		Held: map[string]time.Time{"mail": instant},
	}
}

func newCapture(tenant phone.TenantID, key string) voicemail.CaptureRow {
	return voicemail.CaptureRow{
		Request: voicemail.Request{
			Key: key, Call: phone.Call{ID: "call", Tenant: tenant, Caller: phone.Party{Number: number("+15145550100"), Name: "Zoé \u202e"}},
			Divert: phone.Divert{Mailbox: "sales"}, Codec: "pcmu", Rate: 8000,
		},
		Message: "m-" + key, State: voicemail.StateHeld, Owner: "node", Epoch: 4, Until: instant, Spool: "s",
		Settings: voicemail.Settings{MinSpeech: -1}, Receipt: voicemail.Receipt{Length: 90 * time.Millisecond, Why: voicemail.WhyEmpty},
	}
}

func newMessage(tenant phone.TenantID, n int) voicemail.Message {
	return voicemail.Message{
		Box: boxID(tenant), ID: fmt.Sprintf("m%d", n), Number: n, Seq: n, Folder: voicemail.Inbox,
		Call: phone.Call{ID: "call", Tenant: tenant, Caller: phone.Party{Number: number("+15145550100")}}, Received: instant,
		Blob: "b", Bytes: 5, Codec: "pcmu", Rate: 8000, Length: 1500 * time.Millisecond, Stop: voicemail.StopHangup,
		Transcript: voicemail.Transcript{State: voicemail.TranscriptDone, Text: "ça va?\x00", Document: json.RawMessage(`{"v":1}`)},
	}
}

func newTask(tenant phone.TenantID, id string, due time.Time) voicemail.Task {
	return voicemail.Task{ID: id, Kind: voicemail.TaskNotify, Box: boxID(tenant), Due: due, Since: instant, Channel: "mail", Message: "m1"}
}

// same compares rows by what they mean: JSON is their stable form.
func same(t tb, got, expected any) {
	t.Helper()
	a, err := json.Marshal(got)
	must(t, err, "row")
	b, err := json.Marshal(expected)
	must(t, err, "row")
	want(t, string(a) == string(b), "got\n%s\nwant\n%s", a, b)
}

func load(t tb, s voicemail.Store, id voicemail.BoxID, message string) voicemail.Message {
	t.Helper()
	p, err := s.Messages(t.Context(), id, voicemail.Query{IDs: []string{message}})
	must(t, err, "messages")
	want(t, len(p.Messages) == 1, "message %s: found %d", message, len(p.Messages))
	return p.Messages[0]
}

func checkRoundTrip(t tb, s voicemail.Store) {
	b := voicemail.Batch{
		Boxes: []voicemail.Box{newBox("t")}, Captures: []voicemail.CaptureRow{newCapture("t", "k")},
		Messages: []voicemail.Message{newMessage("t", 1)}, Tasks: []voicemail.Task{newTask("t", "a", instant)},
	}
	must(t, s.Apply(t.Context(), b), "apply")
	for revision := 1; revision < 4; revision++ {
		b.Boxes[0].Revision, b.Captures[0].Revision, b.Messages[0].Revision, b.Tasks[0].Revision = revision, revision, revision, revision
		box, err := s.Box(t.Context(), boxID("t"))
		must(t, err, "box")
		same(t, box, b.Boxes[0])
		c, err := s.Capture(t.Context(), "t", "k")
		must(t, err, "capture")
		same(t, c, b.Captures[0])
		same(t, load(t, s, boxID("t"), "m1"), b.Messages[0])
		due, err := s.Due(t.Context(), instant, 10)
		must(t, err, "due")
		same(t, due, b.Tasks)
		b.Boxes[0].Seq++
		b.Captures[0].State = voicemail.StateSaved
		b.Messages[0].Heard = instant
		b.Messages[0].Seq++
		b.Tasks[0].Attempt++
		must(t, s.Apply(t.Context(), b), "apply")
	}
}

func checkNotFound(t tb, s voicemail.Store) {
	_, err := s.Box(t.Context(), boxID("t"))
	want(t, errors.Is(err, voicemail.ErrNotFound), "box: %v", err)
	_, err = s.Capture(t.Context(), "t", "k")
	want(t, errors.Is(err, voicemail.ErrNotFound), "capture: %v", err)
	_, err = s.Messages(t.Context(), boxID("t"), voicemail.Query{})
	want(t, errors.Is(err, voicemail.ErrNotFound), "messages: %v", err)
	due, err := s.Due(t.Context(), instant, 10)
	must(t, err, "due")
	want(t, len(due) == 0, "due: %d tasks", len(due))
}

// rows returns a batch for each kind of row, with the revision.
func rows(tenant phone.TenantID, revision int) []voicemail.Batch {
	box, c, m, task := newBox(tenant), newCapture(tenant, "k"), newMessage(tenant, 1), newTask(tenant, "a", instant)
	box.Revision, c.Revision, m.Revision, task.Revision = revision, revision, revision, revision
	return []voicemail.Batch{
		{Boxes: []voicemail.Box{box}}, {Captures: []voicemail.CaptureRow{c}},
		{Messages: []voicemail.Message{m}}, {Tasks: []voicemail.Task{task}},
	}
}

func conflict(t tb, s voicemail.Store, b voicemail.Batch, what string) {
	t.Helper()
	err := s.Apply(t.Context(), b)
	want(t, errors.Is(err, voicemail.ErrConflict), "%s: %v, want ErrConflict", what, err)
}

func checkRevisions(t tb, s voicemail.Store) {
	for i := range rows("t", 0) {
		conflict(t, s, rows("t", 1)[i], "a row that is not there")
		must(t, s.Apply(t.Context(), rows("t", 0)[i]), "create")
		conflict(t, s, rows("t", 0)[i], "a row that is there already")
		must(t, s.Apply(t.Context(), rows("t", 1)[i]), "update")
		conflict(t, s, rows("t", 1)[i], "a revision of the past")
		conflict(t, s, rows("t", 3)[i], "a revision of the future")
		must(t, s.Apply(t.Context(), rows("t", 2)[i]), "update")
	}
}

func join(batches ...voicemail.Batch) voicemail.Batch {
	var sum voicemail.Batch
	for _, b := range batches {
		sum.Boxes = append(sum.Boxes, b.Boxes...)
		sum.Captures = append(sum.Captures, b.Captures...)
		sum.Messages = append(sum.Messages, b.Messages...)
		sum.Tasks = append(sum.Tasks, b.Tasks...)
	}
	return sum
}

func checkBatch(t tb, s voicemail.Store) {
	for bad := range rows("t", 0) {
		parts := rows("t", 0)
		parts[bad] = rows("t", 7)[bad]
		conflict(t, s, join(parts...), "a batch with one stale row")
		checkNotFound(t, s)
	}
	must(t, s.Apply(t.Context(), join(rows("t", 0)...)), "create")
	for bad := range rows("t", 0) {
		parts := rows("t", bad+1)
		parts[bad] = rows("t", bad)[bad]
		conflict(t, s, join(parts...), "a batch with one stale row")
		must(t, s.Apply(t.Context(), join(rows("t", bad+1)...)), "the right revisions after the conflict")
	}
}

func checkTwice(t tb, s voicemail.Store) {
	for i := range rows("t", 0) {
		b := rows("t", 0)[i]
		conflict(t, s, join(b, b), "a row twice")
	}
	checkNotFound(t, s)
}

func checkGone(t tb, s voicemail.Store) {
	must(t, s.Apply(t.Context(), join(rows("t", 0)...)), "create")
	gone := func(revision int) voicemail.Batch {
		b := join(rows("t", revision)...)
		b.Boxes = nil
		b.Captures[0].Gone, b.Messages[0].Gone, b.Tasks[0].Done = true, true, true
		return b
	}
	conflict(t, s, gone(2), "removing a stale row")
	must(t, s.Apply(t.Context(), gone(1)), "remove")
	_, err := s.Capture(t.Context(), "t", "k")
	want(t, errors.Is(err, voicemail.ErrNotFound), "removed capture: %v", err)
	p, err := s.Messages(t.Context(), boxID("t"), voicemail.Query{})
	must(t, err, "messages")
	want(t, len(p.Messages) == 0, "removed message is listed")
	p, err = s.Messages(t.Context(), boxID("t"), voicemail.Query{Since: 1, Limit: 10})
	must(t, err, "messages")
	want(t, len(p.Messages) == 0, "removed message is in the feed")
	due, err := s.Due(t.Context(), instant, 10)
	must(t, err, "due")
	want(t, len(due) == 0, "done task is due")
	for _, b := range rows("t", 0)[1:] {
		must(t, s.Apply(t.Context(), b), "create again")
	}
}

func checkTenants(t tb, s voicemail.Store) {
	must(t, s.Apply(t.Context(), join(rows("one", 0)...)), "create")
	_, err := s.Box(t.Context(), boxID("two"))
	want(t, errors.Is(err, voicemail.ErrNotFound), "box of another tenant: %v", err)
	_, err = s.Capture(t.Context(), "two", "k")
	want(t, errors.Is(err, voicemail.ErrNotFound), "capture of another tenant: %v", err)
	_, err = s.Messages(t.Context(), boxID("two"), voicemail.Query{IDs: []string{"m1"}})
	want(t, errors.Is(err, voicemail.ErrNotFound), "message of another tenant: %v", err)
	must(t, s.Apply(t.Context(), join(rows("two", 0)...)), "the same keys for another tenant")
	must(t, s.Apply(t.Context(), join(rows("", 0)...)), "the same keys for the empty tenant")
	for _, tenant := range []phone.TenantID{"one", "two", ""} {
		same(t, load(t, s, boxID(tenant), "m1").Box, boxID(tenant))
		c, err := s.Capture(t.Context(), tenant, "k")
		must(t, err, "capture")
		want(t, c.Request.Call.Tenant == tenant, "capture of %q asked, of %q got", tenant, c.Request.Call.Tenant)
	}
	due, err := s.Due(t.Context(), instant, 10)
	must(t, err, "due")
	want(t, len(due) == 3, "due over three tenants: %d tasks", len(due))
}

func checkKeys(t tb, s voicemail.Store) {
	for _, key := range hostile {
		must(t, s.Apply(t.Context(), voicemail.Batch{
			Captures: []voicemail.CaptureRow{newCapture("t", key)}, Tasks: []voicemail.Task{newTask("t", key, instant)},
			Boxes: []voicemail.Box{{ID: voicemail.BoxID{Tenant: phone.TenantID(key), Mailbox: phone.MailboxID(key)}}},
		}), fmt.Sprintf("key %q", key))
	}
	for _, key := range hostile {
		c, err := s.Capture(t.Context(), "t", key)
		must(t, err, fmt.Sprintf("key %q", key))
		want(t, c.Request.Key == key, "key %q asked, %q got", key, c.Request.Key)
		box, err := s.Box(t.Context(), voicemail.BoxID{Tenant: phone.TenantID(key), Mailbox: phone.MailboxID(key)})
		must(t, err, fmt.Sprintf("box %q", key))
		want(t, string(box.ID.Mailbox) == key, "box %q asked, %q got", key, box.ID.Mailbox)
	}
}

func checkOwnership(t tb, s voicemail.Store) {
	b := join(rows("t", 0)...)
	must(t, s.Apply(t.Context(), b), "create")
	b.Boxes[0].Held["mail"] = time.Time{}
	b.Messages[0].Transcript.Document[0] = 'x'
	box, err := s.Box(t.Context(), boxID("t"))
	must(t, err, "box")
	want(t, box.Held["mail"].Equal(instant), "a map that was given is kept")
	box.Held["mail"] = time.Time{}
	box, err = s.Box(t.Context(), boxID("t"))
	must(t, err, "box")
	want(t, box.Held["mail"].Equal(instant), "a map that was returned is kept")
	m := load(t, s, boxID("t"), "m1")
	want(t, string(m.Transcript.Document) == `{"v":1}`, "a document that was given is kept")
	m.Transcript.Document[0] = 'x'
	m = load(t, s, boxID("t"), "m1")
	want(t, string(m.Transcript.Document) == `{"v":1}`, "a document that was returned is kept")
}

func ids(messages []voicemail.Message) []string {
	var list []string
	for _, m := range messages {
		list = append(list, m.ID)
	}
	return list
}

func checkQueries(t tb, s voicemail.Store) {
	b := voicemail.Batch{Boxes: []voicemail.Box{newBox("t")}}
	for n := 1; n <= 8; n++ {
		m := newMessage("t", n)
		switch n {
		case 3:
			m.Deleted = instant
		case 4:
			m.Folder = "work"
		case 5:
			m.Call.Caller.Number = number("+15145550199")
		case 6:
			m.Call.Caller.Number, m.Heard = phone.Number{}, instant
		case 7:
			m.Folder, m.Deleted = "work", instant
		}
		b.Messages = append(b.Messages, m)
	}
	must(t, s.Apply(t.Context(), b), "create")
	tests := []struct {
		q    voicemail.Query
		want []string
	}{
		{voicemail.Query{}, []string{"m8", "m6", "m5", "m4", "m2", "m1"}},
		{voicemail.Query{Folder: voicemail.Inbox}, []string{"m8", "m6", "m5", "m2", "m1"}},
		{voicemail.Query{Folder: "work"}, []string{"m4"}},
		{voicemail.Query{Folder: voicemail.Bin}, []string{"m7", "m3"}},
		{voicemail.Query{Folder: "none"}, nil},
		{voicemail.Query{Contact: number("+15145550199")}, []string{"m5"}},
		{voicemail.Query{Contact: number("+15145550100"), Folder: voicemail.Bin}, []string{"m7", "m3"}},
		{voicemail.Query{IDs: []string{"m3", "m8", "none", "m1", "m1"}}, []string{"m8", "m3", "m1"}},
		{voicemail.Query{IDs: []string{"m3", "m8"}, Folder: voicemail.Inbox}, []string{"m8"}},
		{voicemail.Query{IDs: []string{"m3", "m5"}, Contact: number("+15145550199")}, []string{"m5"}},
	}
	for _, tt := range tests {
		p, err := s.Messages(t.Context(), boxID("t"), tt.q)
		must(t, err, "messages")
		want(t, slices.Equal(ids(p.Messages), tt.want), "%+v: %v, want %v", tt.q, ids(p.Messages), tt.want)
		want(t, p.Seq == 3 && p.Counts == newBox("t").Counts && p.Next == "", "%+v: seq %d, counts %+v, next %q", tt.q, p.Seq, p.Counts, p.Next)
	}
}

func checkPages(t tb, s voicemail.Store) {
	put := func(n int) {
		m := newMessage("t", n)
		if n%3 == 0 {
			m.Folder = "other"
		}
		must(t, s.Apply(t.Context(), voicemail.Batch{Messages: []voicemail.Message{m}}), "create")
	}
	must(t, s.Apply(t.Context(), voicemail.Batch{Boxes: []voicemail.Box{newBox("t")}}), "create")
	const first = 40
	for n := 1; n <= first; n++ {
		put(n)
	}
	var got, expected []string
	q := voicemail.Query{Folder: voicemail.Inbox, Limit: 7}
	for n := first; ; n++ {
		p, err := s.Messages(t.Context(), boxID("t"), q)
		must(t, err, "messages")
		want(t, len(p.Messages) <= 7, "%d messages on a page of 7", len(p.Messages))
		got = append(got, ids(p.Messages)...)
		if q.After = p.Next; q.After == "" {
			break
		}
		put(n + 1) // arrives while somebody turns the page
	}
	for n := first; n >= 1; n-- {
		if n%3 != 0 {
			expected = append(expected, fmt.Sprintf("m%d", n))
		}
	}
	want(t, slices.Equal(got, expected), "pages: %v, want %v", got, expected)
	for n := first * 2; n <= first*2+voicemail.PageLimit; n++ {
		put(n)
	}
	p, err := s.Messages(t.Context(), boxID("t"), voicemail.Query{Limit: 1 << 30})
	must(t, err, "messages")
	want(t, len(p.Messages) == voicemail.PageLimit && p.Next != "", "a page of %d messages, next %q", len(p.Messages), p.Next)
}

func checkFeed(t tb, s voicemail.Store) {
	b := voicemail.Batch{Boxes: []voicemail.Box{newBox("t")}}
	for n := 1; n <= 6; n++ {
		b.Messages = append(b.Messages, newMessage("t", n))
	}
	must(t, s.Apply(t.Context(), b), "create")
	m := load(t, s, boxID("t"), "m2")
	m.Seq, m.Deleted = 9, instant
	must(t, s.Apply(t.Context(), voicemail.Batch{Messages: []voicemail.Message{m}}), "update")
	for _, tt := range []struct {
		q    voicemail.Query
		want []string
	}{
		{voicemail.Query{Since: 3}, []string{"m4", "m5", "m6", "m2"}},
		{voicemail.Query{Since: 3, Limit: 2}, []string{"m4", "m5"}},
		{voicemail.Query{Since: 5, Limit: 2, Folder: "none", IDs: []string{"m1"}}, []string{"m6", "m2"}},
		{voicemail.Query{Since: 8}, []string{"m2"}},
		{voicemail.Query{Since: 9}, nil},
	} {
		p, err := s.Messages(t.Context(), boxID("t"), tt.q)
		must(t, err, "messages")
		want(t, slices.Equal(ids(p.Messages), tt.want), "%+v: %v, want %v", tt.q, ids(p.Messages), tt.want)
	}
}

func checkDue(t tb, s voicemail.Store) {
	at := func(n int) time.Time { return instant.Add(time.Duration(n) * time.Second) }
	seq := func(task voicemail.Task, n int) voicemail.Task {
		task.Seq = n
		return task
	}
	must(t, s.Apply(t.Context(), voicemail.Batch{Tasks: []voicemail.Task{
		seq(newTask("two", "d", at(2)), 9), seq(newTask("one", "c", at(3)), 1), seq(newTask("one", "b", at(2)), 10),
		seq(newTask("one", "a", at(2)), 10), seq(newTask("one", "e", at(4)), 1),
	}}), "create")
	expect := func(before, limit int, names ...string) {
		t.Helper()
		due, err := s.Due(t.Context(), at(before), limit)
		must(t, err, "due")
		var got []string
		for _, task := range due {
			got = append(got, task.ID)
		}
		want(t, slices.Equal(got, names), "due: %v, want %v", got, names)
	}
	expect(1, 10)
	expect(2, 10, "d", "a", "b")
	expect(3, 10, "d", "a", "b", "c")
	expect(3, 2, "d", "a")
	due, err := s.Due(t.Context(), at(2), 1)
	must(t, err, "due")
	due[0].Due = at(9)
	must(t, s.Apply(t.Context(), voicemail.Batch{Tasks: due}), "put off")
	expect(3, 2, "a", "b")
	expect(9, 10, "a", "b", "c", "e", "d")
}

func checkLostUpdate(t tb, s voicemail.Store) {
	must(t, s.Apply(t.Context(), voicemail.Batch{Boxes: []voicemail.Box{{ID: boxID("t")}}}), "create")
	const workers, each = 8, 25
	var wg sync.WaitGroup
	errs := make(chan error, workers)
	for range workers {
		wg.Go(func() {
			for range each {
				for {
					box, err := s.Box(t.Context(), boxID("t"))
					if err != nil {
						errs <- err
						return
					}
					box.Counts.New++
					if err = s.Apply(t.Context(), voicemail.Batch{Boxes: []voicemail.Box{box}}); err == nil {
						break
					}
					if !errors.Is(err, voicemail.ErrConflict) {
						errs <- err
						return
					}
				}
			}
		})
	}
	wg.Wait()
	close(errs)
	must(t, <-errs, "update")
	box, err := s.Box(t.Context(), boxID("t"))
	must(t, err, "box")
	want(t, box.Counts.New == workers*each, "%d updates of %d", box.Counts.New, workers*each)
}

func checkSnapshot(t tb, s voicemail.Store) {
	must(t, s.Apply(t.Context(), voicemail.Batch{Boxes: []voicemail.Box{{ID: boxID("t")}}}), "create")
	const all = 60
	failed := make(chan error, 1)
	go func() {
		defer close(failed)
		for n := 1; n <= all; n++ {
			box, err := s.Box(t.Context(), boxID("t"))
			box.Counts.New, box.Seq = n, n
			if err == nil {
				err = s.Apply(t.Context(), voicemail.Batch{Boxes: []voicemail.Box{box}, Messages: []voicemail.Message{newMessage("t", n)}})
			}
			if err != nil {
				failed <- err
				return
			}
		}
	}()
	for seen := 0; seen < all; {
		p, err := s.Messages(t.Context(), boxID("t"), voicemail.Query{})
		must(t, err, "messages")
		want(t, len(p.Messages) == p.Counts.New && p.Seq == p.Counts.New, "%d messages, counted %d, seq %d", len(p.Messages), p.Counts.New, p.Seq)
		want(t, p.Counts.New >= seen, "a box went back from %d to %d", seen, p.Counts.New)
		seen = p.Counts.New
		select {
		case err := <-failed:
			must(t, err, "update")
		default:
		}
	}
	must(t, <-failed, "update")
}
