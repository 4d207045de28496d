package callflow

import "time"

// Action is what a [Command] asks for: [Answer], [Ring], [Collect], [Play],
// [Prepare], [Record], [Release] or [Hangup], as values, not pointers. A host
// switches on the type. Later releases may add to the set; a host answers what
// it does not know with the outcome failed.
type Action interface {
	// do is the name in the JSON form.
	do() string
	// fields shows each field to c, and is the action with what c put there.
	fields(c codec) Action
}

// Answer takes the call, if the host has not done so. It is emitted once, just
// before the first command that the caller hears; a ring, and a mailbox that
// turns out to be full, need no answered call. Telephony that answers by
// itself ignores it.
type Answer struct{}

// Collect plays a prompt and collects one key. The answer is in
// Result.Digits: the digits as they came, empty for none; the outcome does not
// matter.
//
// One timer model: with barge-in the first digit stops the prompt; First runs
// from the end of the prompt; each digit restarts Between and First is over.
// The host stops as soon as [Collect.Enough] says so.
type Collect struct {
	Prompt         string        // by a name that the host knows, in Divert.Language
	Keys           []string      // what can be pressed; none is the beginning of another
	First, Between time.Duration // until the first digit, and from one to the next
	NoBargeIn      bool          // keys count only after the prompt
}

// Enough reports whether no further digit is wanted: digits are a key, or can
// no longer become one.
func (c Collect) Enough(digits string) bool {
	for _, key := range c.Keys {
		if len(key) > len(digits) && key[:len(digits)] == digits {
			return false
		}
	}
	return digits != ""
}

// Prepare asks whether the mailbox in Command.Divert can take a message, and
// reserves the room when it keeps quotas. Answers:
//
//   - ready: the greeting is in Result.Clip; no clip goes straight to the beep;
//   - announce-only: the greeting in Result.Clip is played without a beep, and
//     nothing is reserved;
//   - full: no greeting asks for a message that can not be kept; nothing is
//     reserved;
//   - unavailable, failed, anything else: the step goes on with failed, and
//     Release is emitted.
type Prepare struct {
	Max time.Duration // the longest message; zero: the mailbox's own
}

// Record plays the beep, records, and answers when the message is safe:
// voicemail (with Result.Message), empty, failed, or an escape key in
// Result.Digits. A message that was kept before the key answers both. The
// caller's hangup is the normal end of it.
type Record struct {
	Escape []string      // single keys that lead out
	Max    time.Duration // the longest message; zero: the mailbox's own
}

// Release gives back what Prepare reserved under the same [Command.Key]. It is
// emitted when the caller leaves before Record. It may be repeated.
type Release struct{}

func (Answer) do() string  { return "answer" }
func (Ring) do() string    { return "ring" }
func (Collect) do() string { return "collect" }
func (Play) do() string    { return "play" }
func (Prepare) do() string { return "prepare" }
func (Record) do() string  { return "record" }
func (Release) do() string { return "release" }
func (Hangup) do() string  { return "hangup" }

func (a Answer) fields(codec) Action  { return a }
func (a Release) fields(codec) Action { return a }

func (r Ring) fields(c codec) Action   { return r.walk(c).(Ring) }
func (p Play) fields(c codec) Action   { return p.walk(c).(Play) }
func (h Hangup) fields(c codec) Action { return h.walk(c).(Hangup) }

func (c Collect) fields(w codec) Action {
	w.text("prompt", &c.Prompt)
	w.texts("keys", &c.Keys)
	w.duration("first", &c.First)
	w.duration("between", &c.Between)
	w.flag("noBargeIn", &c.NoBargeIn)
	return c
}

func (p Prepare) fields(c codec) Action {
	c.duration("max", &p.Max)
	return p
}

func (r Record) fields(c codec) Action {
	c.texts("escape", &r.Escape)
	c.duration("max", &r.Max)
	return r
}

// actions are the zero actions, for reading commands back.
func actions() []Action {
	return []Action{Answer{}, Ring{}, Collect{}, Play{}, Prepare{}, Record{}, Release{}, Hangup{}}
}
