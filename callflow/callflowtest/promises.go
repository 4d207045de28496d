package callflowtest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/callflow"
	"github.com/afterbeep/afterbeep/hours"
	"github.com/afterbeep/afterbeep/phone"
)

var noon = time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)

// session is a session with something in every field.
func session(tenant phone.TenantID, call string) callflow.Session {
	open := hours.Situation{Kind: hours.KindHoliday, Source: hours.SourceHoliday, Label: `Noël "<&>` + "\n", Until: noon.Add(time.Hour)}
	caller, _ := phone.ParseNumber("+15145550100") // a good number
	return callflow.Session{
		V: callflow.SessionVersion, Tenant: tenant, Call: call, Caller: caller, Flow: strings.Repeat("f", 32),
		Step: "box", Slot: 3, Seq: 4, At: noon, Began: noon.Add(-time.Minute), Deadline: noon.Add(time.Minute),
		Divert: phone.Divert{
			Outcome: phone.NoAnswer, Situation: open, Department: "sales", Language: language.CanadianFrench,
			Line: "line", Mailbox: "box",
		},
		By: "amy", Message: "m1", Kept: true,
		Asked: map[string]hours.Situation{"main": open}, Visits: []uint16{0, 1, 2},
		Phase: "greet", Clip: "sha256:1", Wrong: 1, Silent: 2, Picked: 2, Freed: 1, Gone: true,
	}
}

// due is a session with that deadline; zero is one that is over.
func due(tenant phone.TenantID, call string, deadline time.Time) callflow.Session {
	s := session(tenant, call)
	s.Deadline = deadline
	if deadline.IsZero() {
		s.End, s.Outcome, s.Ended = callflow.EndCaller, phone.Abandoned, noon
	}
	return s
}

func missing(ctx context.Context, s callflow.Sessions) error {
	if _, err := s.Load(ctx, "t", "c"); !errors.Is(err, callflow.ErrNotFound) {
		return fmt.Errorf("load of nothing: %v, want ErrNotFound", err)
	}
	if err := s.Delete(ctx, "t", "c"); err != nil {
		return fmt.Errorf("delete of nothing: %w", err)
	}
	found, err := s.Due(ctx, noon, 10)
	if err != nil || len(found) != 0 {
		return fmt.Errorf("due of an empty store: %d sessions, %v", len(found), err)
	}
	return nil
}

func roundTrip(ctx context.Context, s callflow.Sessions) error {
	large := session("t", "large")
	large.Clip = strings.Repeat("c", callflow.MaxClip)
	large.Visits = make([]uint16, callflow.MaxSteps)
	for _, want := range []callflow.Session{session("t", "c"), session("", "c"), due("t", "over", time.Time{}), large} {
		if err := s.Save(ctx, want); err != nil {
			return fmt.Errorf("the first Save: %w", err)
		}
		want.Revision = 1
		if err := stored(ctx, s, want); err != nil {
			return err
		}
	}
	return nil
}

// stored reports whether the store has exactly want.
func stored(ctx context.Context, s callflow.Sessions, want callflow.Session) error {
	got, err := s.Load(ctx, want.Tenant, want.Call)
	if err != nil {
		return fmt.Errorf("load after Save: %w", err)
	}
	return same(got, want)
}

func same(got, want callflow.Session) error {
	a, err := json.Marshal(got)
	if err != nil {
		return err
	}
	b, err := json.Marshal(want)
	if err != nil {
		return err
	}
	if !bytes.Equal(a, b) {
		return fmt.Errorf("loaded\n%s\nwant\n%s", a, b)
	}
	return nil
}

func revisions(ctx context.Context, s callflow.Sessions) error {
	row := session("t", "c")
	conflict := func(revision int) error {
		stale := row
		stale.Revision, stale.Step = revision, "stale"
		if err := s.Save(ctx, stale); !errors.Is(err, callflow.ErrConflict) {
			return fmt.Errorf("save with revision %d: %v, want ErrConflict", revision, err)
		}
		return nil
	}
	if err := conflict(1); err != nil {
		return fmt.Errorf("nothing is stored: %w", err)
	}
	for stored := range 3 {
		row.Revision = stored
		if err := s.Save(ctx, row); err != nil {
			return fmt.Errorf("save with the stored revision %d: %w", stored, err)
		}
		for _, wrong := range []int{0, stored, stored + 2} {
			if err := conflict(wrong); err != nil {
				return fmt.Errorf("revision %d is stored: %w", stored+1, err)
			}
		}
	}
	row.Revision = 3
	return stored(ctx, s, row)
}

