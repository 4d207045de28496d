// Package voicemail keeps the messages that callers leave, and loses none.
//
// A [Service] stands on three sockets that a host implements or takes from
// here: a [Store] of rows, [Blobs] for finished recordings and a [Spool] for
// sound that is being recorded. [NewMemory] is all three for tests; [OpenDir]
// is all three in one directory, durable.
//
//	boxes, err := voicemail.New(dir, dir, dir, nil)
//	...
//	capture, err := boxes.Begin(ctx, request) // before the greeting: ErrFull
//	receipt, err := capture.Record(ctx, frames, "#")
//
// [Service.Recover] is called once at the start, and [Service.Work] whenever
// its report says that something is due.
//
// # What is promised
//
// After a receipt with [StateSaved]:
//
//   - the message, its sound and its pending notices survive a crash of the
//     process, and a loss of power when the stores are durable ([Dir] is);
//   - for one key there is at most one message, whoever repeats what;
//   - sound that was captured is never deleted because a later step failed;
//   - nothing is announced before it can be played;
//   - notices are delivered at least once, each time with the same ID, and in
//     the order of the box and channel while one worker serves them.
//
// When the process dies in the middle of a recording, at most a quarter of a
// second of sound is lost, and what the disk was busy with; when the power
// goes, at most [Options].Sync more. The rest becomes a message with Partial
// set and [StopCrash].
//
// # From the beep to the message
//
// Begin writes a row under the key of the request, with the room that the
// message may need (in boxes that have a quota), the settings of the box, and
// a lease. Nothing of this is left for after the greeting: a full box never
// asks for a message. The caller may still leave: [Service.Release].
//
// Write puts frames at their media time into a bounded queue; one goroutine
// appends them to the spool, and syncs it, so that the thread of the media
// never waits for a disk. A gap becomes silence, a duplicate counts once, a
// late frame goes to its place. Each recording ends for exactly one [Stop].
// Hanging up is the normal and successful one.
//
// Finish decides by samples, with the meter of pcm, whether it is worth
// keeping ([Why] tells when not), seals it as a WAV file under a key with the
// sum of its bytes, reads that back, and commits: message, counters, notices
// and the end of the capture are one [Batch]. Neither a hangup nor the end of the context stops
// it. Sound that the spool did not take is in memory until then.
//
// # When something fails
//
//   - The process dies: Recover and Work find the row or the spool. A capture
//     is taken over with a new epoch, so that an owner who was only slow can
//     not write any more, and goes the same way from sound to message. With
//     [Orphans], as in [Dir], they need not wait for the lease.
//   - This node can not read the spool: the capture is reported as stranded
//     and left for the one that can.
//   - A store is down at Finish: the receipt is pending, and the message comes
//     later under the id that was promised.
//   - A write whose outcome is unknown is resolved by reading the row again.
//   - The disk is full or slow: the recording ends with [StopStorage], and what
//     there is is kept.
//   - The clock jumps: lengths come from samples, never from the clock.
//
// # Recordings made elsewhere
//
// A webhook host announces a recording with [Service.Expect] and brings it
// with [Service.Ingest]: late, twice or never announced, it is one message.
// One that does not come is reported as overdue.
//
// # Messages, transcripts, notices
//
// These are three machines, and none can stop another. A message is in a
// folder, heard or not, in the bin or not; [Service.Update] changes it. A
// transcript is pending, then done, no-speech or failed. A [Notice] goes out
// over each channel of [Options].Notifiers, at once, or with the transcript
// but after a minute at the latest, as [Settings].Announce says; a transcript
// that comes later is a notice of its own. What fails is tried again after
// 1 s, 2 s, 4 s and so on up to 10 min, for [Limits].Retry; later notices of
// that box and channel wait behind it. Errors of a transcriber or a notifier
// whose method Retryable() bool answers false are final.
//
// Clients that keep a copy follow the change feed, see [Query].Since.
//
// # The directory
//
//	blobs/TENANT/ID.SUM.wav   a recording: PCM or G.711, playable in any player
//	journal                   all rows: framed with CRC-32C, fsync for each batch
//	spool/TENANT/ID-EPOCH     sound of captures under way
//	tmp/, lock                files not finished; the lock of the process
//
// Names from outside are escaped one to one (bytes other than a-z, 0-9, dot,
// underscore and hyphen become %xx); no caller, call or key is ever part of a
// path. A batch is one record, so that it is there as a whole or not at all,
// and a torn end is cut when the directory is opened. A journal that has
// outgrown its rows is rewritten.
//
// # Differences from the first sketch
//
//   - [SpoolID] has the tenant, which the sketch had in the name only.
//   - [Orphans] is optional, and spares a restarted office its leases.
//   - [Message] has Number, its place of arrival, beside Seq, its last change;
//     pages are by Number, so that nothing moves while somebody turns them.
//   - [Message].Deleted is a time instead of a folder: a restored message is
//     back in the folder that it came from.
//   - [Service.PutBox] takes settings only and overwrites; a box changes with
//     each message, so a revision that an administrator holds would be stale.
//   - Constants of [Stop] are called StopHangup and so on: Key and Length say
//     too little outside of this package.
//   - [Options].Prompt names channels that never wait for a transcript: a text
//     back to the caller can not wait a minute.
//   - Gone and Done remove rows, so that a store needs no delete.
//   - Recordings with a bin that is emptied came along, because deleting would
//     be half a thing without it.
package voicemail
