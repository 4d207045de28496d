package autoreply

import (
	"time"

	"github.com/afterbeep/afterbeep/phone"
)

// Decision is what becomes of one event, and why. It is plain JSON.
type Decision struct {
	Verdict Verdict `json:"verdict"`
	// Reason is why there is no reply, or none yet. It is empty for [Reply].
	Reason Reason `json:"reason,omitempty"`
	// Until is the first instant at which this refusal no longer holds for a
	// new event; zero when time alone does not end it.
	Until time.Time `json:"until,omitzero"`
	// Due is when a waiting reply will be decided; see [Engine.RunDue].
	Due time.Time `json:"due,omitzero"`
	// Rule is the ID of the rule that answers, and Text what is sent.
	Rule     string `json:"rule,omitempty"`
	Text     string `json:"text,omitempty"`
	Language string `json:"language,omitempty"` // the tag of Text
	// Key is the row of the ledger that decided.
	Key Key `json:"key,omitzero"`
	// Trigger is the event that is answered, or that would have been.
	Trigger phone.Event `json:"trigger,omitzero"`
	// Event is set when the contact wrote an opt-out, opt-in or help word: an
	// event of type [OptOut], [OptIn] or [HelpAsked] for the host's consent
	// list. Its ID is derived from the text's, so that doubles meet.
	Event phone.Event `json:"event,omitzero"`
}

// Verdict is what to do.
type Verdict string

// The verdicts.
const (
	Reply Verdict = "reply" // the text was accepted by the sender (of Decide and Preview: would be sent)
	Wait  Verdict = "wait"  // decide again at Due
	Skip  Verdict = "skip"  // no text, for Reason
	Noted Verdict = "noted" // not a trigger; what it says was kept
)

// Reason is why an event is not answered. The set is closed; hosts translate
// it for people.
type Reason string

// The reasons, in the order in which they are looked for: the first that holds
// is given. Unless a line says otherwise the verdict is [Skip] and Until is
// zero, because not time but a person has to change something.
const (
	ReasonIgnored     Reason = "ignored"        // the type is neither a trigger nor a contact
	ReasonInvalid     Reason = "invalid"        // no ID, no instant, or a field that is too long
	ReasonForeign     Reason = "foreign"        // the host has no such tenant; see [ErrTenant]
	ReasonGateway     Reason = "email-gateway"  // an e-mail that was turned into a text
	ReasonWithheld    Reason = "withheld"       // nobody to answer
	ReasonShort       Reason = "short"          // short codes and extensions
	ReasonAlpha       Reason = "alpha"          // a sender's name, which can not be answered
	ReasonOwn         Reason = "own"            // one of our own numbers
	ReasonService     Reason = "service-number" // a premium number, or an N11 code as an area or an exchange: no person calls from there
	ReasonTollFree    Reason = "toll-free"      // a toll-free number, where the policy refuses them
	ReasonKeyword     Reason = "keyword"        // an opt-out, opt-in or help word; see Decision.Event
	ReasonGroup       Reason = "group"          // a thread of more than two
	ReasonBlocked     Reason = "blocked"        // the contact is blocked
	ReasonOptedOut    Reason = "opted-out"      // the contact asked for silence
	ReasonUnreachable Reason = "unreachable"    // the number is known not to take texts
	ReasonFuture      Reason = "future"         // it has not happened yet; Until is when it has
	ReasonStale       Reason = "stale"          // it happened too long ago
	ReasonDuplicate   Reason = "duplicate"      // this event was already decided
	ReasonCovered     Reason = "covered"        // another event's reply covers it: the voicemail of the same call, or a text on its way
	ReasonCooldown    Reason = "cooldown"       // there was a reply; Until is the end of the window
	ReasonBackoff     Reason = "back-off"       // past the window, but nobody of the team was in touch since several replies; Until is the end of the longer wait
	ReasonRecent      Reason = "recent-contact" // a person of the team was in touch; Until is when that is long enough ago
	ReasonMachine     Reason = "machine"        // the text looks machine-made, or is our own
	ReasonLifetime    Reason = "lifetime"       // the contact had enough until a person of the team is in touch
	ReasonBudget      Reason = "budget"         // the contact had enough for a day; Until is when one falls out of it
	ReasonNoRule      Reason = "no-rule"        // no rule matches; Until is the next change of the situation, where known
	ReasonEmpty       Reason = "empty"          // the text of the rule is empty once filled in
	ReasonSettling    Reason = "settling"       // Wait: the late record of the same call may still come, or another worker is deciding
	ReasonQuiet       Reason = "quiet-hours"    // Wait: a delayed reply waits for the morning, and with it what comes meanwhile
	ReasonBreaker     Reason = "breaker"        // the line had enough for an hour; Until is when that ends
	ReasonRejected    Reason = "rejected"       // the sender refused for good; the slot is free again
	ReasonUnknown     Reason = "unknown"        // nobody knows whether it went out; with KeyLife Wait, otherwise consumed
	ReasonUnavailable Reason = "unavailable"    // a socket failed; nothing was sent; the error says more
)

// The types of events that this package makes. They go to [Options.Observe];
// the first three also into [Decision.Event].
const (
	OptOut      = "consent.opt-out"
	OptIn       = "consent.opt-in"
	HelpAsked   = "consent.help"
	ReplySent   = "autoreply.sent"
	ReplyWaits  = "autoreply.waits"
	ReplyDenied = "autoreply.denied"
	LateContact = "autoreply.late-contact" // a person's contact was reported after the reply had gone
)
