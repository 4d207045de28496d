package greeting_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"
	"pgregory.net/rapid"

	"github.com/afterbeep/afterbeep/greeting"
	"github.com/afterbeep/afterbeep/hours"
	"github.com/afterbeep/afterbeep/phone"
)

// model is the documentation of Select, written down as slowly and plainly as
// possible: throw out what does not apply, keep the highest class, sort what is
// left.
type model struct {
	snapshot greeting.Snapshot
	fallback language.Tag
}

func (m model) choose(t *rapid.T, q greeting.Query) (rule, id string, class greeting.Class) {
	order := []greeting.Class{
		"override", "temporary", "holiday", "any-holiday", "reason", "closed", "open", "department", "mailbox", "account",
	}
	for _, class := range order {
		var left []greeting.Rule
		for _, r := range m.snapshot.Rules {
			if r.Weight() == class && m.applies(t, r, q) {
				left = append(left, r)
			}
		}
		if len(left) > 0 {
			slices.SortFunc(left, func(a, b greeting.Rule) int {
				if m.better(t, a, b, q.Divert.Language) {
					return -1
				}
				return 1
			})
			return left[0].ID, left[0].Greeting, class
		}
	}
	return "", "", "builtin"
}

func (m model) greeting(id string) greeting.Greeting {
	for _, g := range m.snapshot.Greetings {
		if g.ID == id {
			return g
		}
	}
	return greeting.Greeting{}
}

func (m model) applies(t *rapid.T, r greeting.Rule, q greeting.Query) bool {
	g := m.greeting(r.Greeting)
	from, until := m.span(t, r)
	s, w, d := q.Divert.Situation, r.When, q.Divert
	return !g.Draft && g.Clip != "" &&
		(from.IsZero() || !q.At.Before(from)) && (until.IsZero() || q.At.Before(until)) &&
		(len(w.Kinds) == 0 || slices.Contains(w.Kinds, s.Kind)) &&
		(w.Holiday == "" || s.Kind == hours.KindHoliday && (s.ID == w.Holiday || s.Label == w.Holiday)) &&
		(len(w.Outcomes) == 0 || slices.Contains(w.Outcomes, d.Outcome)) &&
		(w.Department == "" || w.Department == d.Department) &&
		(w.Line == "" || w.Line == d.Line) && (w.Mailbox == "" || w.Mailbox == d.Mailbox)
}

func (m model) span(t *rapid.T, r greeting.Rule) (from, until time.Time) {
	zone, err := time.LoadLocation(r.Zone)
	require.NoError(t, err)
	if !r.From.IsZero() {
		from = r.From.In(zone)
	}
	if !r.Until.IsZero() {
		until = r.Until.In(zone)
	}
	return from, until
}

func (m model) better(t *rapid.T, a, b greeting.Rule, ask language.Tag) bool {
	if x, y := m.step(a, ask), m.step(b, ask); x != y {
		return x < y
	}
	dims := func(w greeting.When) (n int) {
		for _, s := range []string{w.Holiday, w.Department, string(w.Line), string(w.Mailbox)} {
			if s != "" {
				n++
			}
		}
		return n + min(1, len(w.Kinds)) + min(1, len(w.Outcomes))
	}
	if x, y := dims(a.When), dims(b.When); x != y {
		return x > y
	}
	length := func(r greeting.Rule) time.Duration {
		if from, until := m.span(t, r); !from.IsZero() && !until.IsZero() {
			return until.Sub(from)
		}
		return 1 << 62
	}
	if x, y := length(a), length(b); x != y {
		return x < y
	}
	if a.Order != b.Order {
		return a.Order < b.Order
	}
	if !a.Published.Equal(b.Published) {
		return a.Published.After(b.Published)
	}
	return a.ID < b.ID
}

