package autoreply

import (
	"github.com/afterbeep/afterbeep/hours"
	"github.com/afterbeep/afterbeep/phone"
)

// Rule says which text answers which event. It is data: strict JSON with
// stable names. Everything that is left empty matches everything.
//
// Of the rules that match, the one with the highest Priority answers; among
// equals the more specific one (more filled conditions), then the smaller ID.
type Rule struct {
	// ID names the rule; required, unique in a policy, at most 128 bytes.
	ID string `json:"id"`
	// On are the types of events that it answers: [phone.CallMissed],
	// [phone.VoicemailLeft], [phone.TextReceived]. At least one.
	On []string `json:"on"`
	// Lines are the lines that it serves.
	Lines []phone.LineID `json:"lines,omitempty"`
	// When are the situations, as the caller's own call flow saw it, or as the
	// schedule of the policy says for the instant of the event.
	When []hours.Kind `json:"when,omitempty"`
	// Sources narrow the situation by where it came from:
	// [hours.SourceOverride] is "out of office".
	Sources []hours.Source `json:"sources,omitempty"`
	// Holiday is the label of the holiday, exception or override.
	Holiday string `json:"holiday,omitempty"`
	// Outcomes narrow by how the ring ended: [phone.DND] is "do not disturb".
	Outcomes []phone.Outcome `json:"outcomes,omitempty"`
	// If narrows by contact and text.
	If Match `json:"if,omitzero"`
	// Text is what is sent, by BCP 47 tag; at least one, at most 1600 bytes
	// each. The language is the contact's, then the one of the call, then
	// [PolicyOptions.Language], then English, then the first tag.
	//
	// Placeholders are {name} (of the contact, if the host knows it),
	// {business}, {department}, {holiday} (the label of the situation), {opens}
	// (the next opening: "tomorrow at 9:00") and {date}. {name|there} has a
	// fallback; {{ and }} are braces. Without a value and a fallback a
	// placeholder leaves nothing, and no double space.
	Text map[string]string `json:"text"`
	// From and Until bound the life of the rule, half-open, on the wall clock
	// of Zone (an IANA name; required when one of them is set).
	From  hours.Civil `json:"from,omitzero"`
	Until hours.Civil `json:"until,omitzero"`
	Zone  string      `json:"zone,omitempty"`
	// Priority orders the rules; higher wins; -1000 to 1000.
	Priority int `json:"priority,omitempty"`
	// Disabled keeps the rule and stops it at once, also for replies that are
	// decided and not yet marked as being sent.
	Disabled bool `json:"disabled,omitempty"`
}

// Match is what a rule may ask of the contact and of their text. The zero
// value asks nothing.
type Match struct {
	// Keywords: one of them must be a word, or words, of the text. Case,
	// accents and punctuation do not count. A call has no text and never matches.
	Keywords []string `json:"keywords,omitempty"`
	// Tags: the contact has one of them.
	Tags []string `json:"tags,omitempty"`
	// Contact is known or new; empty is both.
	Contact Standing `json:"contact,omitempty"`
	// Languages: the contact's language is one of them, or a regional form.
	Languages []string `json:"languages,omitempty"`
	// Departments: what the caller chose in the menu.
	Departments []string `json:"departments,omitempty"`
	// Prefixes of the contact's number: "+1", "+33".
	Prefixes []string `json:"prefixes,omitempty"`
	// Numbers: the contact's number is of one of these types. A number whose
	// type nobody knows matches none of them.
	Numbers []NumberType `json:"numbers,omitempty"`
}

// NumberType is what stands behind a number. The host looks it up and says it
// in [Contact.NumberType]; of toll-free numbers this package knows the ranges.
type NumberType string

// The types.
const (
	Mobile   NumberType = "mobile"
	Landline NumberType = "landline"
	VoIP     NumberType = "voip"
	TollFree NumberType = "toll-free"
)

// Standing tells contacts in the address book from strangers.
type Standing string

// The standings.
const (
	Known    Standing = "known"
	Stranger Standing = "new"
)
