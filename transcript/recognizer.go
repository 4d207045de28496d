package transcript

import (
	"context"
	"fmt"

	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/phone"
)

// Recognizer turns sound into timed words. It is the one socket of this
// package: an engine behind HTTP, a program, a library. It blocks until it has
// an answer or ctx ends, may be called concurrently, and answers the same clip
// and hints with the same transcript as far as the engine allows, because a
// job that was lost is run again.
//
// No words and no error means that nobody spoke. An error with a method
// Retryable() bool that answers false is final; any other is worth another
// try. [Error] is such an error.
type Recognizer interface {
	// Recognize tells what is said in c. It keeps neither c nor h and changes
	// nothing in them.
	Recognize(ctx context.Context, c pcm.Clip, h Hints) (Transcript, error)
}

// RecognizerFunc is a function as a [Recognizer].
type RecognizerFunc func(ctx context.Context, c pcm.Clip, h Hints) (Transcript, error)

// Recognize calls f.
func (f RecognizerFunc) Recognize(ctx context.Context, c pcm.Clip, h Hints) (Transcript, error) {
	return f(ctx, c, h)
}

// Hints is what is known of a recording before anybody has listened to it. All
// of it is optional.
type Hints struct {
	// Languages that the speaker may use, the likeliest first.
	Languages []language.Tag
	// Vocabulary: names and words that a general engine would miss.
	Vocabulary []string
	Tenant     phone.TenantID
	Mailbox    phone.MailboxID
}

// ErrorKind is why a recogniser gave no transcript.
type ErrorKind string

// The kinds of errors. An unknown kind counts as [Retry].
const (
	Retry       ErrorKind = "retry"       // try again: network, overload, time-out
	Quota       ErrorKind = "quota"       // paid-for minutes are used up; try again later
	Unsupported ErrorKind = "unsupported" // this audio, language or engine never works
	Permanent   ErrorKind = "permanent"   // refused: credentials, configuration, policy
)

// Error is an error of a recogniser with the one thing that its caller must
// know: whether to try again.
type Error struct {
	Kind ErrorKind
	Err  error // the cause; may be nil
}

// Error names the kind and the cause.
func (e *Error) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("transcript: not recognised (%s)", e.Kind)
	}
	return fmt.Sprintf("transcript: not recognised (%s): %v", e.Kind, e.Err)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Retryable reports whether another try may succeed.
func (e *Error) Retryable() bool { return e.Kind != Unsupported && e.Kind != Permanent }
