package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path"
	"time"

	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep"
	"github.com/afterbeep/afterbeep/adapters/siphost"
	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/callflow"
	"github.com/afterbeep/afterbeep/greeting"
	"github.com/afterbeep/afterbeep/hours"
	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/phone"
	"github.com/afterbeep/afterbeep/transcript"
	"github.com/afterbeep/afterbeep/voicemail"
)

// What ships with the program: a configuration that works, and its sounds.
//
//go:embed frontdesk.json prompts callers
var shipped embed.FS

const shippedConfig = "frontdesk.json"

// setting is the world that an office stands in.
type setting struct {
	listen     string // instead of the configuration's
	data       string // the folder of everything that is kept
	clock      phone.Clock
	recognizer transcript.Recognizer // nil: no transcripts
	ring       time.Duration         // instead of the flow's own ring times; 0: those
	story      *story
	log        *slog.Logger
}

// office is the front desk, open for calls.
type office struct {
	c       *config
	desk    *afterbeep.Desk
	host    *siphost.Host
	library *greeting.Library
	sounds  map[string]pcm.Clip // of prompts, by file
	poke    chan struct{}       // something may be due
	closers []io.Closer
}

// openOffice reads what is kept, finishes what an earlier process began, and
// binds the port. It answers no call before serve.
func openOffice(ctx context.Context, c *config, in setting) (o *office, err error) {
	o = &office{c: c, poke: make(chan struct{}, 1)}
	defer func() {
		if err != nil {
			err = errors.Join(err, o.close())
		}
	}()
	schedule, err := c.schedule()
	if err != nil {
		return o, err
	}
	flow, err := c.flow(schedule, in.ring)
	if err != nil {
		return o, err
	}
	policy, err := c.policy(schedule)
	if err != nil {
		return o, err
	}
	folder, err := o.folder(in.data)
	if err != nil {
		return o, err
	}
	mail, err := o.mail(folder)
	switch {
	case errors.Is(err, voicemail.ErrLocked):
		return o, fmt.Errorf("data folder %s: another front desk is using it", in.data)
	case err != nil:
		return o, fmt.Errorf("data folder %s: %w", in.data, err)
	}
	if o.library, o.sounds, err = c.voices(ctx, mail); err != nil {
		return o, err
	}
	book, err := openLedger(folder, "replies.jsonl")
	if err != nil {
		return o, fmt.Errorf("data folder %s: %w", in.data, err)
	}
	o.closers = append(o.closers, book)
	texts, err := openOutbox(folder, "texts.jsonl", in.clock)
	if err != nil {
		return o, fmt.Errorf("data folder %s: %w", in.data, err)
	}
	o.closers = append(o.closers, texts)
	texts.told = in.story.text

	flows := callflow.FlowMap{}
	flows.Add("", flow)
	o.desk, err = afterbeep.New(afterbeep.Sockets{
		Line:      func(context.Context, phone.Call) (afterbeep.Line, error) { return c.line(flow), nil },
		Schedule:  func(context.Context, phone.TenantID, string) (hours.Schedule, error) { return schedule, nil },
		Greetings: func(context.Context, phone.TenantID, string) (*greeting.Library, error) { return o.library, nil },
		Clips:     mail, Flows: flows, Sessions: callflow.NewMemory(),
		Mail: mail, Blobs: mail, Spool: mail,
		Recognizer: in.recognizer,
		Policies:   func(context.Context, phone.TenantID, phone.LineID) (*autoreply.Policy, error) { return policy, nil },
		Ledger:     book, Sender: texts,
	}, &afterbeep.Options{
		Clock: in.clock, Contact: c.contact, Log: in.log,
		Notifiers: map[string]voicemail.Notifier{"inbox": in.story.notice(c)},
		Observe:   in.story.observe, Trace: in.story.trace,
	})
	if err != nil {
		return o, err
	}
	if err := o.mailboxes(ctx); err != nil {
		return o, err
	}
	if _, err := o.desk.Recover(ctx); err != nil {
		return o, fmt.Errorf("data folder %s: %w", in.data, err)
	}
	return o, o.listen(in)
}

