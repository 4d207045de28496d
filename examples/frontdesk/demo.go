package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/afterbeep/afterbeep/adapters/siphost/softphone"
	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/phone"
)

const (
	demoRing = 2 * time.Second // nobody wants to wait for 20 s in a demo
	beepHz   = 640             // of pcm.Beep
)

// demo is the office with its callers, on loopback.
type demo struct {
	office *office
	watch  *watch
	zone   *time.Location
	sounds map[string]pcm.Clip
	story  *story
}

// runDemo opens the office on a free port of this machine, lets every caller
// call, and prints the stories and a table.
func runDemo(ctx context.Context, c *config, data string, out io.Writer, log *slog.Logger) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	zone, err := c.zone()
	if err != nil {
		return err
	}
	d := &demo{watch: &watch{}, zone: zone}
	if d.sounds, err = voices("luc", "luc-again", "amelie", "emma", "noah", "agent"); err != nil {
		return err
	}
	d.story = newStory(out, d.watch, zone)
	if err := d.put(scenes()[0].at); err != nil {
		return err
	}
	// A demo that ran before would have answered the same callers already.
	folder := filepath.Join(data, "demo-"+time.Now().Format("20060102-150405"))
	listener, err := openEars(shipped, "callers")
	if err != nil {
		return err
	}
	d.office, err = openOffice(ctx, c, setting{
		listen: "127.0.0.1:0", data: folder, clock: d.watch, recognizer: listener, ring: demoRing, story: d.story, log: log,
	})
	if err != nil {
		return err
	}
	d.story.words = d.office.words
	d.story.head(fmt.Sprintf("%s is open on sip:%s@%s, on this machine only.\n"+
		"Calls are real SIP with live RTP; the clock on the wall is that of each story, rings are cut to %s.\n"+
		"There is no speech recogniser here: the callers of the demo carry their words in text files.", c.Name, c.Number, d.office.host.Addr(), demoRing))

	serving, stop := context.WithCancel(ctx)
	served := make(chan error, 1)
	go func() { served <- d.office.serve(serving) }()
	err = d.play(ctx)
	stop()
	err = errors.Join(err, <-served, d.office.close())
	if err != nil {
		return err
	}
	if err := d.story.table(); err != nil {
		return err
	}
	return d.recordings(folder, out)
}

// play lets the phones of the team register and every caller call.
func (d *demo) play(ctx context.Context) error {
	team, err := d.team(ctx)
	defer func() {
		for _, p := range team {
			_ = p.Close() // nothing is kept in a softphone
		}
	}()
	if err != nil {
		return err
	}
	for i, s := range scenes() {
		if err := d.scene(ctx, i+1, s); err != nil {
			return fmt.Errorf("story %d: %w", i+1, err)
		}
	}
	return nil
}

// team registers two phones: sales is answered by Paul, support only rings.
func (d *demo) team(ctx context.Context) ([]*softphone.Phone, error) {
	var team []*softphone.Phone
	for _, who := range []string{"sales", "support"} {
		p, err := softphone.New(ctx, &softphone.Options{Number: who})
		if err != nil {
			return team, err
		}
		team = append(team, p)
		registrar := "sip:" + d.office.host.Addr().String()
		if err := p.Register(ctx, registrar, who, d.office.c.Accounts[who], time.Hour); err != nil {
			return team, err
		}
		go d.attend(ctx, p, who == "sales")
	}
	return team, nil
}

// attend rings at every call, and answers it if somebody is there.
func (d *demo) attend(ctx context.Context, p *softphone.Phone, there bool) {
	for {
		in, err := p.Accept(ctx)
		if err != nil {
			return // the phone was switched off
		}
		if in.Ring() != nil || !there {
			continue
		}
		c, err := in.Answer(ctx)
		if err != nil {
			continue
		}
		// What goes wrong here is heard by the caller, whose scene fails.
		_ = c.SendAudio(ctx, d.sounds["agent"])
		_ = c.Wait(ctx)
	}
}

