package voicemail_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/voicemail"
)

// FuzzJournal reads any bytes as a journal: no panic, no memory out of
// proportion, and what it calls whole is whole when read again.
func FuzzJournal(f *testing.F) {
	whole := voicemail.JournalOf(batches(3)...)
	f.Add(whole)
	f.Add(whole[:len(whole)-5])
	f.Add([]byte{})
	f.Add(append(voicemail.JournalOf(), 0xff, 0xff, 0xff, 0x03, 1, 2, 3, 4))
	f.Fuzz(func(t *testing.T, data []byte) {
		n, got, err := voicemail.ReadJournal(data)
		require.LessOrEqual(t, n, int64(len(data)))
		if err != nil {
			return
		}
		again, same, err := voicemail.ReadJournal(data[:n])
		require.NoError(t, err)
		require.Equal(t, n, again)
		require.Len(t, same, len(got))
	})
}

const begin = `{"tenant":"acme","key":"k","message":"m","epoch":1,"codec":"pcm16","rate":8000,"started":"2026-06-24T18:00:00Z"}`

// FuzzTake reads any bytes as the sound of a capture.
func FuzzTake(f *testing.F) {
	head := voicemail.Chunk('b', 0, 0, []byte(begin))
	two := append(bytes.Clone(head), voicemail.Chunk('f', 1, 0, make([]byte, 320))...)
	f.Add(two)
	f.Add(append(bytes.Clone(two), voicemail.Chunk('s', 2, 0, []byte(`{"stop":"hangup"}`))...))
	f.Add(append(bytes.Clone(two), voicemail.Chunk('f', 2, 1<<62, make([]byte, 320))...))
	f.Add(append(bytes.Clone(two), voicemail.Chunk('f', 2, -5, make([]byte, 320))...))
	f.Add(append(bytes.Clone(two), voicemail.Chunk('f', 2, 400, make([]byte, 321))...))
	f.Add(two[:len(two)-1])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		const limit = 1 << 20
		sound, frames, err := voicemail.ReadTake(bytes.NewReader(data), limit)
		if err != nil {
			return
		}
		require.LessOrEqual(t, len(sound), limit)
		if frames == 0 {
			require.Empty(t, sound)
		}
	})
}

// FuzzPieces puts frames at any place: the first to arrive counts, gaps are
// silence.
func FuzzPieces(f *testing.F) {
	f.Add([]byte{0, 3, 5, 2, 1, 9, 3, 3})
	f.Add([]byte{9, 1, 0, 4, 2, 200, 7, 7})
	f.Fuzz(func(t *testing.T, where []byte) {
		data := voicemail.Chunk('b', 0, 0, []byte(begin))
		model := map[int]byte{}
		end := 0
		for i := 0; i+1 < len(where) && i < 200; i += 2 {
			first, n := int(where[i]), int(where[i+1])%40
			data = append(data, voicemail.Chunk('f', uint32(i/2+1), int64(first), bytes.Repeat([]byte{byte(i + 1)}, 2*n))...)
			for s := first; s < first+n; s++ {
				if _, ok := model[s]; !ok {
					model[s] = byte(i + 1)
				}
				end = max(end, s+1)
			}
		}
		sound, _, err := voicemail.ReadTake(bytes.NewReader(data), 1<<20)
		require.NoError(t, err)
		require.Len(t, sound, 2*end)
		for s := range end {
			require.Equal(t, []byte{model[s], model[s]}, sound[2*s:2*s+2], "sample %d", s)
		}
	})
}

// FuzzSettings reads any bytes as settings.
func FuzzSettings(f *testing.F) {
	f.Add([]byte(`{"maxLength":"90s","minSpeech":"-1ns","announce":"with-transcript","language":"fr-CA"}`))
	f.Add([]byte(`{"maxLength":90}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var s, again voicemail.Settings
		if json.Unmarshal(data, &s) != nil {
			return
		}
		out, err := json.Marshal(s)
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(out, &again))
		require.Equal(t, s, again)
	})
}
