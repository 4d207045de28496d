// Package pcm is sound: formats, WAV, G.711, resampling, levels, tones and
// DTMF.
package pcm