func latest(ctx context.Context, s callflow.Sessions) error {
	row := session("t", "c")
	for i := range 5 {
		row.Step = fmt.Sprint("step-", i)
		if err := s.Save(ctx, row); err != nil {
			return err
		}
		row.Revision++
		if err := stored(ctx, s, row); err != nil {
			return fmt.Errorf("after Save %d: %w", i+1, err)
		}
	}
	return nil
}

func isolation(ctx context.Context, s callflow.Sessions) error {
	row := session("t", "c")
	if err := s.Save(ctx, row); err != nil {
		return err
	}
	want := session("t", "c")
	want.Revision = 1
	row.Visits[0], row.Asked["other"] = 99, hours.Situation{}
	if err := stored(ctx, s, want); err != nil {
		return fmt.Errorf("the saved session was changed afterwards: %w", err)
	}
	loaded, err := s.Load(ctx, "t", "c")
	if err != nil {
		return err
	}
	loaded.Visits[0] = 99
	clear(loaded.Asked)
	if err := stored(ctx, s, want); err != nil {
		return fmt.Errorf("a loaded session was changed: %w", err)
	}
	return nil
}

func tenants(ctx context.Context, s callflow.Sessions) error {
	one, two := session("one", "c"), session("two", "c")
	two.Step = "other"
	if err := errors.Join(s.Save(ctx, one), s.Save(ctx, two)); err != nil {
		return fmt.Errorf("two tenants with the same call: %w", err)
	}
	one.Revision, two.Revision = 1, 1
	if err := errors.Join(stored(ctx, s, one), stored(ctx, s, two)); err != nil {
		return err
	}
	if _, err := s.Load(ctx, "three", "c"); !errors.Is(err, callflow.ErrNotFound) {
		return fmt.Errorf("load of another tenant's call: %v, want ErrNotFound", err)
	}
	if err := s.Delete(ctx, "one", "c"); err != nil {
		return err
	}
	if _, err := s.Load(ctx, "one", "c"); !errors.Is(err, callflow.ErrNotFound) {
		return fmt.Errorf("load after Delete: %v, want ErrNotFound", err)
	}
	return stored(ctx, s, two)
}

// oddKeys has keys that are the same when they are glued together carelessly,
// differ in case only, or look like something else.
func oddKeys(ctx context.Context, s callflow.Sessions) error {
	keys := [][2]string{
		{"a", "b/c"},
		{"a/b", "c"},
		{"a", "b:c"},
		{"a:b", "c"},
		{"", "ab"},
		{"a", "b"},
		{"A", "b"},
		{"a", "B"},
		{"a", "../b"},
		{"a", "b "},
		{"a", "b%"},
		{"a", "b_"},
		{"a", "b'; --"},
		{"a", "é"},
		{"a", "e\u0301"},
		{"a", strings.Repeat("x", phone.MaxCallID)},
	}
	for _, key := range keys {
		if err := s.Save(ctx, session(phone.TenantID(key[0]), key[1])); err != nil {
			return fmt.Errorf("save of %q: %w", key, err)
		}
	}
	for _, key := range keys {
		want := session(phone.TenantID(key[0]), key[1])
		want.Revision = 1
		if err := stored(ctx, s, want); err != nil {
			return fmt.Errorf("key %q: %w", key, err)
		}
	}
	return nil
}

func deletes(ctx context.Context, s callflow.Sessions) error {
	row := due("t", "c", noon)
	for range 2 { // what was deleted can be created again
		row.Revision = 0
		if err := s.Save(ctx, row); err != nil {
			return err
		}
		row.Revision = 1
		if err := s.Save(ctx, row); err != nil {
			return err
		}
		if err := errors.Join(s.Delete(ctx, "t", "c"), s.Delete(ctx, "t", "c")); err != nil {
			return fmt.Errorf("delete, twice: %w", err)
		}
		if _, err := s.Load(ctx, "t", "c"); !errors.Is(err, callflow.ErrNotFound) {
			return fmt.Errorf("load after Delete: %v, want ErrNotFound", err)
		}
		found, err := s.Due(ctx, noon.Add(time.Hour), 10)
		if err != nil || len(found) != 0 {
			return fmt.Errorf("due after Delete: %d sessions, %v", len(found), err)
		}
	}
	return nil
}
