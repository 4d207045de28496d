package autoreply_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/autoreply/autoreplytest"
	"github.com/afterbeep/afterbeep/phone"
)

func TestCounts(t *testing.T) {
	t.Parallel()
	f := open(t, basics(), nil)
	assert.Zero(t, len(f.engine.Counts().Skips))
	f.handle(f.event(phone.CallMissed, "1"))
	f.run(time.Minute)
	f.handle(f.event(phone.TextReceived, "2"))
	f.handle(f.event(phone.TextReceived, "3"))
	f.handle(phone.Event{Type: "fax.received"})
	late := f.event(phone.CallPlaced, "4")
	late.At = noon
	f.handle(late)
	_, err := f.engine.Preview(t.Context(), f.event(phone.TextReceived, "5"))
	require.NoError(t, err)
	f.sender.Next = func(int, autoreply.Text) autoreplytest.Fate { return autoreplytest.Lose }
	f.clock.pass(4 * time.Hour)
	_, err = f.engine.Handle(t.Context(), f.event(phone.TextReceived, "6"))
	require.Error(t, err)
	assert.Equal(t, autoreply.Counts{
		Replies: 1, Noted: 1, Errors: 1, Late: 1,
		Waits: map[autoreply.Reason]int64{autoreply.ReasonSettling: 1},
		Skips: map[autoreply.Reason]int64{autoreply.ReasonCooldown: 2, autoreply.ReasonIgnored: 1, autoreply.ReasonUnknown: 1},
	}, f.engine.Counts())
	f.restart()
	assert.Zero(t, f.engine.Counts().Replies, "an engine counts its own")
}

// TestCountsInARace counts what eight goroutines do, while another one reads.
func TestCountsInARace(t *testing.T) {
	t.Parallel()
	p, err := autoreply.NewPolicy(basics(), nil)
	require.NoError(t, err)
	engine, err := autoreply.New(func(context.Context, phone.TenantID, phone.LineID) (*autoreply.Policy, error) { return p, nil },
		autoreply.NewMemory(), &autoreplytest.Sender{}, &autoreply.Options{Clock: &tick{noon}})
	require.NoError(t, err)
	const workers, each = 8, 200
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := range each {
				e := phone.Event{ID: fmt.Sprint(w, "/", i), Type: phone.TextReceived, At: noon, Contact: phone.Party{Number: number(t, "72727")}}
				if _, err := engine.Handle(context.Background(), e); err != nil {
					t.Error(err)
				}
				if n := engine.Counts().Skips[autoreply.ReasonShort]; n < 1 || n > workers*each {
					t.Error(n)
				}
			}
		})
	}
	wg.Wait()
	assert.EqualValues(t, workers*each, engine.Counts().Skips[autoreply.ReasonShort])
}

func TestCountingAllocatesNothing(t *testing.T) {
	p, err := autoreply.NewPolicy(basics(), nil)
	require.NoError(t, err)
	clock := &tick{noon}
	e, err := autoreply.New(func(context.Context, phone.TenantID, phone.LineID) (*autoreply.Policy, error) { return p, nil },
		autoreply.NewMemory(), &autoreplytest.Sender{}, &autoreply.Options{Clock: clock})
	require.NoError(t, err)
	ev := phone.Event{ID: "1", Type: phone.TextReceived, At: noon, Contact: phone.Party{Number: number(t, caller)}}
	var d autoreply.Decision
	count := testing.AllocsPerRun(100, func() { autoreply.Tally(e, &d, nil) })
	assert.Zero(t, count)
	d = p.Decide(ev, autoreply.Facts{Entry: autoreply.Entry{Sent: noon}}, noon)
	require.Equal(t, autoreply.ReasonCooldown, d.Reason)
	assert.Zero(t, testing.AllocsPerRun(100, func() { autoreply.Tally(e, &d, nil) }))
	assert.EqualValues(t, 101, e.Counts().Skips[autoreply.ReasonCooldown])
}

