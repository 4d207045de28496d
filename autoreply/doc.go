// Package autoreply sends a text to a caller whom nobody answered: one text,
// at the right moment, never two.
//
// # Rules
//
// A [Policy] is a set of [Rule] values, compiled and checked by [NewPolicy]:
// which events are answered (a missed call, a new voicemail, an incoming
// text), in which situation, for whom, and with which words. [Policy.Decide]
// is pure and total: an event, the facts and an instant in, a [Decision] out.
// Every refusal has a typed [Reason] and, where time alone ends it, the
// instant at which it does.
//
// Texts have placeholders, and dates as the language writes them; an unknown
// placeholder is a [*Problem] with its path and position. [CountSegments] says
// what a text costs, [Messages] are examples to begin with, [Rule.Sentence]
// says when a rule answers, [Policy.Status] whether it is on, and [Policy.Lint]
// what is probably not meant. [Parse] reads it all from one file.
//
// # Once
//
// After a text was accepted the contact gets none for the window, 3 hours by
// default, half-open: at exactly 3 hours the next one may go. The window is
// the contact's. It is shared by all triggers, rules and, unless the policy
// says PerLine, lines of the tenant; a refused trigger does not make it
// longer, and an edit does not reset it.
//
// A call or text by a person of the team within the window before the trigger,
// or at any time after it and before the decision, silences the reply. What a
// machine sent does not count: not our own replies, not a campaign.
//
// One call has one decision. A missed call waits 25 seconds for the record of
// its voicemail, which beats it even if it is refused itself, and for the
// colleague who calls back. The waiting is a due time in the ledger; there is no
// timer here. The host calls [Engine.RunDue]. Until then any order and any number
// of deliveries of the same events lead to the same decision. When several events
// of a contact are due, the best that may be answered is: a voicemail before a
// text before a missed call, then the earlier.
//
// # Who is never answered
//
// Withheld numbers, short codes and names; our own numbers; groups; contacts
// who are blocked, opted out or known not to take texts; events that are stale,
// doubled or from the future; texts that look machine-made, that repeat word
// for word what was answered last, or that are our own; a contact who had
// PerDay replies in a day, and a line that had PerHour in an hour, whoever
// asked. Nor are premium numbers, N11 codes and e-mails that a gateway turned
// into texts. All of this is on by default. Toll-free numbers are refused with
// [PolicyOptions.RefuseTollFree]; [PolicyOptions.PerLife] and
// [PolicyOptions.Backoff] are for contacts whom no person ever follows up.
//
// Equal texts are compared with the last text that was answered, not counted: a
// refusal writes nothing, so that whoever floods a line costs reads only.
//
// Two auto-responders that answer each other stop at the window: a reply that
// is faster than a person types always falls into it.
//
// An opt-out, opt-in or help word ([FindWord]; the list, [Words], is dated data)
// is never answered. It becomes an event for the host's consent list, which is
// the truth; the carrier or the host confirms. Until the list knows, the row
// remembers, and what is pending is refused when it is due.
//
// A delayed reply obeys [PolicyOptions.Quiet]; one that follows its trigger
// within minutes is an answer and does not.
//
// # Exactly once, or at most once
//
// [Engine] decides, reserves the slot of the contact, decides again, marks the
// text as being sent, sends it and commits. Each arrow is one compare-and-swap
// on one row of the [Ledger]; workers may crash between any two of them and
// leases run out. With a [Sender] whose carrier honours idempotency keys for
// KeyLife a reply is sent exactly once. Without, it is sent at most once: it
// is lost only if its worker or the carrier's answer is lost after the mark. It
// is never sent twice; the model check walks through every interleaving.
//
// The key is that of the slot, not of the event: whoever takes the slot over
// sends the same text under the same key. When a later attempt is refused
// while the first one is unknown, the slot counts as sent, because some
// carriers remember only what they accepted. (The model check taught us that.)
//
// An edit, a switched-off rule, an opt-out and a colleague's call win until
// the mark. From then on the text is frozen.
//
// # The clock
//
// Time comes from a [phone.Clock] and from the events. A clock that is set
// back silences a contact for at most two windows, whatever the size of the
// step: what lies more than a window ahead counts as now, from the next event of
// the contact on. An opt-out holds however the clock was set; an opt-in waits
// until the clock has caught up, at most a window. A clock that is set forward
// shortens a window by the step, which no wall clock can notice. Events more than
// two minutes from the future are refused, a colleague's contact from the future
// counts as now.
//
// # What went on, and who was forgotten
//
// [Engine.Counts] are the decisions so far by reason, for a monitor;
// [Options.Observe] is told each of them. A tenant that the host does not have is
// [ErrTenant]. [Engine.Erase] forgets a contact and [Engine.EraseTenant] a tenant,
// with all that waits. Rows expire by themselves, a day or a window after the last
// thing in them; when a ledger is swept makes no difference to any decision.
//
// # When a socket is down
//
// No reply, and an error. A ledger that fails, fails closed. A write that is
// reported as failed is looked up before it is believed. Bad rules never become a
// policy: each thing that is wrong is a [*Problem] with its path. Bad events are
// refused with a reason and counted: too long or without an instant is
// [ReasonInvalid]; of a huge text the first [MaxHeard] bytes are looked at.
//
// # Differences from the first sketch
//
// Entry has no state "sent": a row whose text was accepted is free again, and
// Sent closes the window. Pending events are a list, because the best of a set
// does not depend on the order in which its members come, and one event would.
// Due is one column for everything that has to be looked at again: settled
// events, the morning, a lease. [Text] names the line, not its number: the
// host's sender knows it. Decision.Trigger is the event that is answered, and
// Decision.Event the one for the consent list. A verdict "noted" is what a
// colleague's call gets. The breaker of a line is a row without a contact.
package autoreply
