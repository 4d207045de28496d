package voicemail_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/afterbeep/afterbeep/phone"
	"github.com/afterbeep/afterbeep/voicemail"
)

func TestAHundredCallersAtOnce(t *testing.T) {
	each(t, func(t *testing.T, s stores) {
		var mu sync.Mutex
		created := map[string]int{}
		f := newOffice(t, s, voicemail.Settings{MaxMessages: 1000}, voicemail.Options{
			Limits: voicemail.Limits{Work: 1000},
			Notifiers: map[string]voicemail.Notifier{"mail": func(_ context.Context, n voicemail.Notice) error {
				mu.Lock()
				defer mu.Unlock()
				created[n.ID]++
				return nil
			}},
		})
		var wg sync.WaitGroup
		for i := range 100 {
			wg.Go(func() { f.leave(key(i), 2*time.Second) })
		}
		wg.Wait()
		p := f.list(voicemail.Query{})
		require.Len(t, p.Messages, 100)
		captures, numbers := map[string]bool{}, map[int]bool{}
		for _, m := range p.Messages {
			captures[m.Capture], numbers[m.Number] = true, true
		}
		assert.Len(t, captures, 100)
		for n := 1; n <= 100; n++ {
			assert.True(t, numbers[n], "number %d", n)
		}
		assert.Equal(t, 100, p.Counts.New)
		_, err := f.Work(t.Context())
		require.NoError(t, err)
		assert.Len(t, created, 100)
		assert.Zero(t, writers())
	})
}

