package voicemailtest_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/afterbeep/afterbeep/phone"
	"github.com/afterbeep/afterbeep/voicemail"
	"github.com/afterbeep/afterbeep/voicemail/voicemailtest"
)

// store is a store with some methods replaced.
type store struct {
	*voicemail.Memory
	apply    func(m *voicemail.Memory, ctx context.Context, b voicemail.Batch) error
	box      func(m *voicemail.Memory, ctx context.Context, id voicemail.BoxID) (voicemail.Box, error)
	messages func(m *voicemail.Memory, ctx context.Context, id voicemail.BoxID, q voicemail.Query) (voicemail.Page, error)
	capture  func(m *voicemail.Memory, ctx context.Context, tenant phone.TenantID, key string) (voicemail.CaptureRow, error)
	due      func(m *voicemail.Memory, ctx context.Context, before time.Time, limit int) ([]voicemail.Task, error)
}

func (s *store) Apply(ctx context.Context, b voicemail.Batch) error {
	if s.apply != nil {
		return s.apply(s.Memory, ctx, b)
	}
	return s.Memory.Apply(ctx, b)
}

func (s *store) Box(ctx context.Context, id voicemail.BoxID) (voicemail.Box, error) {
	if s.box != nil {
		return s.box(s.Memory, ctx, id)
	}
	return s.Memory.Box(ctx, id)
}

func (s *store) Messages(ctx context.Context, id voicemail.BoxID, q voicemail.Query) (voicemail.Page, error) {
	if s.messages != nil {
		return s.messages(s.Memory, ctx, id, q)
	}
	return s.Memory.Messages(ctx, id, q)
}

func (s *store) Capture(ctx context.Context, tenant phone.TenantID, key string) (voicemail.CaptureRow, error) {
	if s.capture != nil {
		return s.capture(s.Memory, ctx, tenant, key)
	}
	return s.Memory.Capture(ctx, tenant, key)
}

func (s *store) Due(ctx context.Context, before time.Time, limit int) ([]voicemail.Task, error) {
	if s.due != nil {
		return s.due(s.Memory, ctx, before, limit)
	}
	return s.Memory.Due(ctx, before, limit)
}

// overwriteBoxes stores a box whatever revision it was loaded with.
func overwriteBoxes(m *voicemail.Memory, ctx context.Context, b voicemail.Batch) error {
	for i := range b.Boxes {
		if box, err := m.Box(ctx, b.Boxes[i].ID); err == nil {
			b.Boxes[i].Revision = box.Revision
		}
	}
	return m.Apply(ctx, b)
}

// pieces applies each row alone, and goes on after a conflict or not.
func pieces(m *voicemail.Memory, ctx context.Context, b voicemail.Batch, goOn bool) error {
	var all []voicemail.Batch
	for _, r := range b.Boxes {
		all = append(all, voicemail.Batch{Boxes: []voicemail.Box{r}})
	}
	for _, r := range b.Captures {
		all = append(all, voicemail.Batch{Captures: []voicemail.CaptureRow{r}})
	}
	for _, r := range b.Messages {
		all = append(all, voicemail.Batch{Messages: []voicemail.Message{r}})
	}
	for _, r := range b.Tasks {
		all = append(all, voicemail.Batch{Tasks: []voicemail.Task{r}})
	}
	var first error
	for _, one := range all {
		if err := m.Apply(ctx, one); err != nil {
			first = errors.Join(first, err)
			if !goOn {
				return first
			}
		}
	}
	return first
}

// withoutTenant drops the tenant from the keys of tasks.
func withoutTenant(m *voicemail.Memory, ctx context.Context, b voicemail.Batch) error {
	b.Tasks = slices.Clone(b.Tasks)
	for i := range b.Tasks {
		b.Tasks[i].Box.Tenant = ""
	}
	return m.Apply(ctx, b)
}