// TestHandleAllocations: a refusal costs the text of its key, where the host
// gave none, and an observer's the name of its event and why.
func TestHandleAllocations(t *testing.T) {
	for observed, want := range map[bool]float64{false: 0, true: 2} {
		o := &autoreply.Options{Clock: &tick{noon}}
		seen := 0
		if observed {
			o.Observe = func(context.Context, phone.Event) { seen++ }
		}
		p, err := autoreply.NewPolicy(basics(), nil)
		require.NoError(t, err)
		e, err := autoreply.New(func(context.Context, phone.TenantID, phone.LineID) (*autoreply.Policy, error) { return p, nil },
			autoreply.NewMemory(), &autoreplytest.Sender{}, o)
		require.NoError(t, err)
		ctx := context.Background()
		ev := phone.Event{ID: "1", Type: phone.TextReceived, At: noon, Contact: phone.Party{Number: number(t, caller)}}
		d, err := e.Handle(ctx, ev)
		require.NoError(t, err)
		require.Equal(t, autoreply.Reply, d.Verdict)
		for key, more := range map[phone.ContactKey]float64{caller: 0, "": 1} {
			ev.ID, ev.Key = "2", key
			allocs := testing.AllocsPerRun(100, func() {
				if d, err := e.Handle(ctx, ev); err != nil || d.Reason != autoreply.ReasonCooldown || d.Key.Contact != caller {
					t.Error(d, err)
				}
			})
			assert.Equal(t, want+more, allocs, "observed %t, key %q", observed, key)
		}
		assert.Equal(t, observed, seen > 0)
	}
}

// TestBriefIsJSON: what an observer is told is what encoding/json would write.
func TestBriefIsJSON(t *testing.T) {
	t.Parallel()
	east := noon.Add(1).In(time.FixedZone("", 3*3600+1800))
	for _, d := range []autoreply.Decision{
		{},
		{Reason: autoreply.ReasonCooldown, Until: noon},
		{Due: east, Reason: autoreply.ReasonSettling, Until: east},
		{Rule: "r"},
		{Due: noon},
		{Rule: "a \"rule\" <é>\u2028\x00", Reason: autoreply.ReasonEmpty},
	} {
		want, err := json.Marshal(struct {
			Reason autoreply.Reason `json:"reason,omitempty"`
			Until  time.Time        `json:"until,omitzero"`
			Due    time.Time        `json:"due,omitzero"`
			Rule   string           `json:"rule,omitempty"`
		}{d.Reason, d.Until, d.Due, d.Rule})
		require.NoError(t, err)
		assert.Equal(t, string(want), string(autoreply.Brief(&d)))
	}
}

// TestEveryReasonIsCounted reads the constants out of the source: a reason that
// is missing from the list of the counters would end the program.
func TestEveryReasonIsCounted(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "decision.go", nil, 0)
	require.NoError(t, err)
	var found []autoreply.Reason
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); ok && kind.Name == "Reason" {
			text, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			require.NoError(t, err)
			found = append(found, autoreply.Reason(text))
		}
		return true
	})
	assert.ElementsMatch(t, found, autoreply.Reasons())
}

