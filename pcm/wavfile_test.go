package pcm_test

import (
	"bytes"
	"encoding/binary"
)

// chunk is one chunk with a true size and its pad byte.
func chunk(id string, body []byte) []byte {
	out := binary.LittleEndian.AppendUint32([]byte(id), uint32(len(body)))
	out = append(out, body...)
	return append(out, make([]byte, len(body)%2)...)
}

// sized is a chunk whose header claims another size than its body has.
func sized(id string, size uint32, body []byte) []byte {
	return append(binary.LittleEndian.AppendUint32([]byte(id), size), body...)
}

func riff(chunks ...[]byte) []byte {
	body := append([]byte("WAVE"), bytes.Join(chunks, nil)...)
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

// riffed is riff with a size that lies.
func riffed(size uint32, chunks ...[]byte) []byte {
	file := riff(chunks...)
	binary.LittleEndian.PutUint32(file[4:], size)
	return file
}

func format(tag, channels uint16, rate uint32, align, bits uint16) []byte {
	le := binary.LittleEndian
	b := le.AppendUint16(nil, tag)
	b = le.AppendUint16(b, channels)
	b = le.AppendUint32(b, rate)
	b = le.AppendUint32(b, rate*uint32(align))
	b = le.AppendUint16(b, align)
	return le.AppendUint16(b, bits)
}

func plain(tag, channels, bits uint16) []byte {
	return chunk("fmt ", format(tag, channels, 8000, channels*bits/8, bits))
}

func extensible(tag, channels, bits uint16, tail string) []byte {
	le := binary.LittleEndian
	b := format(0xFFFE, channels, 8000, channels*bits/8, bits)
	b = le.AppendUint16(b, 22)
	b = le.AppendUint16(b, bits)
	b = le.AppendUint32(b, 4)
	b = le.AppendUint16(b, tag)
	return chunk("fmt ", append(b, tail...))
}

const waveGUID = "\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71"

// four is the sound of the small files: 0, 256, -256 and 32512 in 16 bits.
var four = []byte{0, 0, 0, 1, 0, 0xFF, 0, 0x7F}
