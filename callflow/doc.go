// Package callflow decides what happens to a call: who is rung and for how
// long, which menu the caller hears, when it is the turn of the mailbox. It
// does no I/O, reads no clock and starts no goroutine: an [Input] goes in, a
// [Turn] comes out, and a host does what it says.
//
// # A flow
//
// A flow is steps with names, and edges named by the outcome that takes them.
// People write it as JSON (the schema is [Schema]), programs as a
// [Definition]:
//
//	{"start": "hours", "steps": {
//	  "hours": {"kind": "hours", "schedule": "main", "next": {"open": "team", "closed": "box"}},
//	  "team":  {"kind": "ring", "department": "sales", "targets": ["amy", "bo"], "next": {"no-answer": "box"}},
//	  "box":   {"kind": "voicemail", "mailbox": "office", "escape": ["0"], "next": {"0": "team", "full": "sorry"}},
//	  "sorry": {"kind": "play", "prompt": "mailbox-full", "next": {"done": "bye"}},
//	  "bye":   {"kind": "hangup"}}}
//
// The kinds are [Ring], [Hours], [Menu], [Language], [Play], [Voicemail] and
// [Hangup]. Each lists its outcomes, which of them must be wired, and whose
// edge the others take: a ring that was declined goes where one that nobody
// answered goes, unless the author says otherwise, and [phone.Divert] knows
// the difference all the same.
//
// [Parse] and [Compile] report all problems at once, each with its place and a
// way out: outcomes that lead nowhere, steps that nobody reaches or leaves,
// keys that can not be told apart, prompts that the host does not have. A check
// that lacks its inventory is reported as not run. What compiles runs: an
// unknown kind is an error, never skipped.
//
// # A call
//
// [Flow.New] makes a [Session] and [Flow.Step] moves it. A turn has at most one
// command that is awaited, and before it those that are not. The loop of a
// host is short, and [Run] is that loop for a host that blocks:
//
//	session := flow.New(call)
//	err := callflow.Run(ctx, flow, &session, host, &callflow.RunOptions{Sessions: store})
//	fmt.Println(session.Outcome, session.Divert)
//
// A webhook host loads the session, steps it with what the request says, saves
// it, and renders Turn.Await; see the example of [Sessions]. Both run the same
// Step, and so does a simulator.
//
// A voicemail step is [Prepare], [Play] of the greeting, and [Record], which
// contains the beep: a full mailbox never asks for a message. Who leaves before
// the beep gives the slot back ([Release]). [Command.Key] is the same for all
// of them, and for every repetition, so that one visit makes at most one
// message.
//
// # What the caller does
//
// A hangup is a result, never the end of a context: [Result.HungUp] says it
// beside everything else that an answer says. Hanging up while recording is
// the normal end of a message. A hangup that a status callback tells before the
// answer of a ring or a recording waits for that answer, 30 s at most, so that
// neither a conversation nor a message counts as an abandoned call. The session
// is over when a person answers; what follows is between two people.
//
// How a call ended is [Session.Outcome]: answered; voicemail once a message was
// kept, whatever follows; abandoned when the caller hung up; otherwise what the
// hangup step says, which is by default how the last ring ended, or unavailable
// when nobody was rung: nobody was reached, so the call was missed. A flow that
// serves callers by itself ends with a hangup of outcome answered.
//
// # What goes wrong
//
// Answers that are late, doubled or out of order change nothing: they name a
// turn that has passed. Every awaited command has a deadline beyond its own
// timers; at that instant a [Tick] takes the edge of failure, so that a host
// that fell silent never leaves a call behind ([Sessions] Due finds those of a
// node that died). [Limits] bound steps, visits and life of every call, with an
// [End] for each, and a session is never above [MaxSession] bytes.
//
// A session is saved before its turn is performed, and [Flow.Pending] rebuilds
// that turn from the saved session alone, with the same ids and keys: the
// evaluator fills in its turns the same way, so the two can not differ. A
// session is pinned to the digest of the definition that it began on; keep old
// definitions in [Flows] as long as calls are in them. Schedules are no part of
// the digest: give a flow those of today with [Flow.With]. The first answer of
// each schedule stays in the session.
//
// # Design decisions
//
//   - The set of steps and actions is closed here; kinds of the host come with
//     a step type of their own, so no name needs to be claimed for them now.
//   - A department is an attribute of any step ([Node].Department), not a step:
//     it is where the caller is, not something that happens. It holds until
//     another step says otherwise.
//   - A language that the caller chooses outranks what the host knew of the
//     contact: they have just said so.
//   - An announce-only mailbox leaves by an outcome of its own, announced. The
//     edge of full would tell the caller that there is no room.
//   - [Voicemail].Max has no default: zero leaves the length to the mailbox,
//     whose settings have one.
//   - The commands of a turn share its number as their id. Emitted ones are
//     never answered and can be told apart by their action, and a turn can be
//     rebuilt without a counter for each.
//   - Visits are counted by the position of the step, not by name: a list of
//     small numbers keeps the session of a large flow within its limit, and the
//     digest guards the order.
//   - Sessions have no variables yet; they come with the step that reads them.
package callflow
