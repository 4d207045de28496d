package afterbeep

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

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
		Notifiers: map[string]voicemail.Notifier{},
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
			_, err := d.Note(ctx, n.Event())
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
		if err != nil || t.Empty() {
			return voicemail.Transcript{}, err
		}
		document, err := json.Marshal(transcript.NewDocument(t, ""))
		return voicemail.Transcript{Text: t.Text, Language: t.Language, Document: document}, err
	}
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
	t := transcript.Plain(m.Transcript.Text, m.Transcript.Language)
	if len(m.Transcript.Document) > 0 {
		var document transcript.Document
		if err := json.Unmarshal(m.Transcript.Document, &document); err != nil {
			return transcript.Transcript{}, fmt.Errorf("afterbeep: transcript of message %q: %w", m.ID, err)
		}
		t = document.Current()
	}
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

// filter is that of the host, or the default one of the language, which is
// compiled once.
func (d *Desk) filter(ctx context.Context, id voicemail.BoxID, tag language.Tag) (*transcript.Filter, error) {
	if d.o.Filter != nil {
		return d.o.Filter(ctx, id, tag)
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