func TestForeignTenants(t *testing.T) {
	t.Parallel()
	f := open(t, basics(), nil)
	gone := false
	e, err := autoreply.New(func(_ context.Context, tenant phone.TenantID, _ phone.LineID) (*autoreply.Policy, error) {
		if tenant != "acme" || gone {
			return nil, fmt.Errorf("the register: %w", autoreply.ErrTenant)
		}
		return f.policy, nil
	}, f.ledger, f.sender, &autoreply.Options{Clock: f.clock})
	require.NoError(t, err)
	handle := func(kind, id string, tenant phone.TenantID) autoreply.Decision {
		ev := f.event(kind, id)
		ev.Tenant = tenant
		d, err := e.Handle(t.Context(), ev)
		require.NoError(t, err)
		return d
	}
	for i, kind := range []string{phone.TextReceived, phone.CallMissed, phone.VoicemailLeft, phone.CallPlaced} {
		d := handle(kind, fmt.Sprint(i), "other")
		assert.Equal(t, autoreply.Skip, d.Verdict, kind)
		assert.Equal(t, autoreply.ReasonForeign, d.Reason, kind)
	}
	assert.Zero(t, f.ledger.(*autoreply.Memory).Len(), "nothing is kept of them")
	assert.EqualValues(t, 4, e.Counts().Skips[autoreply.ReasonForeign])
	preview, err := e.Preview(t.Context(), phone.Event{Type: phone.TextReceived, Tenant: "other", Contact: phone.Party{Number: number(t, caller)}})
	require.NoError(t, err)
	assert.Equal(t, autoreply.ReasonForeign, preview.Reason)

	assert.Equal(t, autoreply.Wait, handle(phone.CallMissed, "5", "acme").Verdict)
	gone = true
	f.clock.pass(time.Minute)
	done, next, err := e.RunDue(t.Context())
	require.NoError(t, err)
	require.Len(t, done, 1, "a tenant that left stops replies that wait")
	assert.Equal(t, autoreply.Skip, done[0].Verdict)
	assert.Zero(t, next)
	assert.Empty(t, f.sent())
}

// TestTenantsAreStrangers: the same contact of two tenants are two.
func TestTenantsAreStrangers(t *testing.T) {
	t.Parallel()
	f := open(t, basics(), nil)
	for _, tenant := range []phone.TenantID{"a", "b"} {
		ev := f.event(phone.TextReceived, "1")
		ev.Tenant = tenant
		assert.Equal(t, autoreply.Reply, f.handle(ev).Verdict)
		assert.Equal(t, autoreply.ReasonCooldown, f.handle(ev).Reason)
	}
	for i, text := range f.sender.Texts() {
		assert.Equal(t, []phone.TenantID{"a", "b"}[i], text.Tenant)
	}
}

// TestSocketErrorsAreCounted: what could not be decided is an error that says
// which socket failed, and nothing is sent.
func TestSocketErrorsAreCounted(t *testing.T) {
	t.Parallel()
	broken := errors.New("down")
	for name, o := range map[string]struct {
		policies autoreply.Policies
		contact  func(context.Context, autoreply.Key) (autoreply.Contact, error)
		ledger   autoreply.Ledger
	}{
		"autoreply: policy: down": {policies: func(context.Context, phone.TenantID, phone.LineID) (*autoreply.Policy, error) { return nil, broken }},
		"autoreply: contact: down": {contact: func(context.Context, autoreply.Key) (autoreply.Contact, error) {
			return autoreply.Contact{}, broken
		}},
		"autoreply: load: the store is down": {ledger: &shaky{Ledger: autoreply.NewMemory(), fails: map[int]bool{1: false}}},
	} {
		f := open(t, basics(), nil)
		if o.policies == nil {
			o.policies = func(context.Context, phone.TenantID, phone.LineID) (*autoreply.Policy, error) { return f.policy, nil }
		}
		if o.ledger == nil {
			o.ledger = f.ledger
		}
		e, err := autoreply.New(o.policies, o.ledger, f.sender, &autoreply.Options{Clock: f.clock, Contact: o.contact})
		require.NoError(t, err)
		d, err := e.Handle(t.Context(), f.event(phone.TextReceived, "1"))
		require.EqualError(t, err, name)
		assert.Equal(t, autoreply.ReasonUnavailable, d.Reason, name)
		assert.Empty(t, f.sent(), name)
		assert.EqualValues(t, 1, e.Counts().Errors, name)
		assert.EqualValues(t, 1, e.Counts().Skips[autoreply.ReasonUnavailable], name)
	}
}
