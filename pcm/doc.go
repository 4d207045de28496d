// Package pcm is sound: clips, codecs, WAV files, resampling, tones, keys and
// levels, as a telephone system needs them. It is pure: no files, no clocks, no
// goroutines, no state between calls but in the values that the caller holds.
//
// # One currency
//
// A [Clip] is mono, signed 16-bit, at a stated rate from [MinRate] to [MaxRate].
// Whatever comes in becomes a clip and whatever goes out is made of one:
//
//	greeting, err := pcm.ReadWAV(upload, 3*time.Minute) // any WAV, at most three minutes
//	phone := greeting.Resample(8000).Append(pcm.Beep(8000))
//	payload := pcm.PCMU.Encode(nil, phone.Samples) // for RTP, 160 bytes a packet
//
// Audio that arrives frame by frame stays []int16: [Codec.Decode], [Detector.Feed]
// and [Meter.Feed] take frames of any length and allocate nothing.
// [Clip.Buffer] and [FromBuffer] are the door to code that speaks the types of
// go-audio/audio.
//
// # Codecs
//
// [PCM16], [PCMU] and [PCMA]. Encode and Decode append, like the standard
// library does. G.711 follows ITU-T: the decoder's 256 values are those of the
// Recommendation, and the encoder is within half a step of every sample. Tools
// differ where a sample lies half-way between two codes (sox and ffmpeg from each
// other in 992 of 65536 cases for mu-law), so compare sound, not bytes.
//
// # WAV files
//
// [ReadWAV] reads a file into memory, [OpenWAV] piece by piece. Files come from
// strangers, and their headers lie. So nothing is allocated because a header
// says so, every limit is checked while reading, and what is not understood is
// refused with its place ([FormatError]) rather than played as noise. Two lies
// are honest: a placeholder for a length that the recorder never knew, and a
// length that a crash cut short. Both give the sound that is there.
//
// [WriteWAV] needs no seeking and writes true sizes. [WAVHeader] makes a file of
// samples that are encoded already: a spool of G.711 needs no decoding to become
// playable.
//
// Stereo becomes mono by the mean, which is silence when one side is wired the
// wrong way round; then, and when one side holds nothing, the louder side is
// taken.
//
// # Resampling
//
// [Clip.Resample] is a polyphase filter with a Kaiser window. Measured for the
// rates in which speech comes: at 1 kHz at least 92 dB of signal to noise, which
// is the limit of 16 bits; 0.01 dB of loss at 0.85 of the lower Nyquist frequency
// (3.4 kHz for telephones); a tone at 1.25 of it vanishes below the last bit. The
// length is exact and nothing is delayed: a word stays at its instant.
//
// # Tones and keys
//
// [Tone], [Beep] and [DTMF] make sounds at the levels of the network, with edges
// that do not click. [Detector] hears DTMF in the voice band. Most hosts get keys
// as events and need no detector; a message that contains keys should be recorded
// as it is. In development it heard no key in 76 minutes of synthetic speech in
// three languages, at three loudnesses and through mu-law, and every key of Q.24's
// table.
//
// # Levels
//
// [Clip.Level] and [Meter] answer what a mailbox asks: how loud, how much
// speech, how long silent at the beginning and at the end. Speech is what stands
// out of the background, so neither noise nor a dial tone is taken for a caller.
// This is no recogniser and no loudness meter: busy tones count as speech, and
// levels are plain decibels below full scale.
//
// # Decisions
//
//   - Our own WAV code: go-audio/wav allocates what a header claims (2 GiB for 48
//     bytes) and decodes G.711 and float as noise without an error.
//   - Clip.Resample has no error. With a rate that is not valid it returns the
//     clip as it is; a clip carries its rate, so nothing is mislabelled.
//   - No streaming resampler: calls run at one rate, files are clips.
//   - No dither: 16 bits are finer than any telephone.
//   - Tests of other packages listen with package pcmtest.
package pcm
