package autoreply_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/phone"
)

func TestWords(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"STOP": autoreply.OptOut, "stop.": autoreply.OptOut, " Stop! ": autoreply.OptOut, "S.T.O.P.": autoreply.OptOut,
		"ＳＴＯＰ": autoreply.OptOut, "STOP 🛑": autoreply.OptOut, "please stop": autoreply.OptOut, "Stop texting me please": autoreply.OptOut,
		"Arrêt": autoreply.OptOut, "ARRET svp": autoreply.OptOut, "arrêtez s'il vous plaît": autoreply.OptOut, "Baja por favor": autoreply.OptOut,
		"please opt me out": autoreply.OptOut, "opt-out": autoreply.OptOut, "UNSUBSCRIBE": autoreply.OptOut, "TD": autoreply.OptOut,
		"no más": autoreply.OptOut, "stop stop stop": autoreply.OptOut, "start stop": "",
		"please stop the work": "", "don't stop": "", "bus stop": "", "The end of the street": "", "": "", "🙂": "",
		"START": autoreply.OptIn, "unstop": autoreply.OptIn,
		"HELP": autoreply.HelpAsked, "Aide svp": autoreply.HelpAsked, "ayuda": autoreply.HelpAsked, "I need help with my boiler": "",
		"yes": "", "arrete tes betises": "",
	} {
		w, found := autoreply.FindWord(text, number(t, caller), noon)
		assert.Equal(t, want != "", found, text)
		assert.Equal(t, want, w.Class, text)
	}
	_, found := autoreply.FindWord("td", number(t, "+33142685300"), noon)
	assert.False(t, found, "td is a word of North America")
	_, found = autoreply.FindWord("revoke", number(t, caller), time.Date(2025, 4, 10, 0, 0, 0, 0, time.UTC))
	assert.False(t, found, "not yet")
}

func TestEveryWordIsFolded(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, w := range autoreply.Words() {
		assert.Equal(t, w.Text, autoreply.Fold(w.Text))
		assert.False(t, seen[w.Text], w.Text)
		assert.NotEmpty(t, w.Source, w.Text)
		seen[w.Text] = true
		found, ok := autoreply.FindWord(w.Text, number(t, caller), noon)
		assert.True(t, ok, w.Text)
		assert.Equal(t, w.Class, found.Class, w.Text)
	}
}

func TestOptOutWithdrawsWhatWaits(t *testing.T) {
	t.Parallel()
	f := open(t, basics(), nil)
	f.handle(f.event(phone.CallMissed, "1"))
	stop := f.event(phone.TextReceived, "2")
	stop.Text = "STOP"
	d := f.handle(stop)
	assert.Equal(t, autoreply.ReasonKeyword, d.Reason)
	assert.Equal(t, autoreply.OptOut, d.Event.Type)
	assert.Equal(t, "consent.opt-out/text.received/2", d.Event.ID)
	assert.True(t, slices.ContainsFunc(f.events, func(e phone.Event) bool { return e.Type == autoreply.OptOut }), "observed")
	f.run(time.Minute)
	assert.Empty(t, f.sent())

	f.clock.pass(48 * time.Hour)
	assert.Equal(t, autoreply.ReasonOptedOut, f.handle(f.event(phone.TextReceived, "3")).Reason)
	start := f.event(phone.TextReceived, "4")
	start.Text = "start"
	assert.Equal(t, autoreply.ReasonKeyword, f.handle(start).Reason)
	assert.Equal(t, autoreply.ReasonKeyword, f.handle(stop).Reason, "a late double of the old word")
	assert.Equal(t, autoreply.Reply, f.handle(f.event(phone.TextReceived, "5")).Verdict)
}

