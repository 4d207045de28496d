// Package afterbeep is what happens after the beep: it gives any phone system
// the unanswered-call experience of a good business phone. A call that nobody
// takes is routed, greeted, recorded, transcribed, cleaned, kept and announced,
// and its caller gets a text back, once.
//
// The host owns telephony, storage, time and process. This package wires the
// five packages below it over the host's sockets; each of them stands alone as
// well:
//
//   - callflow decides what happens to a call: ring, hours, menu, voicemail;
//   - greeting chooses what this caller hears, and says why;
//   - voicemail keeps what they say, whatever crashes;
//   - transcript holds the words with their times, and masks profanity;
//   - autoreply answers by text: at the right moment, never twice;
//   - phone, hours and pcm are the nouns, the time and the sound beneath them.
//
// # A desk
//
// [New] makes a [Desk] of [Sockets]. A host that blocks on a call, such as a SIP
// stack, gives each call to [Desk.Serve] with a [Leg], which plays, records and
// rings. A host that is called by webhooks gives each request to [Desk.Step] and
// renders the turn that it gets back; a recording that the carrier made comes in
// by [Desk.Ingest]. Both call [Desk.Work] after a call and again at the instant
// that it returns, [Desk.Recover] at the start and [Desk.Drain] before the end.
// What happened elsewhere (a text came, a person called back) is told with
// [Desk.Note].
//
// Desks keep nothing in memory that matters: two of them on two nodes over the
// same stores are one.
//
// # What is promised
//
// After a message is said to be saved, its sound and its announcement survive a
// crash of the process, and a loss of power where the stores say so. There is at
// most one message for each visit of a voicemail step. Sound that was recorded
// is never deleted because a later step failed. Nothing is announced before it
// can be played. A reply is sent exactly once where the carrier knows
// idempotency keys, and otherwise at most once. The end of a call is noted
// before its session is removed, so that a crash in between repeats the event,
// which changes nothing, instead of losing it.
//
// # Design
//
// The session store that a flow sees is wrapped. The save that ends a session is
// fenced by its revision like every other; then the event of the call is noted,
// and the row is kept for a quarter of an hour, so that a webhook that comes late
// finds a call that has ended and not a new one. What a crash leaves in between,
// the sweep of [Desk.Work] does. The desk therefore needs no outbox of its own,
// and observers see events at least once, with stable ids.
//
// A hangup is data, never a cancelled context: the context that [Desk.Serve]
// gets ends with the process.
//
// The original sketch had Effective return the index of a level; it returns its
// name, because that is what a product shows. Leg has Format, because the
// codec of a capture must be known before its first frame. Line names several
// schedules, because one flow may ask more than one.
package afterbeep
