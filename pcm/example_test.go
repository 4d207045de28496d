package pcm_test

import (
	"bytes"
	"fmt"
	"log"
	"time"

	"github.com/afterbeep/afterbeep/pcm"
)

// A greeting comes in as a studio delivered it, and goes out as a telephone
// plays it, with the beep behind it.
func Example() {
	var upload bytes.Buffer
	studio := pcm.Tone(48000, 3*time.Second, 300, 500) // stands for a voice
	if err := pcm.WriteWAV(&upload, studio, pcm.PCM16); err != nil {
		log.Fatal(err)
	}

	greeting, err := pcm.ReadWAV(&upload, 3*time.Minute)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("came in:", greeting.Duration(), "at", greeting.Rate)
	greeting = greeting.Resample(8000).Append(pcm.Silence(8000, 200*time.Millisecond), pcm.Beep(8000))
	packets := pcm.PCMU.Encode(nil, greeting.Samples)
	fmt.Println("goes out:", greeting.Duration(), "in", len(packets)/160, "packets of 20ms")
	// Output:
	// came in: 3s at 48000
	// goes out: 3.7s in 185 packets of 20ms
}

func ExampleCodec() {
	samples := []int16{0, 1000, -1000, 32767}
	wire := pcm.PCMU.Encode(nil, samples)
	fmt.Printf("% x\n", wire)
	fmt.Println(pcm.PCMU.Decode(nil, wire))
	// Output:
	// ff ce 4e 80
	// [0 988 -988 32124]
}

// North American ringback: two seconds of two tones, four of silence.
func ExampleTone() {
	ring := pcm.Tone(8000, 2*time.Second, 440, 480).Append(pcm.Silence(8000, 4*time.Second))
	fmt.Println(ring.Duration())
	fmt.Printf("%.0f dBFS\n", ring.Slice(0, 2*time.Second).Level().RMS)
	// Output:
	// 6s
	// -16 dBFS
}

// A caller presses keys while frames of 20 ms come in.
func ExampleDetector() {
	caller, err := pcm.DTMF(8000, "1#", 80*time.Millisecond, 70*time.Millisecond)
	if err != nil {
		log.Fatal(err)
	}
	detector, err := pcm.NewDetector(8000)
	if err != nil {
		log.Fatal(err)
	}
	var digits []pcm.Digit
	for at := 0; at+160 <= len(caller.Samples); at += 160 {
		digits = detector.Feed(digits[:0], caller.Samples[at:at+160])
		for _, d := range digits {
			fmt.Println(d.Key, "at", d.At.Round(10*time.Millisecond))
		}
	}
	for _, d := range detector.Flush(nil) {
		fmt.Println(d.Key, "at the end")
	}
	// Output:
	// 1 at 0s
	// # at 150ms
}

func ExampleClip_Resample() {
	wideband := pcm.Tone(48000, time.Second, 1000)
	phone := wideband.Resample(8000)
	fmt.Println(len(wideband.Samples), "samples become", len(phone.Samples))
	fmt.Printf("%.1f dBFS became %.1f\n", wideband.Level().RMS, phone.Level().RMS)
	// Output:
	// 48000 samples become 8000
	// -16.2 dBFS became -16.2
}

// A mailbox keeps a message only when somebody spoke.
func ExampleMeter() {
	meter, err := pcm.NewMeter(8000)
	if err != nil {
		log.Fatal(err)
	}
	openLine := pcm.Tone(8000, 4*time.Second, 350, 440) // nobody but a dial tone
	for at := 0; at+160 <= len(openLine.Samples); at += 160 {
		meter.Feed(openLine.Samples[at : at+160])
	}
	level := meter.Level()
	fmt.Println("heard", level.Length, "of which speech:", level.Speech)
	fmt.Println("keep:", level.Speech >= 300*time.Millisecond)
	// Output:
	// heard 4s of which speech: 0s
	// keep: false
}

// A long recording is played piece by piece.
func ExampleOpenWAV() {
	var file bytes.Buffer
	if err := pcm.WriteWAV(&file, pcm.Silence(8000, time.Minute), pcm.PCMA); err != nil {
		log.Fatal(err)
	}
	w, err := pcm.OpenWAV(&file)
	if err != nil {
		log.Fatal(err)
	}
	length, known := w.Format().Duration()
	fmt.Println(w.Format().Encoding, length, known)
	frames, frame := 0, make([]int16, 160)
	for _, err = w.Read(frame); err == nil; _, err = w.Read(frame) {
		frames++
	}
	fmt.Println(frames, "frames, then", err)
	// Output:
	// a-law 1m0s true
	// 3000 frames, then EOF
}

func ExampleReadWAV_malformed() {
	_, err := pcm.ReadWAV(bytes.NewReader([]byte("<!DOCTYPE html>")), 0)
	fmt.Println(err)
	// Output:
	// pcm: at byte 0: got "<!DO", want "RIFF"
}
