package openaispeech

import (
	"errors"
	"fmt"
	"time"

	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/transcript"
)

// read makes a transcript of the body of a good answer to a clip of this
// length. Its errors are of type [*transcript.Error].
func read(data []byte, hints []language.Tag, length time.Duration) (transcript.Transcript, error) {
	t, err := transcript.FromOpenAI(data)
	switch {
	case errors.Is(err, transcript.ErrTooLong):
		return transcript.Transcript{}, tooLong()
	case err != nil:
		return transcript.Transcript{}, &transcript.Error{Kind: transcript.Retry, Err: fmt.Errorf("%w: %w", ErrAnswer, err)}
	case t.Empty():
		return transcript.Transcript{}, nil
	}
	t.Language = languageOf(t.Language, hints)
	return t.Fit(length), nil
}

// languageOf is the language of an answer: what the engine says, with the
// region of the first hint of that language. Without a word of the engine it is
// the hint, if that leaves no choice.
func languageOf(said language.Tag, hints []language.Tag) language.Tag {
	base, confidence := said.Base()
	name := base.String()
	if confidence != language.Exact {
		name = onlyBase(hints)
	}
	for _, hint := range hints {
		if b, confidence := hint.Base(); confidence == language.Exact && b.String() == name {
			return hint
		}
	}
	return said
}