func TestExactlyAsManyAsFit(t *testing.T) {
	each(t, func(t *testing.T, s stores) {
		p := &pager{}
		f := newOffice(t, s, voicemail.Settings{MaxMessages: 7}, voicemail.Options{Notifiers: map[string]voicemail.Notifier{"mail": p.notify}})
		var mu sync.Mutex
		left, full := 0, 0
		var wg sync.WaitGroup
		for i := range 30 {
			wg.Go(func() {
				c, err := f.Begin(t.Context(), f.request(key(i)))
				if err == nil {
					_, err = c.Record(t.Context(), frames(speech(2*time.Second)))
				}
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					left++
				case errors.Is(err, voicemail.ErrFull):
					full++
				default:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		assert.Equal(t, 7, left)
		assert.Equal(t, 23, full)
		// A lower quota touches nothing; a message that is deleted makes room.
		require.NoError(t, f.PutBox(t.Context(), phone.Actor{}, voicemail.Box{ID: f.box, Settings: voicemail.Settings{MaxMessages: 6}}))
		ids := f.list(voicemail.Query{}).Messages
		require.Len(t, ids, 7)
		for _, m := range ids[:2] {
			_, err := f.Begin(t.Context(), f.request("one more"))
			require.ErrorIs(t, err, voicemail.ErrFull)
			_, err = f.Update(t.Context(), phone.Actor{}, f.box, m.ID, func(m *voicemail.Message) { m.Deleted = f.at.Now() })
			require.NoError(t, err)
		}
		f.leave("one more", 2*time.Second)
		f.workUntil(time.Minute)
		assert.Contains(t, p.kinds(), string(voicemail.NoticeFull))
	})
}

func TestAQuotaOfBytes(t *testing.T) {
	f := newOffice(t, voicemail.NewMemory(), voicemail.Settings{MaxBytes: 200_000, MaxLength: 20 * time.Second}, voicemail.Options{})
	a, err := f.Begin(t.Context(), f.request("a")) // 160 kB set aside
	require.NoError(t, err)
	_, err = f.Begin(t.Context(), f.request("b"))
	require.ErrorIs(t, err, voicemail.ErrFull)
	_, err = a.Record(t.Context(), frames(speech(12*time.Second))) // 96 kB used
	require.NoError(t, err)
	b, err := f.Begin(t.Context(), f.request("b")) // 104 kB are left
	require.NoError(t, err)
	r, err := b.Record(t.Context(), frames(speech(20*time.Second)))
	require.NoError(t, err)
	assert.Equal(t, voicemail.StopLength, r.Stop)
	assert.Less(t, r.Length, 14*time.Second)
	box, err := f.Box(t.Context(), phone.Actor{}, f.box)
	require.NoError(t, err)
	assert.LessOrEqual(t, box.Counts.Bytes, int64(200_000))
	_, err = f.Begin(t.Context(), f.request("c"))
	require.ErrorIs(t, err, voicemail.ErrFull)
}

func TestDepositsWhileSomebodyTidiesUp(t *testing.T) {
	each(t, func(t *testing.T, s stores) {
		f := newOffice(t, s, voicemail.Settings{}, voicemail.Options{})
		for i := range 10 {
			f.leave(fmt.Sprintf("old %d", i), 2*time.Second)
		}
		var wg sync.WaitGroup
		for i := range 20 {
			wg.Go(func() { f.leave(key(i), 2*time.Second) })
		}
		for i, m := range f.list(voicemail.Query{Limit: 10}).Messages {
			if m.Capture[:3] != "old" {
				continue
			}
			wg.Go(func() {
				_, err := f.Update(t.Context(), phone.Actor{}, f.box, m.ID, func(m *voicemail.Message) {
					switch i % 3 {
					case 0:
						m.Deleted = f.at.Now()
					case 1:
						m.Heard, m.Folder = f.at.Now(), "done"
					default:
						m.Urgent = true
					}
				})
				assert.NoError(t, err)
			})
		}
		wg.Wait()
		checkCounts(t, f)
		fresh := 0
		for _, m := range f.list(voicemail.Query{}).Messages {
			if m.Capture[:3] != "old" {
				fresh++
			}
		}
		assert.Equal(t, 20, fresh)
	})
}

// checkCounts counts the box in the naive way.
func checkCounts(t require.TestingT, f *office) {
	var c voicemail.Counts
	for _, folder := range []string{"", voicemail.Bin} {
		for _, m := range f.list(voicemail.Query{Folder: folder}).Messages {
			switch {
			case !m.Deleted.IsZero():
				c.Deleted++
				continue
			case m.Heard.IsZero():
				c.New++
				if m.Urgent {
					c.NewUrgent++
				}
			default:
				c.Old++
				if m.Urgent {
					c.OldUrgent++
				}
			}
			c.Bytes += m.Bytes
		}
	}
	require.Equal(t, c, f.list(voicemail.Query{}).Counts)
}

func TestCountersAgainstAModel(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		f := newOffice(t, voicemail.NewMemory(), voicemail.Settings{MaxMessages: 5, Bin: time.Hour}, voicemail.Options{})
		n, feed := 0, map[string]voicemail.Message{}
		since := 0
		pick := func(folder string) (voicemail.Message, bool) {
			list := f.list(voicemail.Query{Folder: folder}).Messages
			if len(list) == 0 {
				return voicemail.Message{}, false
			}
			return list[rapid.IntRange(0, len(list)-1).Draw(rt, "message")], true
		}
		change := func(folder string, how func(*voicemail.Message)) {
			if m, ok := pick(folder); ok {
				_, err := f.Update(t.Context(), phone.Actor{}, f.box, m.ID, how)
				require.NoError(rt, err)
			}
		}
		rt.Repeat(map[string]func(*rapid.T){
			"leave": func(rt *rapid.T) {
				n++
				c, err := f.Begin(t.Context(), f.request(key(n)))
				box := f.list(voicemail.Query{}).Counts
				if errors.Is(err, voicemail.ErrFull) {
					require.GreaterOrEqual(rt, box.New+box.Old, 5) // restored ones may be beyond it
					return
				}
				require.NoError(rt, err)
				if rapid.Bool().Draw(rt, "stays") {
					_, err = c.Record(t.Context(), frames(speech(1500*time.Millisecond)))
				} else {
					err = f.Release(t.Context(), f.request(key(n)))
				}
				require.NoError(rt, err)
			},
			"hear":    func(*rapid.T) { change("", func(m *voicemail.Message) { m.Heard = f.at.Now() }) },
			"unhear":  func(*rapid.T) { change("", func(m *voicemail.Message) { m.Heard = time.Time{} }) },
			"urgent":  func(*rapid.T) { change("", func(m *voicemail.Message) { m.Urgent = !m.Urgent }) },
			"move":    func(*rapid.T) { change("", func(m *voicemail.Message) { m.Folder = "work" }) },
			"delete":  func(*rapid.T) { change("", func(m *voicemail.Message) { m.Deleted = f.at.Now() }) },
			"restore": func(*rapid.T) { change(voicemail.Bin, func(m *voicemail.Message) { m.Deleted = time.Time{} }) },
			"wait": func(rt *rapid.T) {
				f.at.Add(20 * time.Minute)
				_, err := f.Work(t.Context())
				require.NoError(rt, err)
			},
			"": func(rt *rapid.T) {
				checkCounts(rt, f)
				box, err := f.Box(t.Context(), phone.Actor{}, f.box)
				require.NoError(rt, err)
				require.Zero(rt, box.Reserved)
				// The feed tells a client everything but what was purged.
				if since > 0 {
					for _, m := range f.list(voicemail.Query{Since: since}).Messages {
						feed[m.ID] = m
						since = m.Seq
					}
				} else if p := f.list(voicemail.Query{}); len(p.Messages) > 0 {
					for _, m := range p.Messages {
						feed[m.ID] = m
					}
					since = p.Seq
				}
				for _, m := range f.list(voicemail.Query{}).Messages {
					require.Equal(rt, m.Seq, feed[m.ID].Seq)
				}
			},
		})
	})
}

func TestOnlyWhatMayChangeDoes(t *testing.T) {
	f := newOffice(t, voicemail.NewMemory(), voicemail.Settings{}, voicemail.Options{})
	id := f.leave("k", 2*time.Second).Message
	before := f.list(voicemail.Query{}).Messages[0]
	after, err := f.Update(t.Context(), phone.Actor{}, f.box, id, func(m *voicemail.Message) {
		*m = voicemail.Message{ID: "x", Blob: "x", Folder: "work", Call: phone.Call{Tenant: "other"}, Number: 99, Seq: 99, Length: time.Hour}
	})
	require.NoError(t, err)
	want := before
	want.Folder, want.Seq, want.Revision = "work", before.Seq+1, before.Revision+1
	assert.Equal(t, want, after)
	assert.Equal(t, want, f.list(voicemail.Query{}).Messages[0])
	for _, folder := range []string{"bin", "Bin", string(make([]byte, 81))} {
		_, err = f.Update(t.Context(), phone.Actor{}, f.box, id, func(m *voicemail.Message) { m.Folder = folder })
		require.Error(t, err)
	}
	same, err := f.Update(t.Context(), phone.Actor{}, f.box, id, func(*voicemail.Message) {})
	require.NoError(t, err)
	assert.Equal(t, want, same, "nothing changed, nothing written")
}

func TestNobodySeesWhatIsNotTheirs(t *testing.T) {
	each(t, func(t *testing.T, s stores) {
		owner := phone.Actor{Kind: phone.Person, ID: "owner"}
		f := newOffice(t, s, voicemail.Settings{}, voicemail.Options{})
		id := f.leave("k", 2*time.Second).Message
		guarded, err := voicemail.New(s, s, s, &voicemail.Options{
			Clock: f.at,
			Authorizer: func(_ context.Context, a phone.Actor, _ voicemail.Action, _ voicemail.BoxID) error {
				if a != owner {
					return errors.New("not the owner of sales, which has 1 message")
				}
				return nil
			},
		})
		require.NoError(t, err)
		foreign := voicemail.BoxID{Tenant: "other", Mailbox: f.box.Mailbox}
		try := func(a phone.Actor, box voicemail.BoxID) map[string]error {
			_, one := guarded.Box(t.Context(), a, box)
			_, two := guarded.Messages(t.Context(), a, box, voicemail.Query{IDs: []string{id}})
			r, three := guarded.Open(t.Context(), a, box, id)
			if three == nil {
				_, err := io.ReadAll(r)
				require.NoError(t, errors.Join(err, r.Close()))
			}
			_, four := guarded.Update(t.Context(), a, box, id, func(m *voicemail.Message) { m.Urgent = true })
			return map[string]error{"box": one, "messages": two, "open": three, "update": four}
		}
		for name, err := range try(owner, f.box) {
			assert.NoError(t, err, name)
		}
		for _, box := range []voicemail.BoxID{f.box, foreign} {
			for name, err := range try(phone.Actor{ID: "stranger"}, box) {
				assert.Equal(t, voicemail.ErrNotFound, err, "%s: no more than that", name)
			}
		}
		for name, err := range try(owner, foreign) {
			assert.Equal(t, voicemail.ErrNotFound, err, "%s of another tenant", name)
		}
		require.Equal(t, voicemail.ErrNotFound, guarded.PutBox(t.Context(), phone.Actor{}, voicemail.Box{ID: f.box}))
		// The same key and the same mailbox of another tenant are another capture.
		r := f.request("k")
		r.Call.Tenant = "other"
		_, err = f.Begin(t.Context(), r)
		require.ErrorIs(t, err, voicemail.ErrNotFound)
		require.NoError(t, f.Release(t.Context(), r))
		assert.Len(t, f.list(voicemail.Query{}).Messages, 1)
	})
}
