package openaispeech

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/textproto"
	"strings"
	"unicode"

	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/transcript"
)

// maxPrompt is the length of the prompt in bytes. Whisper reads its last 224
// tokens, and a name has a token for each two or three letters.
const maxPrompt = 600

// form is a multipart body that encodes its sound while it is read. Its length
// is known before, so that it need not be sent in chunks, which not every
// server reads.
type form struct {
	kind       string // the content type
	head, foot []byte // what goes before and after the samples
	samples    []int16
}

func newForm(o Options, c pcm.Clip, h transcript.Hints) (*form, error) {
	header, err := pcm.WAVHeader(pcm.PCM16, c.Rate, int64(len(c.Samples)))
	if err != nil {
		return nil, err
	}
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	for _, f := range fields(o, h) {
		if err := w.WriteField(f[0], f[1]); err != nil {
			return nil, err
		}
	}
	part := make(textproto.MIMEHeader)
	part.Set("Content-Disposition", `form-data; name="file"; filename="audio.wav"`)
	part.Set("Content-Type", "audio/wav")
	file, err := w.CreatePart(part)
	if err != nil {
		return nil, err
	}
	if _, err := file.Write(header); err != nil {
		return nil, err
	}
	size := buf.Len()
	if err := w.Close(); err != nil {
		return nil, err
	}
	return &form{w.FormDataContentType(), buf.Bytes()[:size], buf.Bytes()[size:], c.Samples}, nil
}

// fields of the form, before the file, so that a server may begin at once.
func fields(o Options, h transcript.Hints) [][2]string {
	list := [][2]string{{"model", o.Model}, {"temperature", "0"}}
	if o.Plain {
		list = append(list, [2]string{"response_format", "json"})
	} else {
		list = append(list, [2]string{"response_format", "verbose_json"},
			[2]string{"timestamp_granularities[]", "word"}, [2]string{"timestamp_granularities[]", "segment"})
	}
	if base := onlyBase(h.Languages); base != "" {
		list = append(list, [2]string{"language", base})
	}
	if p := prompt(h.Vocabulary); p != "" {
		list = append(list, [2]string{"prompt", p})
	}
	return list
}

// onlyBase is the language of all tags without region, or nothing.
func onlyBase(tags []language.Tag) string {
	found := ""
	for _, tag := range tags {
		base, confidence := tag.Base()
		if confidence != language.Exact { // undetermined: x/text would guess English
			continue
		}
		if found != "" && found != base.String() {
			return ""
		}
		found = base.String()
	}
	return found
}

// prompt lists as many of the words as fit, the first ones first.
func prompt(vocabulary []string) string {
	var b strings.Builder
	for _, word := range vocabulary {
		word = strings.TrimSpace(clean(word))
		if word == "" {
			continue
		}
		if b.Len()+len(word)+2 > maxPrompt {
			break
		}
		if b.Len() > 0 {
			b.WriteString(", ")
		}
		b.WriteString(word)
	}
	return b.String()
}

// clean makes control characters spaces and, as strings.Map does, bytes that are
// no character U+FFFD.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return ' '
		}
		return r
	}, text)
}

func (f *form) size() int64 {
	return int64(len(f.head)) + 2*int64(len(f.samples)) + int64(len(f.foot))
}

// body reads the form from its beginning; each call anew.
func (f *form) body() io.Reader {
	return io.MultiReader(bytes.NewReader(f.head), &sound{rest: f.samples}, bytes.NewReader(f.foot))
}

// sound reads samples as 16-bit PCM.
type sound struct{ rest []int16 }

func (s *sound) Read(p []byte) (int, error) {
	if len(s.rest) == 0 {
		return 0, io.EOF
	}
	if len(p) < 2 {
		return 0, io.ErrShortBuffer
	}
	n := min(len(p)/2, len(s.rest))
	pcm.PCM16.Encode(p[:0], s.rest[:n])
	s.rest = s.rest[n:]
	return 2 * n, nil
}