func storeMutants() map[string]*store {
	var mu sync.Mutex
	shared := map[string]time.Time{"mail": time.Date(2026, time.March, 8, 7, 30, 0, 123456789, time.UTC)}
	return map[string]*store{
		"lost update": {apply: overwriteBoxes},
		"half a batch, up to the conflict": {apply: func(m *voicemail.Memory, ctx context.Context, b voicemail.Batch) error {
			return pieces(m, ctx, b, false)
		}},
		"half a batch, all but the conflict": {apply: func(m *voicemail.Memory, ctx context.Context, b voicemail.Batch) error {
			return pieces(m, ctx, b, true)
		}},
		"tasks of all tenants share their ids": {apply: withoutTenant},
		"conflicts are no errors": {apply: func(m *voicemail.Memory, ctx context.Context, b voicemail.Batch) error {
			if err := m.Apply(ctx, b); !errors.Is(err, voicemail.ErrConflict) {
				return err
			}
			return nil
		}},
		"messages are forgotten": {apply: func(m *voicemail.Memory, ctx context.Context, b voicemail.Batch) error {
			if len(b.Boxes) > 0 {
				b.Messages = nil
			}
			return m.Apply(ctx, b)
		}},
		"done tasks stay": {apply: func(m *voicemail.Memory, ctx context.Context, b voicemail.Batch) error {
			b.Tasks = slices.Clone(b.Tasks)
			for i := range b.Tasks {
				b.Tasks[i].Done = false
			}
			return m.Apply(ctx, b)
		}},
		"removed messages stay": {apply: func(m *voicemail.Memory, ctx context.Context, b voicemail.Batch) error {
			b.Messages = slices.Clone(b.Messages)
			for i := range b.Messages {
				b.Messages[i].Gone = false
			}
			return m.Apply(ctx, b)
		}},
		"times in seconds": {apply: func(m *voicemail.Memory, ctx context.Context, b voicemail.Batch) error {
			b.Captures = slices.Clone(b.Captures)
			for i := range b.Captures {
				b.Captures[i].Until = b.Captures[i].Until.Truncate(time.Second)
			}
			return m.Apply(ctx, b)
		}},
		"a map that is shared": {box: func(m *voicemail.Memory, ctx context.Context, id voicemail.BoxID) (voicemail.Box, error) {
			box, err := m.Box(ctx, id)
			if len(box.Held) > 0 {
				box.Held = shared
			}
			return box, err
		}},
		"no box is an empty box": {box: func(m *voicemail.Memory, ctx context.Context, id voicemail.BoxID) (voicemail.Box, error) {
			box, err := m.Box(ctx, id)
			if errors.Is(err, voicemail.ErrNotFound) {
				return voicemail.Box{ID: id}, nil
			}
			return box, err
		}},
		"captures of another tenant": {capture: func(m *voicemail.Memory, ctx context.Context, tenant phone.TenantID, key string) (voicemail.CaptureRow, error) {
			for _, tenant := range []phone.TenantID{tenant, "one", ""} {
				if row, err := m.Capture(ctx, tenant, key); err == nil {
					return row, nil
				}
			}
			return voicemail.CaptureRow{}, voicemail.ErrNotFound
		}},
		"keys without case": {capture: func(m *voicemail.Memory, ctx context.Context, tenant phone.TenantID, key string) (voicemail.CaptureRow, error) {
			return m.Capture(ctx, tenant, strings.ToLower(key))
		}},
		"the bin is shown": {messages: func(m *voicemail.Memory, ctx context.Context, id voicemail.BoxID, q voicemail.Query) (voicemail.Page, error) {
			p, err := m.Messages(ctx, id, q)
			if bin, _ := m.Messages(ctx, id, voicemail.Query{Folder: voicemail.Bin}); q.Folder == "" && q.Since == 0 {
				p.Messages = append(p.Messages, bin.Messages...)
			}
			return p, err
		}},
		"any caller matches": {messages: func(m *voicemail.Memory, ctx context.Context, id voicemail.BoxID, q voicemail.Query) (voicemail.Page, error) {
			q.Contact = phone.Number{}
			return m.Messages(ctx, id, q)
		}},
		"a feed without the bin": {messages: func(m *voicemail.Memory, ctx context.Context, id voicemail.BoxID, q voicemail.Query) (voicemail.Page, error) {
			p, err := m.Messages(ctx, id, q)
			if q.Since > 0 {
				p.Messages = slices.DeleteFunc(p.Messages, func(m voicemail.Message) bool { return !m.Deleted.IsZero() })
			}
			return p, err
		}},
		"a feed backwards": {messages: func(m *voicemail.Memory, ctx context.Context, id voicemail.BoxID, q voicemail.Query) (voicemail.Page, error) {
			p, err := m.Messages(ctx, id, q)
			if q.Since > 0 {
				slices.Reverse(p.Messages)
			}
			return p, err
		}},
		"pages by position": {messages: pagesByPosition},
		"pages without end": {messages: func(m *voicemail.Memory, ctx context.Context, id voicemail.BoxID, q voicemail.Query) (voicemail.Page, error) {
			q.Limit = 0
			return m.Messages(ctx, id, q)
		}},
		"a page of two instants": {messages: func(m *voicemail.Memory, ctx context.Context, id voicemail.BoxID, q voicemail.Query) (voicemail.Page, error) {
			mu.Lock()
			defer mu.Unlock()
			before, err := m.Box(ctx, id)
			if err != nil {
				return voicemail.Page{}, err
			}
			var p voicemail.Page
			for range 2000 { // long enough for somebody else
				p, err = m.Messages(ctx, id, q)
				if p.Seq != before.Seq {
					break
				}
				runtime.Gosched()
			}
			p.Seq, p.Counts = before.Seq, before.Counts
			return p, err
		}},
		"due before, not at": {due: func(m *voicemail.Memory, ctx context.Context, before time.Time, limit int) ([]voicemail.Task, error) {
			return m.Due(ctx, before.Add(-1), limit)
		}},
		"due without a limit": {due: func(m *voicemail.Memory, ctx context.Context, before time.Time, _ int) ([]voicemail.Task, error) {
			return m.Due(ctx, before, 1000)
		}},
		"due in any order": {due: func(m *voicemail.Memory, ctx context.Context, before time.Time, limit int) ([]voicemail.Task, error) {
			tasks, err := m.Due(ctx, before, 1000)
			slices.SortFunc(tasks, func(a, b voicemail.Task) int { return strings.Compare(a.ID, b.ID) })
			return tasks[:min(limit, len(tasks))], err
		}},
		"due of one tenant": {due: func(m *voicemail.Memory, ctx context.Context, before time.Time, limit int) ([]voicemail.Task, error) {
			tasks, err := m.Due(ctx, before, limit)
			return slices.DeleteFunc(tasks, func(t voicemail.Task) bool { return t.Box.Tenant == "two" }), err
		}},
	}
}

