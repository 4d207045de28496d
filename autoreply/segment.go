package autoreply

import (
	"slices"
	"strings"
	"unicode/utf16"
)

// Segments is what a text costs: carriers bill each segment as a message.
type Segments struct {
	// Encoding is gsm-7 (3GPP TS 23.038) or ucs-2.
	Encoding Encoding `json:"encoding"`
	// Units is the length in septets, or in UTF-16 code units.
	Units int `json:"units"`
	// Count is the number of segments; 0 for the empty text.
	Count int `json:"count"`
	// Free is how many more units fit into the last segment.
	Free int `json:"free"`
	// Beyond are the characters, each once and at most 32, that do not exist in
	// GSM-7 and made the text UCS-2: ê, ç, î, ô and û do so, é, è, à and ù do not.
	Beyond []rune `json:"beyond,omitempty"`
}

// Encoding is how a text is coded on the air.
type Encoding string

// The encodings.
const (
	GSM7 Encoding = "gsm-7"
	UCS2 Encoding = "ucs-2"
)

// The default alphabet of 3GPP TS 23.038 §6.2.1 without the escape, and its
// extension table, of which each character takes two septets.
const (
	gsmBasic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
		"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	gsmExtension = "\f^{}\\[~]|€"
)

const maxBeyond = 32

// CountSegments says what a text costs. A text of one segment holds 160 septets
// or 70 units, a longer one 153 or 67 in each, because of the header that puts
// them together; neither an escaped character nor a surrogate pair is split.
func CountSegments(text string) Segments {
	var s Segments
	widths := make([]int, 0, len(text))
	for _, r := range text {
		switch {
		case strings.ContainsRune(gsmBasic, r):
			widths = append(widths, 1)
		case strings.ContainsRune(gsmExtension, r):
			widths = append(widths, 2)
		default:
			widths = append(widths, 1)
			if len(s.Beyond) < maxBeyond && !slices.Contains(s.Beyond, r) {
				s.Beyond = append(s.Beyond, r)
			}
		}
	}
	s.Encoding = GSM7
	single, part := 160, 153
	if len(s.Beyond) > 0 {
		s.Encoding = UCS2
		single, part = 70, 67
		widths = widths[:0]
		for _, r := range text {
			widths = append(widths, max(1, utf16.RuneLen(r)))
		}
	}
	for _, w := range widths {
		s.Units += w
	}
	if s.Units <= single {
		if s.Units > 0 {
			s.Count = 1
		}
		s.Free = single - s.Units
		return s
	}
	room := 0
	for _, w := range widths {
		if room < w {
			s.Count++
			room = part
		}
		room -= w
	}
	s.Free = room
	return s
}
