// Package openaispeech is a [transcript.Recognizer] over the transcription
// interface that OpenAI made common: POST of a file to
// /v1/audio/transcriptions. OpenAI serves it, and so do whisper.cpp's server,
// faster-whisper-server (speaches), LocalAI, vLLM and others, on a machine of
// the host's own. Beside our modules it needs the standard library only.
//
// # Use
//
//	heard, err := openaispeech.New("https://api.openai.com", &openaispeech.Options{APIKey: key})
//	if err != nil {
//		return err // the address or an option is wrong
//	}
//	t, err := transcript.Gate(heard).Recognize(ctx, clip, hints)
//
// Keep the gate: these engines invent sentences on silence.
//
// # What is sent
//
// The clip as a 16-bit WAV file, encoded while it is sent; the model;
// temperature 0; and, of the hints, the language when there is one only (of
// several the engine finds out which), without its region, and the vocabulary
// as the prompt, cut at 600 bytes because Whisper reads 224 tokens. Tenant and
// mailbox are never sent, nor is a file name.
//
// There is no Idempotency-Key header. Transcribing twice costs money but
// changes nothing, whereas a gateway that honours the key may answer a retry
// with the failure it has stored, and net/http takes the key as leave to send
// by itself again what was lost on the way. A host that must not pay twice
// keeps the answer by the hash of the audio; calls at once are its own to join,
// too.
//
// # What comes back
//
// The text is the engine's, trimmed, with control characters made spaces. Its
// words are found as [transcript.Plain] finds them, and take their times from
// the engine's list of words by comparing letters and digits in order. So it
// does not matter that OpenAI lists words without punctuation, that
// faster-whisper lists them with, and that whisper.cpp lists pieces of words.
// Words that the list lacks take the times of their segment, by length; without
// segments they share the pause between their neighbours; without any times
// they have none. Scripts without spaces are divided where the engine did.
//
// Times are rounded to milliseconds, in order, without overlap and inside the
// clip, whatever the engine says. Confidence is the engine's for the word, the
// lowest of its pieces, or else the mean probability of the segment.
//
// A text of nothing but notes about sound, such as [BLANK_AUDIO] or (music), is
// no speech. When the language that the engine found is one of the hints, the hint is
// taken, because it knows the region.
//
// [transcript.FromOpenAI] reads the same JSON from a file. It takes the list of
// words or leaves it, whole; here the length of the clip is known and the text
// is all that a caller left, so that a list with faults gives what it can.
//
// # Errors
//
// Every error is a [*transcript.Error]:
//
//   - retry: network, time-out, end of ctx, 408, 409, 425, 429, 5xx, an answer
//     that breaks off or is none ([ErrAnswer]);
//   - quota: 402, and 429 with a code that says that the money is used up;
//   - unsupported: 400, 413, 415, 422, a clip larger than [Options].MaxUpload;
//   - permanent: 401, 403, 404 and the rest, a redirection elsewhere, an answer
//     past a limit.
//
// A status stands in a [*StatusError] with the wait that the server asked for.
// No error quotes the body of an answer, except the code in it: messages have
// been seen to repeat keys and text. Nothing is logged.
//
// # Servers
//
//   - OpenAI: whisper-1 gives words and times. The gpt-4o transcription models
//     know no times: set [Options].Plain.
//   - whisper.cpp: start the server with --inference-path
//     /v1/audio/transcriptions, and with -l auto, else it takes everything for
//     English. Older ones read 16 kHz only: set [Options].Rate.
//   - faster-whisper: set [Options].Model to a name that the server knows.
package openaispeech
