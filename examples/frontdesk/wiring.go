package main

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep"
	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/callflow"
	"github.com/afterbeep/afterbeep/greeting"
	"github.com/afterbeep/afterbeep/hours"
	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/phone"
)

// line is the one line of the office.
func (c *config) line(flow *callflow.Flow) afterbeep.Line {
	return afterbeep.Line{
		ID: "main", Number: c.Number, Shared: true, Mailbox: c.mainBox(), Flow: flow.Digest(),
		Schedules: []string{scheduleName}, Greetings: "office",
		Languages: c.Languages,
	}
}

// mainBox is the mailbox of callers whom the flow sent to none: general, or
// the first by name.
func (c *config) mainBox() phone.MailboxID {
	var first phone.MailboxID
	for name := range c.Mailboxes {
		if name == "general" {
			return name
		}
		if first == "" || name < first {
			first = name
		}
	}
	return first
}

// policy compiles the auto-replies.
func (c *config) policy(schedule hours.Schedule) (*autoreply.Policy, error) {
	policy, err := autoreply.NewPolicy(c.Replies, &autoreply.PolicyOptions{
		Schedule: schedule, Own: []phone.Number{c.Number}, Language: c.Languages[0],
	})
	return policy, c.located(err, "/replies")
}

// card is what the address book has about a number.
func (c *config) card(n phone.Number) (contactConfig, bool) {
	for _, card := range c.Contacts {
		if card.Number == n && n.Kind() != phone.Withheld {
			return card, true
		}
	}
	return contactConfig{}, false
}

// contact tells the auto-replies what the address book has.
func (c *config) contact(_ context.Context, k autoreply.Key) (autoreply.Contact, error) {
	n, err := phone.ParseNumber(string(k.Contact))
	if err != nil {
		return autoreply.Contact{}, err
	}
	card, known := c.card(n)
	who := autoreply.Contact{Name: card.Name, Known: known, Blocked: card.Blocked}
	if card.Language != language.Und {
		who.Language = card.Language.String()
	}
	return who, nil
}

// passwords are those of the accounts; without one anybody on this machine may
// register, which siphost allows on the loopback address alone.
func (c *config) passwords() map[string]string {
	secured := map[string]string{}
	for name, password := range c.Accounts {
		if password != "" {
			secured[name] = password
		}
	}
	if len(secured) == 0 {
		return nil
	}
	return secured
}

// voices loads every prompt, and brings the sounds of the greetings into the
// store.
func (c *config) voices(ctx context.Context, clips greeting.Clips) (*greeting.Library, map[string]pcm.Clip, error) {
	sounds := map[string]pcm.Clip{}
	err := fs.WalkDir(c.files, c.Sounds, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".wav" {
			return err
		}
		clip, err := readSound(c.files, name)
		sounds[strings.TrimSuffix(strings.TrimPrefix(name, c.Sounds+"/"), ".wav")] = clip
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("sounds: %w", err)
	}
	var set greeting.Snapshot
	for i, g := range c.Greetings {
		clip, ok := sounds[strings.TrimSuffix(g.File, ".wav")]
		if !ok {
			return nil, nil, c.wrong(fmt.Sprintf("/greetings/%d/file", i), "%q is not in the folder %s", g.File, c.Sounds)
		}
		hash, err := greeting.Store(ctx, clips, "", clip)
		if err != nil {
			return nil, nil, fmt.Errorf("greeting %s: %w", g.File, err)
		}
		id := strings.TrimSuffix(g.File, ".wav")
		set.Greetings = append(set.Greetings, greeting.Greeting{ID: id, Clip: hash, Language: g.Language})
		set.Rules = append(set.Rules, greeting.Rule{ID: id, Greeting: id, When: g.When})
	}
	fallback := language.English
	if len(c.Languages) > 0 {
		fallback = c.Languages[0]
	}
	library, err := greeting.New(set, &greeting.Options{Default: fallback})
	return library, sounds, c.located(err, "/greetings")
}

// wavFiles are the recordings below a folder. Greetings are kept there too, by
// hash; recordings have an id and a hash.
func wavFiles(files fs.FS) ([]string, error) {
	var all []string
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && path.Ext(name) == ".wav" {
			all = append(all, name)
		}
		return err
	})
	return all, err
}
