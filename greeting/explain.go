package greeting

// Candidate is a rule that is not heard, and why not.
type Candidate struct {
	Rule     string `json:"rule"`
	Greeting string `json:"greeting"` // its ID
	Class    Class  `json:"class"`
	Why      Why    `json:"why"`
}

// Why is the first reason why a rule is not heard.
type Why string

// The reasons, in the order in which they are asked for.
const (
	WhyDraft  Why = "draft"   // its greeting is a draft
	WhyNoClip Why = "no-clip" // its greeting has no sound
	WhyNotYet Why = "not-yet" // before From
	WhyOver   Why = "over"    // at Until or after it

	WhyKind       Why = "kind" // of the situation
	WhyHoliday    Why = "holiday"
	WhyOutcome    Why = "outcome"
	WhyDepartment Why = "department"
	WhyLine       Why = "line"
	WhyMailbox    Why = "mailbox"

	// The rule applies, and another is heard before it.
	WhyClass     Why = "class"     // of a higher class
	WhyLanguage  Why = "language"  // of the same class, that serves the caller's language better
	WhyGeneral   Why = "general"   // with more conditions
	WhyLonger    Why = "longer"    // valid for a shorter time
	WhyOrder     Why = "order"     // with a smaller Order
	WhyPublished Why = "published" // published later
	WhyID        Why = "id"        // equal in everything: the smaller ID is heard
)

// Applies reports whether the rule applied, and only yielded to another.
func (w Why) Applies() bool {
	switch w {
	case WhyClass, WhyLanguage, WhyGeneral, WhyLonger, WhyOrder, WhyPublished, WhyID:
		return true
	}
	return false
}

// Explain is [Library.Select] with all the other rules, each once, in the order
// in which they would be heard if all of them applied.
func (l *Library) Explain(q Query) (Decision, []Candidate) {
	d, best := l.choose(&q)
	if l == nil || len(l.rules) == 0 {
		return d, nil
	}
	ask, now := tongueOf(q.Divert.Language), q.At.Unix()
	others := make([]Candidate, 0, len(l.rules))
	for i := range l.rules {
		if i == best {
			continue
		}
		r := &l.rules[i]
		why := r.reject(now, &q.Divert)
		if why == "" {
			why = l.rules[best].beats(r, &ask, &l.deflt)
		}
		others = append(others, Candidate{Rule: r.id, Greeting: r.greeting.ID, Class: r.class, Why: why})
	}
	return d, others
}

// beats is why r is heard before other, which applies as well.
func (r *rule) beats(other *rule, ask, deflt *tongue) Why {
	_, place := ask.place(r.speaks, deflt)
	_, theirs := ask.place(other.speaks, deflt)
	switch {
	case r.rank != other.rank:
		return WhyClass
	case place != theirs:
		return WhyLanguage
	case r.dimensions != other.dimensions:
		return WhyGeneral
	case r.length != other.length:
		return WhyLonger
	case r.order != other.order:
		return WhyOrder
	case !r.published.Equal(other.published):
		return WhyPublished
	}
	return WhyID
}
