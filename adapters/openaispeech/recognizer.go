package openaispeech

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/transcript"
)

// shortest is the length under which nobody can have said a word, and under
// which OpenAI refuses a file.
const shortest = 100 * time.Millisecond

// ErrAnswer says that a server answered 200 with something else than a
// transcript. Trying again may help: proxies do it when the server is away.
var ErrAnswer = errors.New("openaispeech: the answer is no transcript")

// Recognizer asks a server. It may be used concurrently and keeps nothing
// between clips, except the connections of its client.
type Recognizer struct {
	url     string
	options Options
	// sign adds the key, which is kept in no field so that no %+v prints it.
	sign func(*http.Request)
}

var _ transcript.Recognizer = (*Recognizer)(nil)

// New makes a recogniser for the server at baseURL: scheme, host and the path
// before "/audio/transcriptions", which is "/v1" when there is none. It asks
// nothing of the server. The error wraps [ErrOption].
func New(baseURL string, o *Options) (*Recognizer, error) {
	var options Options
	if o != nil {
		options = *o
	}
	options = options.complete()
	if err := options.check(); err != nil {
		return nil, err
	}
	address, err := endpoint(baseURL)
	if err != nil {
		return nil, err
	}
	key := options.APIKey
	options.APIKey = ""
	sign := func(r *http.Request) {
		if key != "" {
			r.Header.Set("Authorization", "Bearer "+key)
		}
	}
	return &Recognizer{url: address, options: options, sign: sign}, nil
}

// Recognize sends the clip once and blocks until the answer is read. Every
// error is a [*transcript.Error]; the package doc says which kind stands for
// what. A clip shorter than 100 ms is answered with no words and not sent.
func (r *Recognizer) Recognize(ctx context.Context, c pcm.Clip, h transcript.Hints) (transcript.Transcript, error) {
	if err := ctx.Err(); err != nil {
		return transcript.Transcript{}, &transcript.Error{Kind: transcript.Retry, Err: err}
	}
	if !pcm.ValidRate(c.Rate) {
		return transcript.Transcript{}, unsupported(fmt.Errorf("openaispeech: rate %d Hz", c.Rate))
	}
	if c.Duration() < shortest {
		return transcript.Transcript{}, nil
	}
	rate := c.Rate
	if r.options.Rate != 0 {
		rate = r.options.Rate
	}
	samples := (int64(len(c.Samples))*int64(rate) + int64(c.Rate) - 1) / int64(c.Rate)
	if 2*samples > r.options.MaxUpload-wavHeader {
		return transcript.Transcript{}, unsupported(fmt.Errorf("openaispeech: sound of %v is larger than MaxUpload", c.Duration()))
	}
	f, err := newForm(r.options, c.Resample(rate), h)
	if err != nil {
		return transcript.Transcript{}, unsupported(err)
	}
	ctx, cancel := context.WithTimeout(ctx, r.options.Timeout)
	defer cancel()
	data, err := r.ask(ctx, f)
	if err != nil {
		return transcript.Transcript{}, err
	}
	return read(data, h.Languages, c.Duration())
}

// wavHeader is the length of what stands before the samples.
const wavHeader = 44

// ask sends the form and returns the body of a good answer.
func (r *Recognizer) ask(ctx context.Context, f *form) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, r.url, f.body())
	if err != nil {
		return nil, &transcript.Error{Kind: transcript.Permanent, Err: err}
	}
	request.ContentLength = f.size()
	request.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(f.body()), nil }
	request.Header.Set("Content-Type", f.kind)
	request.Header.Set("Accept", "application/json")
	r.sign(request)
	answer, err := r.options.Client.Do(request)
	if err != nil {
		return nil, exchange(ctx, err)
	}
	defer func() { _ = answer.Body.Close() }() // it was read, or is of no use
	if answer.StatusCode != http.StatusOK {
		return nil, refusal(answer)
	}
	if !isJSON(answer.Header.Get("Content-Type")) {
		return nil, &transcript.Error{Kind: transcript.Retry, Err: fmt.Errorf("%w: it is not JSON", ErrAnswer)}
	}
	data, err := io.ReadAll(io.LimitReader(answer.Body, r.options.MaxBytes+1))
	switch {
	case err != nil:
		return nil, exchange(ctx, err)
	case int64(len(data)) > r.options.MaxBytes:
		return nil, tooLong()
	}
	return data, nil
}

// exchange classes what went wrong between the two machines. The address of a
// [url.Error] is left out: that of a redirection is the server's to choose.
func exchange(ctx context.Context, err error) error {
	if outer, ok := errors.AsType[*url.Error](err); ok {
		err = outer.Err
	}
	kind := transcript.Retry
	if errors.Is(err, errElsewhere) {
		kind = transcript.Permanent
	}
	if ended := ctx.Err(); ended != nil && !errors.Is(err, ended) {
		err = ended
	}
	return &transcript.Error{Kind: kind, Err: fmt.Errorf("openaispeech: asking: %w", err)}
}

// isJSON reports whether a body of this content type is JSON. Servers that name
// no type are believed.
func isJSON(kind string) bool {
	if kind == "" {
		return true
	}
	media, _, err := mime.ParseMediaType(kind)
	return err == nil && (media == "application/json" || strings.HasSuffix(media, "+json"))
}

func unsupported(err error) error {
	return &transcript.Error{Kind: transcript.Unsupported, Err: err}
}

func tooLong() error {
	return &transcript.Error{Kind: transcript.Permanent, Err: fmt.Errorf("openaispeech: the answer: %w", transcript.ErrTooLong)}
}
