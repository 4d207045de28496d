// Package greeting chooses what a caller hears before the beep, and says why
// this greeting and none of the others, and until when the answer stays true.
//
//	l, err := greeting.New(snapshot, nil)
//	d := l.Select(greeting.Query{At: now, Divert: call.Divert})
//	clip, err := greeting.Fetch(ctx, clips, tenant, d.Greeting)
//	play(clip) // whatever err is: log it
//
// The example of [Library.Explain] is that program, whole.
//
// # Greetings and rules
//
// A [Snapshot] is all greetings and rules of a tenant: plain data that a host
// stores as JSON ([ParseSnapshot]). [New] checks it completely, reports each
// problem with its place, and compiles it to a [Library], which never changes. A
// host that edits the data makes a new Library.
//
// A [Rule] names a greeting, its conditions ([When]) and the dates between which
// it is valid, on the clock on the wall of a zone. Its [Class] is how much it
// weighs, and is derived from the conditions unless it is set: an override by
// hand, which must have an end, outweighs a temporary greeting, that a holiday,
// that a reason such as busy, that closed, open, department, mailbox and
// account.
//
// # How one is chosen
//
// [Library.Select] takes the highest class that has a rule which applies. Inside
// it, the language decides first; then the number of conditions, the shorter
// validity, Order, the later Published, and the ID, so that there never is a
// tie. The order of the rules in the snapshot has no say.
//
// The situation outweighs the language: on a holiday a caller hears that the
// office is closed, in another language if there is no other, rather than in
// their own that somebody will be right back. [Decision.Match] tells such
// callers apart, so that the missing recording can be made.
//
// Select reads [phone.Divert] and nothing else. It does not ask the schedule
// again: the first answer of the call is in Divert.Situation, so that the branch
// of the call and its greeting agree even when it outlasts the opening hours.
//
// # Language
//
// The steps are the exact tag, its CLDR parents (es-MX, es-419, es), another
// variety of the same language (fr-CA for a caller from France), a greeting
// without one language (a bilingual recording), the default of the library by
// the same steps, and any.
//
// There is no language.Matcher in it, although the first design had one. It
// calls Creole, Breton, Occitan and Wolof French, and Urdu and Hawaiian English,
// with high confidence; a guard against that has to ask whether the base
// language is the same, and once it does, all that is left of the matcher is
// which variety is the nearest. The nearest parent in common says that without
// allocating, and so that it can be explained. A test holds both against each
// other for every language that x/text knows.
//
// # Looking ahead
//
// [Library.Explain] is Select with every other rule and the typed reason why it
// is not heard. [Library.Simulate] walks over the boundaries of a schedule and of
// the rules, and yields what a caller would hear in the coming year in about two
// milliseconds. Both run the same code as Select.
//
// # Sound
//
// A greeting names its sound by the hash of its file, so that it never changes
// silently. Sounds are in [Clips], a socket of three methods that is a part of
// voicemail.Blobs: one value serves both. [Store] writes there, and [Fetch]
// reads and verifies.
//
// A caller never hears silence. Select ends at built-in greetings in English,
// French and Spanish that are part of the program, and so does Fetch when a clip
// is missing, damaged or silent, or the store is away: it returns both a sound
// and an error. For that it takes the whole [Greeting] and not only its hash:
// the language of the spare one follows.
//
// # Limits
//
// A snapshot has at most 2000 greetings and as many rules unless [Options] say
// otherwise; its texts are bounded by MaxID, MaxName and MaxScript, its JSON form
// by MaxSnapshot. A clip is 0.5 s to 3 min long, of 8 to 48 kHz, not silent, and
// its file has at most MaxClipBytes; it is read in proportion to what is there.
//
// # Concurrency
//
// A Library is immutable and safe for concurrent use, as is [Memory]. Nothing
// here reads a clock or starts a goroutine. [New] looks up time zones by name;
// [Fetch] and [Store] block as long as the store does.
package greeting
