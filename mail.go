package afterbeep

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/phone"
	"github.com/afterbeep/afterbeep/transcript"
	"github.com/afterbeep/afterbeep/voicemail"
)

// wireMail makes the voicemail service: the recogniser becomes its transcriber,
// and the auto-replies one of its channels.
func (d *Desk) wireMail() error {
	o := &voicemail.Options{
		Clock: d.o.Clock, Node: d.o.Node, Authorizer: d.o.Authorizer, Log: d.o.Log, Observe: d.observe,
		Notifiers: map[string]voicemail.Notifier{}, Transcribed: d.o.Transcribed,
		Limits: voicemail.Limits{Captures: max(d.o.Calls, defaultCalls)},
	}
	if d.s.Recognizer != nil {
		o.Transcriber = d.transcriber(transcript.Gate(d.s.Recognizer))
	}
	for name, notify := range d.o.Notifiers {
		o.Notifiers[name] = d.filtered(notify)
	}
	if d.replies != nil {
		// A reply does not wait for the transcript: its own settle time runs.
		o.Prompt = []string{channel}
		o.Notifiers[channel] = func(ctx context.Context, n voicemail.Notice) error {
			// The words stay out of it: what is noted is seen by many.
			e := n.Event()
			e.Text = ""
			_, err := d.Note(ctx, e)
			return err
		}
	}
	var err error
	d.mail, err = voicemail.New(d.s.Mail, d.s.Blobs, d.s.Spool, o)
	return err
}

// transcriber asks the recogniser for the words of a message. The document that
// is kept holds them as they were recognised; filtering happens when they are
// shown.
func (d *Desk) transcriber(r transcript.Recognizer) voicemail.Transcriber {
	return func(ctx context.Context, m voicemail.Message, c pcm.Clip) (voicemail.Transcript, error) {
		hints := transcript.Hints{Tenant: m.Box.Tenant, Mailbox: m.Box.Mailbox}
		if m.Divert.Language != language.Und {
			hints.Languages = []language.Tag{m.Divert.Language}
		}
		t, err := r.Recognize(ctx, c, hints)
		if err == nil {
			t, err = sound(t)
		}
		if err != nil || t.Empty() {
			return voicemail.Transcript{}, err
		}
		document, err := json.Marshal(transcript.NewDocument(t, ""))
		return voicemail.Transcript{Text: t.Text, Language: t.Language, Document: document}, err
	}
}

// maxWords is the most text that a message of a few minutes can have, in bytes.
const maxWords = 64 << 10

var errTooMuch = errors.New("afterbeep: more text than anybody can say")

// sound is t as it can be kept: what an engine answers is hostile. Words that do
// not fit their text are replaced by the text alone.
func sound(t transcript.Transcript) (transcript.Transcript, error) {
	if len(t.Text) > maxWords || len(t.Words) > maxWords {
		return transcript.Transcript{}, &transcript.Error{Kind: transcript.Permanent, Err: errTooMuch}
	}
	if !utf8.ValidString(t.Text) || t.Check() != nil {
		return transcript.Plain(strings.ToValidUTF8(t.Text, "\uFFFD"), t.Language), nil
	}
	return t, nil
}

// cut is text as valid UTF-8 of at most limit bytes.
func cut(text string, limit int) string {
	if len(text) > limit {
		text = text[:limit]
	}
	return strings.ToValidUTF8(text, "")
}

// filtered shows a notifier the transcript as the mailbox wants it shown.
func (d *Desk) filtered(notify voicemail.Notifier) voicemail.Notifier {
	if notify == nil {
		return nil // served by other nodes
	}
	return func(ctx context.Context, n voicemail.Notice) error {
		if n.Message.Transcript.Text != "" {
			shown, err := d.shown(ctx, n.Message)
			if err != nil {
				return err
			}
			n.Message.Transcript.Text, n.Message.Transcript.Document = shown.Text, nil
		}
		return notify(ctx, n)
	}
}

