package openaispeech

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/transcript"
)

// ErrOption is wrapped by what [New] answers for an address or an option that
// cannot be.
var ErrOption = errors.New("openaispeech: invalid option")

// Options of [New]. The zero value suits a server of one's own.
type Options struct {
	// APIKey is sent as a bearer token, on plain HTTP too. Default: none.
	APIKey string
	// Model is the server's name of the model. Default "whisper-1".
	Model string
	// Plain asks for the text without times, for models that know none.
	Plain bool
	// Rate resamples clips that have another rate, in hertz, from
	// [pcm.MinRate] to [pcm.MaxRate]. Default: sent as they are.
	Rate int
	// Client sends the requests; its redirection policy applies. Default: a
	// client over [http.DefaultTransport] that follows a redirection on the
	// same scheme and host only, and only where the request stays what it is
	// (307 and 308).
	Client *http.Client
	// Timeout is how long one call may take, sending and reading included.
	// Default 5 minutes.
	Timeout time.Duration
	// MaxBytes is the largest answer that is read, up to
	// [transcript.MaxImport]. Default 8 MiB.
	MaxBytes int64
	// MaxUpload is the largest WAV file that is sent, in bytes. Default 25 MiB,
	// OpenAI's limit: 27 minutes at 8 kHz.
	MaxUpload int64
}

// complete returns the options with their defaults.
func (o Options) complete() Options {
	if o.Model == "" {
		o.Model = "whisper-1"
	}
	if o.Client == nil {
		o.Client = &http.Client{CheckRedirect: stay}
	}
	if o.Timeout == 0 {
		o.Timeout = 5 * time.Minute
	}
	if o.MaxBytes == 0 {
		o.MaxBytes = 8 << 20
	}
	if o.MaxUpload == 0 {
		o.MaxUpload = 25 << 20
	}
	return o
}

// check finds what cannot be in complete options.
func (o Options) check() error {
	switch {
	case strings.ContainsFunc(o.APIKey, func(r rune) bool { return r <= ' ' || r > '~' }):
		return fmt.Errorf("%w: APIKey has characters that no header may have", ErrOption)
	case len(o.Model) > 256 || strings.ContainsFunc(o.Model, unicode.IsControl):
		return fmt.Errorf("%w: Model %.40q", ErrOption, o.Model)
	case o.Rate != 0 && !pcm.ValidRate(o.Rate):
		return fmt.Errorf("%w: Rate %d, want %d to %d", ErrOption, o.Rate, pcm.MinRate, pcm.MaxRate)
	case o.Timeout < 0:
		return fmt.Errorf("%w: Timeout %v", ErrOption, o.Timeout)
	case o.MaxBytes < 0 || o.MaxBytes > transcript.MaxImport:
		return fmt.Errorf("%w: MaxBytes %d, want at most %d", ErrOption, o.MaxBytes, transcript.MaxImport)
	case o.MaxUpload < 0:
		return fmt.Errorf("%w: MaxUpload %d", ErrOption, o.MaxUpload)
	}
	return nil
}

// endpoint is the address of the interface under a base.
func endpoint(base string) (string, error) {
	u, err := url.Parse(base)
	switch {
	case err != nil:
		return "", fmt.Errorf("%w: the base is no URL", ErrOption)
	case u.Scheme != "http" && u.Scheme != "https", u.Host == "":
		return "", fmt.Errorf("%w: the base must be http://host or https://host", ErrOption)
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return "", fmt.Errorf("%w: the base may have a path, but no user, query or fragment", ErrOption)
	}
	if u.Path == "" || u.Path == "/" {
		u.Path = "/v1"
	}
	return u.JoinPath("audio", "transcriptions").String(), nil
}

// errElsewhere refuses a redirection that would carry a recording to a server
// that the host did not name.
var errElsewhere = errors.New("openaispeech: redirected elsewhere")

// stay is the redirection policy of our own client.
func stay(next *http.Request, via []*http.Request) error {
	first := via[0]
	if next.URL.Scheme != first.URL.Scheme || next.URL.Host != first.URL.Host || next.Method != first.Method || len(via) > 3 {
		return errElsewhere
	}
	return nil
}