func (d *demo) scene(ctx context.Context, n int, s scene) error {
	if err := d.put(s.at); err != nil {
		return err
	}
	d.story.head(fmt.Sprintf("%d. %s", n, s.title))
	if s.before != nil {
		if err := s.before(ctx, d); err != nil {
			return err
		}
	}
	p, err := softphone.New(ctx, &softphone.Options{Number: s.number, Name: s.name})
	if err != nil {
		return err
	}
	defer func() { _ = p.Close() }() // nothing is kept in a softphone
	c, err := p.Dial(ctx, fmt.Sprintf("sip:%s@%s", d.office.c.Number, d.office.host.Addr()), nil)
	if err != nil {
		return err
	}
	if err := s.act(ctx, d, c); err != nil {
		return err
	}
	select {
	case <-d.office.poke:
	case <-ctx.Done():
		return ctx.Err()
	}
	return d.settle(ctx)
}

// settle does what is due after a call. What is due within a minute is waited
// for on the clock of the story, which jumps there.
func (d *demo) settle(ctx context.Context) error {
	for range 10 {
		report, err := d.office.desk.Work(ctx)
		if err != nil {
			return err
		}
		wait := report.Next.Sub(d.watch.Now())
		if wait > 45*time.Second {
			return nil
		}
		if wait > 0 {
			d.watch.put(report.Next)
		}
	}
	return nil
}

// put sets the clock on the wall.
func (d *demo) put(at string) error {
	t, err := time.ParseInLocation("2006-01-02 15:04", at, d.zone)
	if err == nil {
		d.watch.put(t)
	}
	return err
}

// press waits for each menu to speak and presses a key, as people who know the
// menu do.
func (d *demo) press(ctx context.Context, c *softphone.Call, keys ...string) error {
	for _, key := range keys {
		if err := c.WaitHeard(ctx, 700*time.Millisecond); err != nil {
			return err
		}
		if err := c.SendDigits(ctx, key); err != nil {
			return err
		}
	}
	return nil
}

// leaveMessage waits for the beep, speaks and hangs up.
func (d *demo) leaveMessage(ctx context.Context, c *softphone.Call, who string) error {
	return errors.Join(c.WaitBeep(ctx, beepHz), c.SendAudio(ctx, d.sounds[who]), c.Hangup(ctx))
}

// conversation chooses sales in English and talks until both have spoken.
func conversation(ctx context.Context, d *demo, c *softphone.Call) error {
	if err := d.press(ctx, c, "2", "1"); err != nil {
		return err
	}
	if err := c.WaitQuiet(ctx, 700*time.Millisecond); err != nil {
		return err
	}
	return errors.Join(c.SendAudio(ctx, d.sounds["noah"]), c.Hangup(ctx))
}

// voices loads the sounds of callers.
func voices(names ...string) (map[string]pcm.Clip, error) {
	all := make(map[string]pcm.Clip, len(names))
	for _, name := range names {
		clip, err := readSound(shipped, "callers/"+name+".wav")
		if err != nil {
			return nil, err
		}
		all[name] = clip
	}
	return all, nil
}

// calledBack notes that a person of the team called a contact a while ago.
func (d *demo) calledBack(ctx context.Context, number string, ago time.Duration) error {
	n, err := phone.ParseNumber(number)
	if err != nil {
		return err
	}
	at := d.watch.Now().Add(-ago)
	_, err = d.office.desk.Note(ctx, phone.Event{
		V: phone.EventVersion, ID: "called-back/" + number, Type: phone.CallPlaced, At: at, Line: "main",
		Contact: phone.Party{Number: n}, Actor: phone.Actor{Kind: phone.Person, ID: "paul"},
	})
	return err
}

// recordings names the files that were kept.
func (d *demo) recordings(folder string, out io.Writer) error {
	root := os.DirFS(folder)
	files, err := wavFiles(root)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(out, "\n%d recordings, playable in any player, in %s:\n", len(files), folder); err != nil {
		return err
	}
	for _, name := range files {
		if _, err := fmt.Fprintln(out, "  "+filepath.Join(folder, filepath.FromSlash(name))); err != nil {
			return err
		}
	}
	return nil
}