// folder opens the data folder, and makes it first.
func (o *office) folder(name string) (*os.Root, error) {
	if err := os.MkdirAll(name, 0o700); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	folder, err := os.OpenRoot(name)
	if err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	o.closers = append(o.closers, folder)
	return folder, nil
}

// mail opens the voicemail in the data folder; one process at a time may.
func (o *office) mail(folder *os.Root) (*voicemail.Dir, error) {
	if err := folder.MkdirAll(mailFolder, 0o700); err != nil {
		return nil, err
	}
	inner, err := folder.OpenRoot(mailFolder)
	if err != nil {
		return nil, err
	}
	o.closers = append(o.closers, inner)
	mail, err := voicemail.OpenDir(inner)
	if err == nil {
		o.closers = append(o.closers, mail)
	}
	return mail, err
}

// mailFolder is where recordings are, in the data folder.
const mailFolder = "voicemail"

// mailboxes gives every mailbox of the configuration its settings.
func (o *office) mailboxes(ctx context.Context) error {
	us := phone.Actor{Kind: phone.System, ID: "configuration"}
	for name, settings := range o.c.Mailboxes {
		effective, _ := afterbeep.Effective(
			afterbeep.Layer{Name: "mailbox", Settings: settings},
			afterbeep.Layer{Name: "line", Settings: afterbeep.Settings{Languages: o.c.Languages}},
		)
		box := voicemail.Box{ID: voicemail.BoxID{Mailbox: name}, Settings: effective.Box()}
		if err := o.desk.Mail().PutBox(ctx, us, box); err != nil {
			return fmt.Errorf("mailbox %s: %w", name, err)
		}
	}
	return nil
}

func (o *office) listen(in setting) error {
	addr := o.c.Listen
	if in.listen != "" {
		addr = in.listen
	}
	var err error
	o.host, err = siphost.Listen(&siphost.Options{
		Addr: addr, Clock: in.clock, Log: in.log, Prompt: o.prompt,
		Contacts: o.c.Phones, Passwords: o.c.passwords(),
	})
	if err != nil {
		return fmt.Errorf("listening on %s: %w", addr, err)
	}
	return nil
}

// prompt is the sound of a prompt in the language of the caller, or the one
// that all languages share.
func (o *office) prompt(_ context.Context, name string, tag language.Tag, _ phone.Call) (pcm.Clip, error) {
	base, _ := tag.Base()
	if base.String() == "und" {
		base, _ = o.c.Languages[0].Base()
	}
	for _, file := range []string{path.Join(base.String(), name), name} {
		if clip, ok := o.sounds[file]; ok {
			return clip, nil
		}
	}
	return pcm.Clip{}, fmt.Errorf("no sound for the prompt %q: %w", name, fs.ErrNotExist)
}

// serve answers calls until ctx ends, and does what is due between them.
func (o *office) serve(ctx context.Context) error {
	return o.host.Serve(ctx, o.handle)
}

// handle takes one call from its ring to the end of the conversation.
func (o *office) handle(ctx context.Context, call phone.Call, leg *siphost.Leg) error {
	if card, ok := o.c.card(call.Caller.Number); ok {
		call.Language, call.Caller.Name = card.Language, card.Name
	}
	err := o.desk.Serve(ctx, call, leg)
	select {
	case o.poke <- struct{}{}:
	default:
	}
	return errors.Join(err, leg.Wait(ctx))
}

// tend does what is due, again and again until ctx ends.
func (o *office) tend(ctx context.Context, clock phone.Clock, log *slog.Logger) {
	for {
		// A pass that has begun is ended, also when the office closes.
		pass, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
		report, err := o.desk.Work(pass)
		cancel()
		if err != nil {
			log.Error("some work is left for the next pass", "err", err)
		}
		wait := max(report.Next.Sub(clock.Now()), 100*time.Millisecond)
		select {
		case <-ctx.Done():
			return
		case <-o.poke:
		case <-time.After(min(wait, time.Minute)):
		}
	}
}

// close gives back everything, the last first.
func (o *office) close() error {
	var problems []error
	for i := len(o.closers) - 1; i >= 0; i-- {
		problems = append(problems, o.closers[i].Close())
	}
	o.closers = nil
	return errors.Join(problems...)
}
