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
package autoreplytest