// step is enough for en, fr, fr-CA, de and none: the tag, its language, the
// same language, no language, and all that once more for the default.
func (m model) step(r greeting.Rule, ask language.Tag) int {
	own := m.greeting(r.Greeting).Language
	for i, want := range []language.Tag{ask, m.fallback} {
		switch base, _ := own.Base(); {
		case own == language.Und:
			return 4
		case own == want:
			return 10*i + 1
		case want != language.Und && want.Parent() == own:
			return 10*i + 2
		case want != language.Und && base.String() == want.String()[:2]:
			return 10*i + 3
		}
	}
	return 99
}

var tags = []language.Tag{language.Und, language.English, language.French, language.CanadianFrench, language.German}

func anySnapshot(t *rapid.T) greeting.Snapshot {
	var s greeting.Snapshot
	for i := range rapid.IntRange(1, 6).Draw(t, "greetings") {
		g := hello(string(rune('A'+i)), rapid.SampledFrom(tags).Draw(t, "language"))
		g.Draft = rapid.IntRange(0, 9).Draw(t, "draft") == 0
		s.Greetings = append(s.Greetings, g)
	}
	for i := range rapid.IntRange(0, 12).Draw(t, "rules") {
		s.Rules = append(s.Rules, anyRule(t, string(rune('a'+i)), len(s.Greetings)))
	}
	return s
}

func anyRule(t *rapid.T, id string, greetings int) greeting.Rule {
	maybe := func(label string, values ...string) string {
		return rapid.SampledFrom(append(values, "", "")).Draw(t, label)
	}
	r := greeting.Rule{
		ID: id, Greeting: string(rune('A' + rapid.IntRange(0, greetings-1).Draw(t, "greeting"))),
		Class: greeting.Class(maybe("class", "", "", "temporary", "account", "closed")),
		Order: rapid.IntRange(0, 1).Draw(t, "order"),
		When: greeting.When{
			Kinds:      rapid.SliceOfNDistinct(anyKind, 0, 2, rapid.ID[hours.Kind]).Draw(t, "kinds"),
			Holiday:    maybe("holiday", "noel"),
			Outcomes:   rapid.SampledFrom([][]phone.Outcome{nil, nil, {phone.Busy}, {phone.Busy, phone.DND}}).Draw(t, "outcomes"),
			Department: maybe("department", "sales"),
			Line:       phone.LineID(maybe("line", "one")),
			Mailbox:    phone.MailboxID(maybe("mailbox", "one")),
		},
		Published: time.Date(2026, 1, 1, rapid.IntRange(0, 1).Draw(t, "published"), 0, 0, 0, time.UTC),
	}
	switch rapid.IntRange(0, 5).Draw(t, "span") {
	case 0:
		r.From, r.Zone = anyCivil.Draw(t, "from"), anyZone.Draw(t, "zone")
	case 1:
		r.Until, r.Zone = anyCivil.Draw(t, "until"), anyZone.Draw(t, "zone")
	case 2:
		r.From, r.Zone = anyCivil.Draw(t, "from"), anyZone.Draw(t, "zone")
		r.Until = r.From.AddDays(rapid.IntRange(1, 3).Draw(t, "days"))
	}
	if !r.Until.IsZero() && rapid.IntRange(0, 3).Draw(t, "override") == 0 {
		r.Class = greeting.ClassOverride
	}
	return r
}

// The week in which Montréal sets its clocks back.
var (
	anyKind = rapid.SampledFrom([]hours.Kind{
		hours.KindOpen, hours.KindBreak, hours.KindClosed, hours.KindWeekend, hours.KindHoliday,
	})
	anyZone  = rapid.SampledFrom([]string{montreal, "Europe/Paris", "UTC", "Pacific/Kiritimati"})
	anyCivil = rapid.Custom(func(t *rapid.T) hours.Civil {
		return hours.Civil{
			Year: 2026, Month: time.November, Day: rapid.IntRange(1, 7).Draw(t, "day"),
			Minute: rapid.SampledFrom([]int{0, 60, 90, 9 * 60, 1439}).Draw(t, "minute"),
		}
	})
	anyInstant = rapid.Custom(func(t *rapid.T) time.Time {
		minutes := rapid.IntRange(0, 8*24*60).Draw(t, "minutes")
		return time.Date(2026, time.October, 31, 12, 0, 0, 0, time.UTC).Add(time.Duration(minutes) * time.Minute)
	})
)

