package pcm_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/pcm/pcmtest"
)

// realtime reports how many seconds of sound are done in a second.
func realtime(b *testing.B, sound time.Duration) {
	b.Helper()
	b.ReportMetric(sound.Seconds()*float64(b.N)/b.Elapsed().Seconds(), "x-realtime")
}

func BenchmarkEncode(b *testing.B) {
	voice := pcmtest.Voice(8000, 10*time.Second, 1)
	for _, codec := range codecs {
		b.Run(string(codec), func(b *testing.B) {
			b.ReportAllocs()
			data := make([]byte, 0, 2*len(voice.Samples))
			for b.Loop() {
				data = codec.Encode(data[:0], voice.Samples)
			}
			realtime(b, voice.Duration())
		})
	}
}

func BenchmarkDecode(b *testing.B) {
	voice := pcmtest.Voice(8000, 10*time.Second, 1)
	for _, codec := range codecs {
		b.Run(string(codec), func(b *testing.B) {
			b.ReportAllocs()
			data := codec.Encode(nil, voice.Samples)
			samples := make([]int16, 0, len(voice.Samples))
			for b.Loop() {
				samples = codec.Decode(samples[:0], data)
			}
			realtime(b, voice.Duration())
		})
	}
}

func BenchmarkResample(b *testing.B) {
	for _, p := range []struct {
		name     string
		from, to int
	}{{"48k-8k", 48000, 8000}, {"44k1-8k", 44100, 8000}, {"22k05-8k", 22050, 8000}, {"16k-8k", 16000, 8000}, {"8k-16k", 8000, 16000}, {"8k-48k", 8000, 48000}} {
		b.Run(p.name, func(b *testing.B) {
			b.ReportAllocs()
			voice := pcmtest.Voice(p.from, 10*time.Second, 1)
			for b.Loop() {
				voice.Resample(p.to)
			}
			realtime(b, voice.Duration())
		})
	}
}

func BenchmarkReadWAV(b *testing.B) {
	voice := pcmtest.Voice(8000, time.Minute, 1)
	for _, codec := range codecs {
		b.Run(string(codec), func(b *testing.B) {
			b.ReportAllocs()
			var file bytes.Buffer
			if err := pcm.WriteWAV(&file, voice, codec); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if _, err := pcm.ReadWAV(bytes.NewReader(file.Bytes()), 0); err != nil {
					b.Fatal(err)
				}
			}
			realtime(b, voice.Duration())
		})
	}
}

func BenchmarkWriteWAV(b *testing.B) {
	voice := pcmtest.Voice(8000, time.Minute, 1)
	b.ReportAllocs()
	var file bytes.Buffer
	for b.Loop() {
		file.Reset()
		if err := pcm.WriteWAV(&file, voice, pcm.PCMU); err != nil {
			b.Fatal(err)
		}
	}
	realtime(b, voice.Duration())
}

func BenchmarkDetector(b *testing.B) {
	voice := pcmtest.Voice(8000, 10*time.Second, 1)
	d, err := pcm.NewDetector(8000)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	digits := make([]pcm.Digit, 0, 16)
	for b.Loop() {
		digits = d.Feed(digits[:0], voice.Samples)
	}
	realtime(b, voice.Duration())
}

func BenchmarkMeter(b *testing.B) {
	voice := pcmtest.Voice(8000, 10*time.Second, 1)
	m, err := pcm.NewMeter(8000)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		m.Feed(voice.Samples)
	}
	realtime(b, voice.Duration())
}
