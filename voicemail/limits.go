package voicemail

import (
	"cmp"
	"errors"
	"fmt"
	"time"
)

// within is value, or its default when it is zero. Out of range is an error.
func within[T cmp.Ordered](errs *[]error, name string, value, def, least, most T) T {
	var zero T
	if value == zero {
		return def
	}
	if value < least || value > most {
		*errs = append(*errs, fmt.Errorf("voicemail: %s: %v, want %v to %v", name, value, least, most))
	}
	return value
}

func (l Limits) check(errs *[]error) Limits {
	const day = 24 * time.Hour
	l.Captures = within(errs, "limit captures", l.Captures, 4096, 1, 1<<20)
	l.Length = within(errs, "limit length", l.Length, 10*time.Minute, time.Second, 4*time.Hour)
	l.Frame = within(errs, "limit frame", l.Frame, 64<<10, 2, 1<<20)
	l.Backlog = within(errs, "limit backlog", l.Backlog, 1<<20, 4<<10, 1<<30)
	l.Hold = within(errs, "limit hold", l.Hold, 5*time.Minute, time.Second, day)
	l.Overdue = within(errs, "limit overdue", l.Overdue, time.Hour, time.Second, 30*day)
	l.Keep = within(errs, "limit keep", l.Keep, 30*day, time.Minute, 3650*day)
	l.Commit = within(errs, "limit commit", l.Commit, 30*time.Second, 100*time.Millisecond, time.Hour)
	l.Transcribe = within(errs, "limit transcribe", l.Transcribe, 5*time.Minute, time.Second, day)
	l.Notify = within(errs, "limit notify", l.Notify, 30*time.Second, time.Second, day)
	l.Retry = within(errs, "limit retry", l.Retry, day, time.Second, 30*day)
	l.Text = within(errs, "limit text", l.Text, 64<<10, 1, 1<<20)
	l.Document = within(errs, "limit document", l.Document, 4<<20, 1, 16<<20)
	l.Work = within(errs, "limit work", l.Work, 100, 1, 10000)
	return l
}

// check reports every setting that can not be meant.
func (s Settings) check() error {
	var errs []error
	if s.MaxMessages < 0 || s.MaxBytes < 0 || s.MaxLength < 0 || s.Wait < 0 {
		errs = append(errs, errors.New("voicemail: settings: a negative maximum"))
	}
	if s.Announce != "" && s.Announce != AtOnce && s.Announce != WithTranscript {
		errs = append(errs, fmt.Errorf("voicemail: settings: announce %q, want %s or %s", cut(string(s.Announce), MaxName), AtOnce, WithTranscript))
	}
	return errors.Join(errs...)
}

// effective is s with its defaults, for the snapshot of a capture. What is
// off is negative.
func (s Settings) effective() Settings {
	def := func(value *time.Duration, d time.Duration) {
		if *value == 0 {
			*value = d
		}
	}
	def(&s.MaxLength, 180*time.Second)
	def(&s.MinLength, time.Second)
	def(&s.MinSpeech, 300*time.Millisecond)
	def(&s.EndSilence, 5*time.Second)
	def(&s.StartSilence, 10*time.Second)
	def(&s.NoMedia, 10*time.Second)
	def(&s.Wait, 60*time.Second)
	def(&s.Bin, 30*24*time.Hour)
	return s
}

// length is the longest message under settings that are effective.
func (s *Service) length(set Settings) time.Duration {
	return min(set.MaxLength, s.limits.Length)
}

func (s *Service) transcribes(set Settings) bool {
	return s.transcribed && !set.NoTranscript
}
