package callflow

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Severity is how bad a [Problem] is.
type Severity string

// The severities of problems.
const (
	Error   Severity = "error"   // the flow does not compile
	Warning Severity = "warning" // the flow runs, but probably not as meant
	NotRun  Severity = "not-run" // a check lacks its input
)

// Code is what a [Problem] is about; stable, for a host that shows problems in
// its own words.
type Code string

// The codes of problems.
const (
	BadJSON        Code = "bad-json"
	UnknownField   Code = "unknown-field"
	DuplicateField Code = "duplicate-field"
	MissingField   Code = "missing-field"
	BadValue       Code = "bad-value"
	BadName        Code = "bad-name"
	OverLimit      Code = "over-limit"
	UnknownKind    Code = "unknown-kind"
	MissingStep    Code = "missing-step"    // an edge to a step that is not there
	UnwiredOutcome Code = "unwired-outcome" // an outcome that leads nowhere
	UnknownOutcome Code = "unknown-outcome" // an edge that is never taken
	Unreachable    Code = "unreachable"     // a step that no call comes to
	Trapped        Code = "trapped"         // a step from which no call ends
	BusyLoop       Code = "busy-loop"       // a cycle in which nothing waits
	EmptyRing      Code = "empty-ring"
	RingTime       Code = "ring-time"
	EmptyMenu      Code = "empty-menu"
	BadKey         Code = "bad-key"
	DuplicateKey   Code = "duplicate-key"
	KeyPrefix      Code = "key-prefix" // a key that is the beginning of another

	UnknownSchedule Code = "unknown-schedule"
	UnknownPrompt   Code = "unknown-prompt"
	UnknownTarget   Code = "unknown-target"
	UnknownLanguage Code = "unknown-language"
	UnknownMailbox  Code = "unknown-mailbox"
)

// Problem is one thing that is wrong with a flow, or one check that could not
// run.
type Problem struct {
	Code     Code     `json:"code"`
	Severity Severity `json:"severity"`
	Step     string   `json:"step,omitempty"` // the name of the step, when it is about one
	// Pointer is where it is in the JSON form (RFC 6901), also for a flow that
	// was built in Go. Empty is the whole form.
	Pointer string `json:"pointer"`
	Text    string `json:"text"`          // what is wrong, in English
	Fix     string `json:"fix,omitempty"` // what would be right
}

// String is the problem on one line.
func (p Problem) String() string {
	where := p.Pointer
	if where == "" {
		where = "flow"
	}
	line := fmt.Sprintf("%s: %s: %s (%s)", where, p.Severity, p.Text, p.Code)
	if p.Fix != "" {
		line += "; " + p.Fix
	}
	return line
}

// Report is everything that was found, in the order of the pointers. At most
// [MaxProblems] are reported.
type Report []Problem

// MaxProblems is how many problems a report holds.
const MaxProblems = 200

// Err is nil when nothing in r is an [Error], and otherwise a [*ReportError].
func (r Report) Err() error {
	for _, p := range r {
		if p.Severity == Error {
			return &ReportError{Problems: r}
		}
	}
	return nil
}

// ReportError is a report as an error.
type ReportError struct {
	Problems Report // all of them, warnings too
}

// Error implements error: the errors, one a line, the first ten of them.
func (e *ReportError) Error() string {
	var text strings.Builder
	text.WriteString("callflow: the flow does not compile")
	count := 0
	for _, p := range e.Problems {
		if p.Severity != Error {
			continue
		}
		if count++; count <= 10 {
			text.WriteString("\n" + p.String())
		}
	}
	if count > 10 {
		text.WriteString("\nand " + strconv.Itoa(count-10) + " more")
	}
	return text.String()
}

func (r Report) sorted() Report {
	slices.SortStableFunc(r, func(a, b Problem) int { return strings.Compare(a.Pointer, b.Pointer) })
	return r
}

// quote shows hostile text of any length on one line.
func quote(text string) string {
	if len(text) > 64 {
		return strconv.QuoteToASCII(text[:64]) + "…"
	}
	return strconv.QuoteToASCII(text)
}