// Transcript is the transcript of a message as its mailbox wants it shown: with
// profanity masked, unless the filter of the box is off. The words as they were
// recognised and corrected stay in the message. A message without a transcript
// has the zero Transcript. In a language that the filter has no words for it is
// shown as it is, and the log says so.
func (d *Desk) Transcript(ctx context.Context, a phone.Actor, id voicemail.BoxID, message string) (transcript.Transcript, error) {
	page, err := d.mail.Messages(ctx, a, id, voicemail.Query{IDs: []string{message}})
	if err != nil {
		return transcript.Transcript{}, err
	}
	if len(page.Messages) == 0 {
		return transcript.Transcript{}, voicemail.ErrNotFound
	}
	return d.shown(ctx, page.Messages[0])
}

func (d *Desk) shown(ctx context.Context, m voicemail.Message) (transcript.Transcript, error) {
	document, err := documentOf(m)
	if err != nil {
		return transcript.Transcript{}, err
	}
	t := document.Current()
	box, err := d.s.Mail.Box(ctx, m.Box)
	if err != nil {
		return transcript.Transcript{}, err
	}
	if box.Settings.NoFilter || t.Empty() {
		return t, nil
	}
	tag := t.Language
	if tag == language.Und {
		tag = m.Divert.Language
	}
	filter, err := d.filter(ctx, m.Box, tag)
	switch {
	case errors.Is(err, transcript.ErrNoLexicon):
		d.o.Log.Warn("a transcript is shown unfiltered", "language", tag)
		return t, nil
	case err != nil:
		return transcript.Transcript{}, err
	}
	return filter.Transcript(t), nil
}

// documentOf is the transcript of a message with its corrections. A text that was
// changed in another way than by [Desk.Correct] counts.
func documentOf(m voicemail.Message) (transcript.Document, error) {
	plain := transcript.NewDocument(transcript.Plain(m.Transcript.Text, m.Transcript.Language), "")
	if len(m.Transcript.Document) == 0 {
		return plain, nil
	}
	var document transcript.Document
	if err := json.Unmarshal(m.Transcript.Document, &document); err != nil {
		return document, fmt.Errorf("afterbeep: transcript of message %q: %w", m.ID, err)
	}
	if document.V > transcript.DocumentVersion || document.Current().Text != m.Transcript.Text {
		return plain, nil
	}
	return document, nil
}

// Correct replaces the words of a transcript by what a person heard. The words
// as they were recognised are kept, and so are the times of the words that stay.
func (d *Desk) Correct(ctx context.Context, a phone.Actor, id voicemail.BoxID, message, text string) (voicemail.Message, error) {
	if len(text) > maxWords || !utf8.ValidString(text) {
		return voicemail.Message{}, fmt.Errorf("afterbeep: correction: want at most %d bytes of UTF-8", maxWords)
	}
	var failed error
	m, err := d.mail.Update(ctx, a, id, message, func(m *voicemail.Message) {
		var document transcript.Document
		if document, failed = documentOf(*m); failed != nil {
			return
		}
		if document, failed = document.Correct(a, d.o.Clock.Now(), text); failed != nil {
			return
		}
		data, err := json.Marshal(document)
		if failed = err; err == nil {
			m.Transcript.State, m.Transcript.Text, m.Transcript.Document = voicemail.TranscriptDone, document.Current().Text, data
		}
	})
	return m, errors.Join(err, failed)
}

// filter is that of the host, or the default one of the language, which is
// compiled once.
func (d *Desk) filter(ctx context.Context, id voicemail.BoxID, tag language.Tag) (*transcript.Filter, error) {
	if d.o.Filter != nil {
		if filter, err := d.o.Filter(ctx, id, tag); filter != nil || err != nil {
			return filter, err
		}
	}
	d.mu.Lock()
	filter := d.filters[tag]
	d.mu.Unlock()
	if filter != nil {
		return filter, nil
	}
	filter, err := transcript.NewFilter(tag, nil)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("afterbeep: filter for %s", tag), err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.filters) < maxFilters {
		d.filters[tag] = filter
	}
	return filter, nil
}

// maxFilters bounds what hostile language tags can cost.
const maxFilters = 64
