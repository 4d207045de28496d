package greeting_test

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/greeting"
	"github.com/afterbeep/afterbeep/hours"
	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/phone"
)

// tremblay is the greetings of a joinery in Montréal.
func tremblay(closed, feast, busy string) greeting.Snapshot {
	return greeting.Snapshot{
		Tenant: "tremblay",
		Greetings: []greeting.Greeting{
			{ID: "closed-fr", Clip: closed, Language: language.CanadianFrench},
			{ID: "feast-fr", Clip: feast, Language: language.CanadianFrench},
			{ID: "busy-en", Clip: busy, Language: language.English},
		},
		Rules: []greeting.Rule{
			{ID: "closed", Greeting: "closed-fr", When: greeting.When{
				Kinds: []hours.Kind{hours.KindClosed, hours.KindWeekend, hours.KindBreak, hours.KindHoliday},
			}},
			{ID: "feast", Greeting: "feast-fr", When: greeting.When{Holiday: "fete-nationale"}},
			{ID: "busy", Greeting: "busy-en", When: greeting.When{Outcomes: []phone.Outcome{phone.Busy, phone.NoAnswer}}},
			{
				ID: "moved", Greeting: "closed-fr", Class: greeting.ClassTemporary, Zone: "America/Toronto",
				From: hours.Date(2026, time.July, 18), Until: hours.Date(2026, time.August, 3),
			},
		},
	}
}

// A caller on the national holiday of Québec: what they hear, and why nothing
// else.
func ExampleLibrary_Explain() {
	ctx := context.Background()
	clips := greeting.NewMemory()
	record := func(hz float64) string { // in earnest: what somebody has spoken
		hash, err := greeting.Store(ctx, clips, "tremblay", pcm.Tone(8000, time.Second, hz))
		if err != nil {
			fmt.Println(err)
		}
		return hash
	}
	l, err := greeting.New(tremblay(record(440), record(550), record(660)), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	d, others := l.Explain(greeting.Query{
		At: time.Date(2026, time.June, 24, 10, 0, 0, 0, time.UTC),
		Divert: phone.Divert{
			Language:  language.French,
			Situation: hours.Situation{Kind: hours.KindHoliday, ID: "fete-nationale", Label: "Fête nationale"},
		},
	})
	fmt.Println(d.Greeting.ID, "by rule", d.Rule, "of class", d.Class, "language:", d.Match)
	for _, c := range others {
		fmt.Println("not", c.Rule+":", c.Why)
	}
	clip, err := greeting.Fetch(ctx, clips, "tremblay", d.Greeting)
	fmt.Println("play", clip.Duration(), err)
	// Output:
	// feast-fr by rule feast of class holiday language: related
	// not moved: not-yet
	// not busy: outcome
	// not closed: class
	// play 1s <nil>
}

// What an English caller hears around the two weeks in which the trade rests.
func ExampleLibrary_Simulate() {
	hash := fmt.Sprintf("%064x", 1)
	l, err := greeting.New(tremblay(hash, hash, hash), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	schedule, err := hours.New(hours.Spec{
		Zone: "America/Toronto",
		Week: hours.MondayToFriday(hours.Span{From: 8 * 60, To: 17 * 60}),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	from := hours.Civil{Year: 2026, Month: time.July, Day: 17, Minute: 12 * 60}.In(schedule.Zone())
	caller := greeting.Query{Divert: phone.Divert{Language: language.English}}
	for at, d := range l.Simulate(schedule, caller, from, from.AddDate(0, 0, 17)) {
		fmt.Println(at.Format("2 Jan 15:04"), d.Greeting.ID, d.Class)
	}
	// Output:
	// 17 Jul 12:00 builtin-en builtin
	// 17 Jul 17:00 closed-fr closed
	// 18 Jul 00:00 closed-fr temporary
	// 3 Aug 00:00 closed-fr closed
	// 3 Aug 08:00 builtin-en builtin
}

// files is Clips in a folder, one folder a tenant.
type files struct{ root *os.Root }

func (f files) name(tenant phone.TenantID, key string) string {
	return fmt.Sprintf("%x/%x", "t"+tenant, key) // a tenant may be any text, or none
}

func (f files) Put(_ context.Context, tenant phone.TenantID, key string, r io.Reader, size int64) error {
	name := f.name(tenant, key)
	if _, err := f.root.Stat(name); err == nil {
		return nil
	}
	data, err := io.ReadAll(io.LimitReader(r, size+1))
	if err != nil {
		return err
	}
	if int64(len(data)) != size {
		return io.ErrUnexpectedEOF
	}
	if err := f.root.MkdirAll(fmt.Sprintf("%x", "t"+tenant), 0o700); err != nil {
		return err
	}
	// A file appears whole under its name, or not at all.
	part := fmt.Sprintf("%s.%p", name, &data)
	if err := f.root.WriteFile(part, data, 0o600); err != nil {
		return err
	}
	if err := f.root.Link(part, name); err != nil && !os.IsExist(err) {
		return err
	}
	return f.root.Remove(part)
}

func (f files) Open(_ context.Context, tenant phone.TenantID, key string, from, n int64) (io.ReadCloser, error) {
	file, err := f.root.Open(f.name(tenant, key))
	if err != nil {
		return nil, err
	}
	if n < 0 {
		n = 1 << 62
	}
	return struct {
		io.Reader
		io.Closer
	}{io.NewSectionReader(file, from, n), file}, nil
}

func (f files) Delete(_ context.Context, tenant phone.TenantID, key string) error {
	if err := f.root.Remove(f.name(tenant, key)); err != nil && !os.IsNotExist(err) {
		return err
	}
	return nil
}

// A store of the host's own is three methods. The test of this package runs the
// suite greetingtest.TestClips on this one.
func ExampleClips() {
	dir, err := os.MkdirTemp("", "clips")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }() // a folder of the system
	root, err := os.OpenRoot(dir)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = root.Close() }() // nothing is written any more

	ctx := context.Background()
	var clips greeting.Clips = files{root}
	hash, err := greeting.Store(ctx, clips, "tremblay", pcm.Tone(8000, time.Second, 440))
	fmt.Println(len(hash), err)
	_, err = fs.Stat(root.FS(), fmt.Sprintf("%x/%x", "ttremblay", hash))
	fmt.Println("kept:", err == nil)

	// The wrong tenant has no such clip, and its caller hears the built-in one.
	clip, err := greeting.Fetch(ctx, clips, "other", greeting.Greeting{ID: "g", Clip: hash, Language: language.Spanish})
	fmt.Println(clip.Duration() > 2*time.Second, err != nil)
	// Output:
	// 64 <nil>
	// kept: true
	// true true
}