func TestMachines(t *testing.T) {
	t.Parallel()
	f := open(t, basics(), nil)
	say := func(id, text string) autoreply.Decision {
		e := f.event(phone.TextReceived, id)
		e.Text = text
		return f.handle(e)
	}
	assert.Equal(t, autoreply.ReasonMachine, say("1", "This is an automated message. Reply STOP to end.").Reason)
	assert.Equal(t, autoreply.ReasonMachine, say("2", "Réponse automatique : je suis absent").Reason)
	assert.Equal(t, autoreply.ReasonMachine, say("3", "we read you SOON!").Reason, "our own text")
	long := "Your parcel 4711 arrives today between 2 and 4"
	require.Equal(t, autoreply.Reply, say("4", long).Verdict)
	f.clock.pass(4 * time.Hour)
	assert.Equal(t, autoreply.ReasonMachine, say("5", long).Reason, "word for word what was answered before")
	assert.Equal(t, autoreply.Reply, say("6", "hi").Verdict)
	f.clock.pass(4 * time.Hour)
	assert.Equal(t, autoreply.Reply, say("7", "hi").Verdict, "people say hi twice")
}

func TestBudgetOfAContact(t *testing.T) {
	t.Parallel()
	f := open(t, basics(), &autoreply.PolicyOptions{PerDay: 2})
	for i := range 2 {
		require.Equal(t, autoreply.Reply, f.handle(f.event(phone.TextReceived, fmt.Sprint(i))).Verdict)
		f.clock.pass(3 * time.Hour)
	}
	d := f.handle(f.event(phone.TextReceived, "2"))
	assert.Equal(t, autoreply.ReasonBudget, d.Reason)
	assert.Equal(t, noon.Add(24*time.Hour), d.Until)
	f.clock.at = d.Until
	assert.Equal(t, autoreply.Reply, f.handle(f.event(phone.TextReceived, "3")).Verdict)
}

func TestBreakerOfALine(t *testing.T) {
	t.Parallel()
	f := open(t, basics(), &autoreply.PolicyOptions{PerHour: 3})
	var last autoreply.Decision
	for i := range 10 {
		e := f.event(phone.TextReceived, fmt.Sprint(i))
		e.Contact.Number = number(t, fmt.Sprintf("+1514555%04d", i))
		last = f.handle(e)
		f.clock.pass(time.Second)
	}
	assert.Len(t, f.sent(), 3)
	assert.Equal(t, autoreply.ReasonBreaker, last.Reason)
	assert.Equal(t, noon.Add(time.Hour), last.Until)
	f.clock.at = last.Until
	assert.Equal(t, autoreply.Reply, f.handle(f.event(phone.TextReceived, "again")).Verdict)
}

func TestQuietHours(t *testing.T) {
	t.Parallel()
	montreal, err := time.LoadLocation("America/Toronto")
	require.NoError(t, err)
	o := &autoreply.PolicyOptions{Quiet: autoreply.Daytime(8, 21, func(phone.Event) *time.Location { return montreal })}
	f := open(t, basics(), o)
	f.clock.at = time.Date(2026, 6, 15, 22, 0, 0, 0, montreal)
	f.handle(f.event(phone.CallMissed, "1"))
	f.run(time.Minute)
	assert.Len(t, f.sent(), 1, "an answer at once is no call at night")

	f = open(t, basics(), o)
	f.clock.at = time.Date(2026, 6, 15, 22, 0, 0, 0, montreal)
	f.handle(f.event(phone.CallMissed, "1"))
	done := f.run(6 * time.Minute)
	require.Len(t, done, 1)
	assert.Equal(t, autoreply.ReasonQuiet, done[0].Reason)
	assert.Equal(t, time.Date(2026, 6, 16, 8, 0, 0, 0, montreal).UTC(), done[0].Due.UTC())
	f.clock.at = done[0].Due
	done = f.run(0)
	require.Len(t, done, 1)
	assert.Equal(t, autoreply.Reply, done[0].Verdict)
}

func TestDaytimeOverTheGap(t *testing.T) {
	t.Parallel()
	montreal, err := time.LoadLocation("America/Toronto")
	require.NoError(t, err)
	quiet := autoreply.Daytime(8, 21, func(phone.Event) *time.Location { return montreal })
	at := time.Date(2026, 3, 7, 23, 30, 0, 0, montreal)
	assert.Equal(t, "2026-03-08T08:00:00-04:00", quiet(phone.Event{}, at).In(montreal).Format(time.RFC3339), "the clocks go forward at 2")
	at = time.Date(2026, 3, 8, 20, 59, 0, 0, montreal)
	assert.Equal(t, at, quiet(phone.Event{}, at))
}

// network carries texts between engines, without delay.
type network struct {
	t     *testing.T
	peers []*office
	queue []func()
	count int
}