func anyDivert(t *rapid.T) phone.Divert {
	d := phone.Divert{
		Outcome:    rapid.SampledFrom([]phone.Outcome{"", phone.Busy, phone.DND, phone.NoAnswer}).Draw(t, "outcome"),
		Department: rapid.SampledFrom([]string{"", "sales"}).Draw(t, "department"),
		Line:       rapid.SampledFrom([]phone.LineID{"", "one"}).Draw(t, "line"),
		Mailbox:    rapid.SampledFrom([]phone.MailboxID{"", "one"}).Draw(t, "mailbox"),
		Language:   rapid.SampledFrom(append(tags, language.AmericanEnglish)).Draw(t, "asked"),
	}
	d.Situation.Kind = anyKind.Draw(t, "kind")
	if d.Situation.Kind == hours.KindHoliday {
		d.Situation.ID = rapid.SampledFrom([]string{"", "noel"}).Draw(t, "id")
		d.Situation.Label = rapid.SampledFrom([]string{"Noël", "noel"}).Draw(t, "label")
	}
	return d
}

func anyLibrary(t *rapid.T) (*greeting.Library, model) {
	m := model{snapshot: anySnapshot(t), fallback: rapid.SampledFrom(tags[1:]).Draw(t, "default")}
	l, err := greeting.New(m.snapshot, &greeting.Options{Default: m.fallback})
	require.NoError(t, err)
	return l, m
}

func TestSelectLikeModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l, m := anyLibrary(t)
		q := greeting.Query{At: anyInstant.Draw(t, "at"), Divert: anyDivert(t)}
		d := l.Select(q)
		rule, id, class := m.choose(t, q)
		require.Equal(t, rule, d.Rule)
		require.Equal(t, class, d.Class)
		if rule != "" {
			require.Equal(t, id, d.Greeting.ID)
		}
		require.NotEmpty(t, d.Greeting.Clip)
		require.NotEmpty(t, d.Match)

		// Explain says the same, and each of the other rules is there once, for
		// a reason that the model confirms.
		d2, others := l.Explain(q)
		require.Equal(t, d, d2)
		seen := map[string]bool{rule: true}
		for _, c := range others {
			require.False(t, seen[c.Rule], c.Rule)
			seen[c.Rule] = true
			for _, r := range m.snapshot.Rules {
				if r.ID == c.Rule {
					require.Equal(t, m.applies(t, r, q), c.Why.Applies(), "%v", c)
				}
			}
		}
		delete(seen, "")
		require.Len(t, seen, len(m.snapshot.Rules))
	})
}

// The order in a snapshot decides nothing.
func TestOrderOfSnapshot(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l, m := anyLibrary(t)
		m.snapshot.Rules = rapid.Permutation(m.snapshot.Rules).Draw(t, "rules")
		m.snapshot.Greetings = rapid.Permutation(m.snapshot.Greetings).Draw(t, "greetings")
		other, err := greeting.New(m.snapshot, &greeting.Options{Default: m.fallback})
		require.NoError(t, err)
		q := greeting.Query{At: anyInstant.Draw(t, "at"), Divert: anyDivert(t)}
		require.Equal(t, l.Select(q), other.Select(q))
	})
}

// Nothing changes before ValidUntil.
func TestValidUntilHolds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l, _ := anyLibrary(t)
		q := greeting.Query{At: anyInstant.Draw(t, "at"), Divert: anyDivert(t)}
		d := l.Select(q)
		later := greeting.Query{At: anyInstant.Draw(t, "later"), Divert: q.Divert}
		if later.At.Before(q.At) || !d.ValidUntil.IsZero() && !later.At.Before(d.ValidUntil) {
			later.At = q.At
		}
		require.Equal(t, d, l.Select(later))
		if !d.ValidUntil.IsZero() {
			require.True(t, d.ValidUntil.After(q.At))
			later.At = d.ValidUntil.Add(-1)
			require.Equal(t, d, l.Select(later))
		}
	})
}
