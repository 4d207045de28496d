// Package redisstore keeps the ledger of package autoreply in Redis or Valkey,
// through github.com/redis/go-redis/v9.
//
//	ledger, err := redisstore.New(client, nil)
//	engine, err := autoreply.New(policies, ledger, sender, nil)
//
// # What a failover can do
//
// Redis acknowledges a write before a replica has it, and before the disk has
// it unless told otherwise. A failover to a replica that was behind, a crash
// with appendfsync everysec, an eviction or a FLUSHALL forgets the last
// changes, or all. What that means for a contact:
//
//   - a window that is forgotten is open: a second text may go out before the
//     three hours are over;
//   - a text that was marked as being sent, and is forgotten, may be sent again.
//     The slot of the row is forgotten with it, so a sender with idempotency
//     keys sees a new key and does not save it either;
//   - a waiting reply that is forgotten is never sent, unless its event is
//     delivered again;
//   - an opt-out that only the ledger knew is forgotten: the host's own list of
//     consent is the truth, for this reason too.
//
// Within the life of one primary the promise of autoreply holds, with any number
// of workers, processes and crashes of them. A host for whom a rare second text
// is worse than a slower store takes sqlstore.
//
// To make it rarer: appendonly yes with appendfsync always, min-replicas-to-write,
// maxmemory-policy noeviction (any other one deletes rows that are needed), and
// a database that nobody flushes. Reads go to the primary: [New] refuses a
// cluster client that reads from replicas, because a row that is behind is a
// second text. A client over a proxy that does so anyway cannot be refused.
//
// # Keys
//
// All names begin with the prefix as a hash tag, {afterbeep} by default:
//
//	{afterbeep}:row:LENGTH:LENGTH:TENANTLINECONTACT   a row: a head of 48 bytes, then the entry
//	{afterbeep}:due                                   the due keys, a sorted set
//	{afterbeep}:expires                               the expiries, a sorted set
//
// The lengths, of tenant and line, say where the fields end, so that no two keys
// share a name. The entry is in the code of autoreply.Entry.AppendBinary, which
// carries its version; Load refuses what it does not know. The sets are sorted
// by bytes, not by score: a score is a floating-point number and forgets the
// last digits of an instant, the 8 bytes in front of a member do not.
//
// A key that has to stand later in a set than it does stays where it is. Due and
// Sweep compare each member with its row, and move on those that they meet too
// early. So a reply writes to the sets when it begins to wait and when it ends,
// and not with each lease between.
//
// # Scripts
//
// Load is one GET. Swap is one script that compares the revision, and writes the
// row and what changes in the sets, or nothing. It names all its keys. A client that lost the
// answer and asks again gets the answer of the first time, because each swap
// leaves its own nonce in the head of the row; go-redis may therefore keep its
// retries. The client must be able to use EVALSHA and EVAL.
//
// # Cluster
//
// The hash tag puts all keys of one ledger into one slot, and so on one node:
// a script cannot reach further, and Due has to be one list. One node answers
// tens of thousands of refusals a second. A host that needs more opens several
// ledgers with prefixes of their own, by tenant, and calls RunDue for each.
//
// # Time
//
// Every instant comes from the caller. No row has a time to live: the server's
// clock would decide, and a test's clock would not reach it. Rows are removed by
// [Ledger.Sweep], which the host calls from time to time with its own idea of
// now, and by Erase. A set that no longer agrees with the rows, because
// somebody deleted some by hand, heals as Due and Sweep pass.
//
// # Settings
//
// Set ContextTimeoutEnabled in the options of the client, or a context's
// deadline ends only the wait for a connection, not the wait for the answer.
// Redis 5 or newer; tested with 7.0.
package redisstore
