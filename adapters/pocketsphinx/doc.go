// Package pocketsphinx is a [transcript.Recognizer] over the program
// pocketsphinx_continuous, which Debian packages with a model of US English. It
// needs no network and no account, so it suits demonstrations, tests and rooms
// that nothing may leave. Nobody should read its words as minutes of a meeting:
// of synthesised English at 16 kHz about one word in four comes out wrong.
//
// # Use
//
//	apt-get install pocketsphinx pocketsphinx-en-us
//
//	heard, err := pocketsphinx.New(nil)
//	if err != nil {
//		return err // an option is wrong
//	}
//	t, err := transcript.Gate(heard).Recognize(ctx, clip, transcript.Hints{})
//
// # What it refuses
//
// The answer is an error of kind [transcript.Unsupported], which is final, for
//
//   - a likeliest language ([transcript.Hints].Languages) that the model does
//     not know: English words made of French speech are worse than none;
//   - a clip below the rate of the model, 16 kHz. The model listens above
//     4 kHz too; of telephone sound, upsampled, it hears hardly a word right
//     (word error rates of 85 to 103 %). [Options].Upsample tries
//     nevertheless; a host with a model made for 8 kHz names it in HMM and sets
//     Rate;
//   - a clip longer than [Options].MaxDuration;
//   - a program that is not installed. The text names the Debian packages.
//
// A program that ends with an error, for want of its model as a rule, answers
// [transcript.Permanent]. One that is killed, by the system or because it took
// longer than [Options].Timeout, answers [transcript.Retry], and so does the
// end of ctx.
//
// # The program
//
// It is started once for each clip, without a shell, with arguments that come
// from [Options] only, and an environment of LC_ALL=C. The sound goes in by standard
// input, without a file; so nothing that a caller said or sent reaches an
// argument, a path or the disk. When ctx ends it is killed and waited for. It
// takes one core for a quarter to a half of the length of the clip and about
// 150 MB; [Options].Parallel says how many may run at once, further calls wait.
//
// The whole clip is one utterance. Left to itself the program cuts it at
// silences, and loses the words with which an utterance begins.
//
// [transcript.FromPocketsphinx] reads what it prints, and
// [transcript.Transcript.Fit] holds the times inside the clip.
//
// [transcript.Hints].Vocabulary is not used. The program knows the words of
// its dictionary only.
package pocketsphinx
