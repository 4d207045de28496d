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
		{Boxes: []voicemail.Box{box}},
		{Captures: []voicemail.CaptureRow{c}},
		{Messages: []voicemail.Message{m}},
		{Tasks: []voicemail.Task{task}},
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
