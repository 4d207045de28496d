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
// What [transcript.FromOpenAI] reads of the answer, held inside the clip by
// [transcript.Transcript.Fit]. So the text is the engine's and nothing in it is
// lost because a list of words or times has faults, and it does not matter that
// OpenAI lists words without punctuation, that faster-whisper lists them with,
// and that whisper.cpp lists pieces of words. Without any times the words have
// none.
//
// When the language that the engine found is one of the hints, the hint is
// taken, because it knows the region.
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
