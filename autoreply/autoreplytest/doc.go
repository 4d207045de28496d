// Package autoreplytest helps to test what stands around autoreply: a carrier
// that only remembers, and the suite that every [autoreply.Ledger] has to pass.
//
// # Sections
//
//   - [Sender] is a carrier with and without idempotency keys, that can refuse,
//     fall silent before the text is out, or after.
//   - [TestLedger] proves a ledger. It is itself proven by ledgers that are
//     broken on purpose, one fault each.
//   - [TestShared] and [TestProcesses] prove that two handles, in one process or
//     in several, are one ledger.
//   - [Linear] proves of a history of concurrent calls, through one handle or
//     several, that each call took place at one instant. It is part of all three,
//     and may be run alone for longer.
package autoreplytest