// join adds an office with a number; to says which peer gets what it sends.
func (n *network) join(to func(from int, text autoreply.Text) (peer int, body string)) {
	me := len(n.peers)
	f := open(n.t, basics(), nil)
	f.sender.Delivered = func(text autoreply.Text) {
		n.count++
		peer, body := to(me, text)
		n.queue = append(n.queue, func() { n.deliver(peer, me, body) })
	}
	n.peers = append(n.peers, f)
}

func (n *network) deliver(to, from int, body string) {
	f := n.peers[to]
	e := f.event(phone.TextReceived, fmt.Sprintf("%d-%d", from, n.count))
	e.Contact.Number = number(n.t, fmt.Sprintf("+1514555%04d", from))
	e.Text = body
	f.handle(e)
}

// run delivers until nothing moves, at most a thousand texts.
func (n *network) run() {
	for i := 0; len(n.queue) > 0 && i < 1000; i++ {
		next := n.queue[0]
		n.queue = n.queue[1:]
		for _, f := range n.peers {
			f.clock.pass(time.Second)
		}
		next()
	}
	require.Empty(n.t, n.queue, "they never stop")
}

func TestTwoEnginesFallSilent(t *testing.T) {
	t.Parallel()
	n := &network{t: t}
	for range 2 {
		n.join(func(from int, text autoreply.Text) (int, string) {
			return 1 - from, fmt.Sprintf("%s, office %d", text.Body, from)
		})
	}
	n.deliver(0, 1, "hello")
	n.run()
	for _, f := range n.peers {
		assert.Len(t, f.sent(), 1)
	}
}

func TestTenEnginesInARing(t *testing.T) {
	t.Parallel()
	n := &network{t: t}
	for range 10 {
		n.join(func(from int, text autoreply.Text) (int, string) {
			return (from + 1) % 10, fmt.Sprintf("%s, office %d", text.Body, from)
		})
	}
	n.deliver(0, 9, "hello")
	n.run()
	for _, f := range n.peers {
		assert.LessOrEqual(t, len(f.sent()), 1)
	}
}

func TestPeerThatChangesACharacter(t *testing.T) {
	t.Parallel()
	f := open(t, basics(), nil)
	for i := range 500 {
		e := f.event(phone.TextReceived, fmt.Sprint(i))
		e.Text = fmt.Sprintf("I am a robot and this is sentence %d", i)
		f.handle(e)
		f.clock.pass(time.Second)
	}
	assert.Len(t, f.sent(), 1)
}

func TestOrigins(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]autoreply.Reason{
		"+18005550100": autoreply.ReasonTollFree, "+18885550100": autoreply.ReasonTollFree, "+80012345678": autoreply.ReasonTollFree,
		"+33800123456": autoreply.ReasonTollFree, "+448001234567": autoreply.ReasonTollFree, "+34900123456": autoreply.ReasonTollFree,
		"+19005550100": autoreply.ReasonService, "+15149110100": autoreply.ReasonService,
		"+97912345678": autoreply.ReasonService, "+33899123456": autoreply.ReasonService, "+449012345678": autoreply.ReasonService, "+34803123456": autoreply.ReasonService,
		"+15145550100": "", "+33142685300": "", "+442079460000": "", "+34612345678": "", "+18105550100": "", "+15145551100": "", "+3390123456": "",
	} {
		for _, refuse := range []bool{false, true} {
			f := open(t, basics(), &autoreply.PolicyOptions{RefuseTollFree: refuse})
			e := f.event(phone.TextReceived, "1")
			e.Contact.Number = number(t, text)
			d := f.handle(e)
			if want == "" || want == autoreply.ReasonTollFree && !refuse {
				assert.Equal(t, autoreply.Reply, d.Verdict, "%s: %s", text, d.Reason)
				continue
			}
			assert.Equal(t, want, d.Reason, text)
			assert.Zero(t, d.Until, text)
		}
	}
}