// pagesByPosition is paging as many APIs have it: After is an offset.
func pagesByPosition(m *voicemail.Memory, ctx context.Context, id voicemail.BoxID, q voicemail.Query) (voicemail.Page, error) {
	if q.Since > 0 {
		return m.Messages(ctx, id, q)
	}
	offset, _ := strconv.Atoi(q.After)
	size := q.Size()
	q.After, q.Limit = "", 0
	p, err := m.Messages(ctx, id, q)
	all := p.Messages
	for p.Next != "" && err == nil {
		q.After = p.Next
		p, err = m.Messages(ctx, id, q)
		all = append(all, p.Messages...)
	}
	p.Next = ""
	all = all[min(offset, len(all)):]
	if len(all) > size {
		all, p.Next = all[:size], strconv.Itoa(offset+size)
	}
	p.Messages = all
	return p, err
}

func TestStoreMutantsAreCaught(t *testing.T) {
	for name := range storeMutants() {
		t.Run(name, func(t *testing.T) {
			how := ""
			for _, c := range voicemailtest.StoreChecks {
				mutant := storeMutants()[name]
				mutant.Memory = voicemail.NewMemory()
				if how = caught(t, func(t voicemailtest.TB) { c.Run(t, mutant) }); how != "" {
					how = c.Name() + ": " + how
					break
				}
			}
			assert.NotEmpty(t, how, "no check has caught it")
		})
	}
}
