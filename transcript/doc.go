// Package transcript holds timed words: what a recogniser heard, what a person
// corrected, and what a profanity filter that knows where it is shows of it.
//
// Everything but a [Recognizer] and what wraps one is pure: no I/O, no clock, no
// goroutine.
//
// # One text, one mapping
//
// A [Transcript] is one text and the words in it, by byte offsets: bytes,
// runes, words and times map onto one another exactly because there is no
// second text. [Transcript.Check] holds it together. [Plain] makes one of bare
// text; [FromOpenAI], [FromWhisperCpp], [FromAWS], [FromGoogle], [FromAzure],
// [FromDeepgram] and [FromPocketsphinx] read what engines answer, all by the
// rules of [Importer], and [Transcript.Fit] holds the times inside a clip;
// [Transcript.WebVTT] and [Transcript.SRT] write subtitles. [Transcript.Within]
// and [Transcript.Times] lead from bytes to words and from words to times.
//
// A [Document] is what a host stores. Nothing in it is ever overwritten:
// recognised first, then one [Revision] for each correction, whose words keep
// the times of those that they replace; [Diff] tells what changed. Filtered
// text is derived from it each time and stored nowhere, so that a setting can
// change and a search can run over the one or the other.
//
// # Recognisers
//
// [Recognizer] is the socket. No words and no error means that nobody spoke.
// [Gate] asks it only about recordings in which somebody does, [Timeout] bounds
// it, and [Once] pays once for each recording, over [Answers], the other socket:
//
//	r := transcript.Gate(transcript.Once(transcript.Timeout(engine, 5*time.Minute), answers))
//
// An [Error] says whether another try may succeed. Package transcripttest proves
// implementations of both sockets.
//
// # The filter
//
//	filter, err := transcript.NewFilter(language.CanadianFrench, nil)
//	clean := filter.Text("salut c'est l'hostie de facture") // salut c'est l'****** de facture
//
// A [Filter] works on bare text ([Filter.Text], [Filter.AppendSpans]), on timed
// words ([Filter.Transcript]: as many words, the same times) and on a stream
// ([Filter.Writer]: no word slips through where writes are cut).
//
// It finds whole words and phrases, never letters inside a word. Text from
// speech has no evasion in it, but compounds written as two words, elisions and
// hyphens, so those are known and disguises are not: leet breaks phone numbers
// and names that are spelled out. [FilterOptions].Texting adds it for what
// people type.
//
// Each locale has its own lexicon and falls back to its language: fr-CA is fr
// plus what is said in Québec, minus what is harmless there. English, French
// and Spanish are first class; Catalan, Czech, Danish, Dutch, Finnish, German,
// Greek, Hungarian, Italian, Norwegian, Polish, Portuguese, Romanian, Russian,
// Swedish, Turkish and Ukrainian are basic: a hundred words, and their forms.
// Lexicons are text tables (see lexicon/README.md) of roots, spellings and
// endings, from which a filter is compiled. A word with a harmless sense says which neighbours clear
// it or which it needs: en retard, a bitch with puppies, l'hostie at mass.
// Severity is [Mild], [Medium] or [Strong]; by default mild words stay. In a
// box of several languages a word is judged in the one that is spoken around
// it: "en retard" is late there, too.
//
// What an engine has masked already (f***, <profanity>) is reported with the
// category "masked" and left as it is; what is for the keypad (*69) is not
// touched.
//
// # What holds of every filter
//
// Bytes outside the spans stay as they are, valid UTF-8 or not. As many words
// come out as went in. Filtered text is left alone when it is filtered again.
// A stream gives what the whole gives, at every split. A word is the same word
// composed or decomposed. Nothing is allocated for clean text. [Remove] is the
// exception to the second and third: words are gone, and what was apart may
// then be a phrase.
//
// A judgement looks at most ten words to either side and never past the end of
// a sentence, so a stream holds back little. Words of more than a kibibyte are
// not words.
//
// # Languages
//
// [Detect] tells six languages apart from a few words. It is a hint for
// transcripts and decides nothing about a caller.
//
// # Where this differs from the first sketch of the API
//
// [Document.Correct] has an error, because a limit that is passed silently
// would lose text. [Error].Kind is a type of its own, [ErrorKind].
// [Filter.Spans] reports on a transcript whose segments tell their language;
// AppendSpans has bare text and goes by the words around each.
package transcript