func TestEmailGateways(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*phone.Event)
		want   autoreply.Reason
	}{
		"an address":         {func(e *phone.Event) { e.Contact.URI = "mailto:bob@example.com" }, autoreply.ReasonGateway},
		"without its scheme": {func(e *phone.Event) { e.Contact.URI = "bob@example.com" }, autoreply.ReasonGateway},
		"as the key": {func(e *phone.Event) {
			e.Contact.Number, e.Key = phone.Number{}, "bob@example.com"
		}, autoreply.ReasonGateway},
		"as the name of a code": {func(e *phone.Event) {
			e.Contact.Number, e.Contact.Name = number(t, "6245"), "bob@example.com"
		}, autoreply.ReasonGateway},
		"in the text":     {func(e *phone.Event) { e.Text = "\nFRM:bob@example.com\nSUBJ:Hello\nMSG:Are you open?" }, autoreply.ReasonGateway},
		"a SIP address":   {func(e *phone.Event) { e.Contact.URI = "sip:+15145550100@example.com" }, ""},
		"a person's text": {func(e *phone.Event) { e.Text = "My address is bob@example.com" }, ""},
		"no address":      {func(e *phone.Event) { e.Text = "frm: me\nbob@example.com" }, ""},
		"a name":          {func(e *phone.Event) { e.Contact.Name = "B@b" }, ""},
		"a CRM's key":     {func(e *phone.Event) { e.Key = "bob@crm" }, ""},
	} {
		f := open(t, basics(), nil)
		e := f.event(phone.TextReceived, "1")
		c.change(&e)
		d := f.handle(e)
		assert.Equal(t, c.want, d.Reason, name)
		assert.Equal(t, c.want == "", d.Verdict == autoreply.Reply, name)
	}
}

func TestBackoff(t *testing.T) {
	t.Parallel()
	f := open(t, basics(), &autoreply.PolicyOptions{Backoff: 2, PerDay: 100})
	for i, window := range []time.Duration{3 * time.Hour, 6 * time.Hour, 12 * time.Hour, 12 * time.Hour} {
		require.Equal(t, autoreply.Reply, f.handle(f.event(phone.TextReceived, fmt.Sprint(i))).Verdict, i)
		free := f.clock.at.Add(window)
		f.clock.at = free.Add(-1)
		d := f.handle(f.event(phone.TextReceived, fmt.Sprint("early ", i)))
		assert.Equal(t, free, d.Until)
		assert.Equal(t, map[bool]autoreply.Reason{true: autoreply.ReasonCooldown, false: autoreply.ReasonBackoff}[i == 0], d.Reason)
		f.ledger.(*autoreply.Memory).Sweep(f.clock.at)
		f.clock.at = free
	}
	f.handle(f.event(phone.CallPlaced, "a colleague"))
	f.clock.pass(3 * time.Hour)
	require.Equal(t, autoreply.Reply, f.handle(f.event(phone.TextReceived, "anew")).Verdict)
	f.clock.pass(3 * time.Hour)
	require.Equal(t, autoreply.Reply, f.handle(f.event(phone.TextReceived, "the window is short again")).Verdict)
}

func TestLifetime(t *testing.T) {
	t.Parallel()
	f := open(t, basics(), &autoreply.PolicyOptions{PerLife: 3})
	for i := range 3 {
		require.Equal(t, autoreply.Reply, f.handle(f.event(phone.TextReceived, fmt.Sprint(i))).Verdict, i)
		f.clock.pass(30 * 24 * time.Hour)
		f.ledger.(*autoreply.Memory).Sweep(f.clock.at)
	}
	d := f.handle(f.event(phone.TextReceived, "one too many"))
	assert.Equal(t, autoreply.ReasonLifetime, d.Reason)
	assert.Zero(t, d.Until)
	f.handle(f.event(phone.TextSent, "a colleague"))
	f.clock.pass(3 * time.Hour)
	assert.Equal(t, autoreply.Reply, f.handle(f.event(phone.TextReceived, "anew")).Verdict)
	f.clock.pass(3 * time.Hour)
	assert.Equal(t, autoreply.Reply, f.handle(f.event(phone.TextReceived, "and again")).Verdict)

	for name, o := range map[string]autoreply.PolicyOptions{
		"/options/perLife": {PerLife: -1}, "/options/backoff": {Backoff: 11},
	} {
		_, err := autoreply.NewPolicy(basics(), &o)
		assert.ErrorContains(t, err, name)
	}
}
