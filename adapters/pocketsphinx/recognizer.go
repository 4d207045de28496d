package pocketsphinx

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"time"

	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/transcript"
)

// Limits of what is read from the program. An hour of fast speech has about
// 12000 words, a line has about 30 bytes.
const (
	maxOutput = 4 << 20
	maxErrors = 4 << 10
	patience  = 2 * time.Second // between the kill and giving up on its pipes
)

// Recognizer runs the program once for each clip. It may be used concurrently
// and keeps nothing between clips.
type Recognizer struct {
	options Options
	args    []string
	turns   chan struct{}
}

var _ transcript.Recognizer = (*Recognizer)(nil)

// New makes a recogniser. It starts nothing and does not look for the program,
// which may be installed later. The error wraps [ErrOption].
func New(o *Options) (*Recognizer, error) {
	var options Options
	if o != nil {
		options = *o
	}
	options = options.complete()
	if err := options.check(); err != nil {
		return nil, err
	}
	return &Recognizer{options: options, args: options.arguments(), turns: make(chan struct{}, options.Parallel)}, nil
}

// Recognize waits for its turn, runs the program on the clip and blocks until
// it has ended. Every error is a [*transcript.Error]; the package doc says
// which kind stands for what. A clip without samples is answered with no words.
func (r *Recognizer) Recognize(ctx context.Context, c pcm.Clip, h transcript.Hints) (transcript.Transcript, error) {
	if err := r.accepts(c, h); err != nil {
		return transcript.Transcript{}, &transcript.Error{Kind: transcript.Unsupported, Err: err}
	}
	select {
	case r.turns <- struct{}{}:
		defer func() { <-r.turns }()
	case <-ctx.Done():
	}
	if err := ctx.Err(); err != nil {
		return transcript.Transcript{}, &transcript.Error{Kind: transcript.Retry, Err: err}
	}
	if len(c.Samples) == 0 {
		return transcript.Transcript{}, nil
	}
	output, err := r.run(ctx, c.Resample(r.options.Rate))
	if err != nil {
		return transcript.Transcript{}, err
	}
	t, err := read(output, r.options.Language, c.Duration())
	if err != nil {
		return transcript.Transcript{}, &transcript.Error{Kind: transcript.Permanent, Err: err}
	}
	return t, nil
}

// accepts says why a clip would give nothing but noise.
func (r *Recognizer) accepts(c pcm.Clip, h transcript.Hints) error {
	switch {
	case !pcm.ValidRate(c.Rate):
		return fmt.Errorf("pocketsphinx: rate %d Hz", c.Rate)
	case c.Rate < r.options.Rate && !r.options.Upsample:
		return fmt.Errorf("pocketsphinx: sound at %d Hz, the model wants %d Hz", c.Rate, r.options.Rate)
	case c.Duration() > r.options.MaxDuration:
		return fmt.Errorf("pocketsphinx: sound of %v, at most %v", c.Duration(), r.options.MaxDuration)
	case len(h.Languages) > 0 && !sameBase(h.Languages[0], r.options.Language):
		return fmt.Errorf("pocketsphinx: the model knows %v, not %v", r.options.Language, h.Languages[0])
	}
	return nil
}

// sameBase reports whether two tags are of one language. Undetermined is any.
func sameBase(a, b language.Tag) bool {
	left, _ := a.Base()
	right, _ := b.Base()
	return left == right || a == language.Und
}

// run is one run of the program, from start to what it printed.
func (r *Recognizer) run(ctx context.Context, c pcm.Clip) ([]byte, error) {
	path, err := exec.LookPath(r.options.Program)
	if err != nil {
		return nil, &transcript.Error{Kind: transcript.Unsupported, Err: fmt.Errorf(
			"pocketsphinx: program not found; Debian has it in the packages pocketsphinx and pocketsphinx-en-us: %w", err)}
	}
	ctx, cancel := context.WithTimeout(ctx, r.options.Timeout)
	defer cancel()
	output, messages := head{limit: maxOutput}, tail{limit: maxErrors}
	program := exec.CommandContext(ctx, path, r.args...)
	program.Env = []string{"LC_ALL=C"}
	program.Stdin = &samples{rest: c.Samples}
	program.Stdout, program.Stderr = &output, &messages
	program.WaitDelay = patience
	err = program.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return output.data, nil
	case ctx.Err() != nil:
		return nil, &transcript.Error{Kind: transcript.Retry, Err: fmt.Errorf("pocketsphinx: stopped: %w", ctx.Err())}
	case output.full:
		return nil, &transcript.Error{Kind: transcript.Permanent, Err: fmt.Errorf("pocketsphinx: %w", transcript.ErrTooLong)}
	case errors.As(err, &exit) && exit.Exited():
		return nil, &transcript.Error{Kind: transcript.Permanent, Err: fmt.Errorf("pocketsphinx: %w%s", err, messages.reason())}
	}
	return nil, &transcript.Error{Kind: transcript.Retry, Err: fmt.Errorf("pocketsphinx: %w", err)}
}
