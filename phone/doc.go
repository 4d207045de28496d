// Package phone holds the nouns that every other package of afterbeep speaks:
// numbers, parties, calls, why a caller was diverted, and what happened.
//
// Everything here is a value. Nothing does I/O, reads a clock or starts a
// goroutine; all types may be copied, and all functions may be called
// concurrently.
//
// # Numbers
//
// [Number] is strict on purpose: a phone number that was guessed wrong is a
// text sent to a stranger. [ParseNumber] takes E.164 (+15145550100), short
// codes and extensions, alphanumeric sender names, tel: and sip: URIs, and the
// forms in which networks say that a caller withholds the number. The zero
// Number is such a withheld one, so a forgotten field can never be texted.
//
// # One call, one Divert
//
// [Divert] says why a caller is where they are: which rule of the opening
// hours applied, how the ring ended, which language they chose. The call flow
// fills it in and everybody else reads it, so that the branch, the greeting
// and the text can not disagree with one another.
//
// # Events
//
// [Event] is the one envelope for everything that happened. Events arrive
// late, twice and out of order; their ID is the same in every delivery and is
// derived from what happened, never minted on the way.
package phone
