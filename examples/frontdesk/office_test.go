package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/adapters/siphost/softphone"
	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/pcm/pcmtest"
	"github.com/afterbeep/afterbeep/phone"
	"github.com/afterbeep/afterbeep/voicemail"
)

// paper is a writer that several goroutines may use.
type paper struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (p *paper) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.Write(b)
}

func (p *paper) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.String()
}

// opened is an office that answers calls, on a wall clock of its own.
type opened struct {
	*office
	watch *watch
	told  *paper
	data  string
	stop  func() // and wait; idempotent
}

// ringTime is how long phones ring here.
const ringTime = 2 * time.Second

// open opens the office that ships, changed by edit, at an instant of the
// office's zone.
func open(t *testing.T, at string, edit func(*config)) *opened {
	t.Helper()
	c, err := readConfig("")
	require.NoError(t, err)
	if edit != nil {
		edit(c)
	}
	zone, err := c.zone()
	require.NoError(t, err)
	when, err := time.ParseInLocation("2006-01-02 15:04", at, zone)
	require.NoError(t, err)
	o := &opened{watch: &watch{}, told: &paper{}, data: t.TempDir()}
	o.watch.put(when)
	ears, err := openEars(shipped, "callers")
	require.NoError(t, err)
	in := setting{
		listen: "127.0.0.1:0", data: o.data, clock: o.watch, recognizer: ears, ring: ringTime,
		story: newStory(o.told, o.watch, zone), log: slog.New(slog.NewTextHandler(o.told, nil)),
	}
	o.office, err = openOffice(t.Context(), c, in)
	require.NoError(t, err)
	in.story.words = o.words
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- o.serve(ctx) }()
	o.stop = sync.OnceFunc(func() {
		cancel()
		assert.NoError(t, <-served)
		assert.NoError(t, o.close())
	})
	t.Cleanup(o.stop)
	return o
}

// dial calls the office.
func (o *opened) dial(t *testing.T, number string) *softphone.Call {
	t.Helper()
	p, err := softphone.New(t.Context(), &softphone.Options{Number: number})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, p.Close()) })
	c, err := p.Dial(t.Context(), "sip:"+o.c.Number.String()+"@"+o.host.Addr().String(), nil)
	require.NoError(t, err)
	return c
}

// settled waits for the end of a call at the desk and does what is due.
func (o *opened) settled(t *testing.T) {
	t.Helper()
	select {
	case <-o.poke:
	case <-time.After(40 * time.Second):
		t.Fatal("the desk is not done with the call:\n" + o.told.String())
	}
	d := demo{office: o.office, watch: o.watch}
	require.NoError(t, d.settle(t.Context()))
}

func (o *opened) messages(t *testing.T, box phone.MailboxID) []voicemail.Message {
	t.Helper()
	page, err := o.desk.Mail().Messages(t.Context(), phone.Actor{}, voicemail.BoxID{Mailbox: box}, voicemail.Query{})
	require.NoError(t, err)
	return page.Messages
}

// recorded reads the one recording of a folder.
func recorded(t *testing.T, data string) pcm.Clip {
	t.Helper()
	files, err := wavFiles(os.DirFS(data))
	require.NoError(t, err)
	require.Len(t, files, 1)
	clip, err := readSound(os.DirFS(data), files[0])
	require.NoError(t, err)
	return clip
}

func voice(t *testing.T, name string) pcm.Clip {
	t.Helper()
	clip, err := readSound(shipped, "callers/"+name+".wav")
	require.NoError(t, err)
	return clip
}

func press(t *testing.T, c *softphone.Call, keys string) {
	t.Helper()
	for _, key := range keys {
		require.NoError(t, c.WaitHeard(t.Context(), 500*time.Millisecond))
		require.NoError(t, c.SendDigits(t.Context(), string(key)))
	}
}

func leave(t *testing.T, c *softphone.Call, clip pcm.Clip) {
	t.Helper()
	require.NoError(t, c.WaitBeep(t.Context(), beepHz))
	require.NoError(t, c.SendAudio(t.Context(), clip))
	require.NoError(t, c.Hangup(t.Context()))
}

func TestTheRecordingIsWhatWasSaid(t *testing.T) {
	t.Parallel()
	o := open(t, "2026-06-16 10:05", nil)
	c := o.dial(t, "+15145550123")
	press(t, c, "12")
	leave(t, c, voice(t, "luc"))
	o.settled(t)

	lag, likeness := pcmtest.Align(voice(t, "luc"), recorded(t, o.data))
	assert.Greater(t, likeness, 0.99)
	assert.Less(t, lag.Abs(), 100*time.Millisecond, "from the first syllable")

	messages := o.messages(t, "support")
	require.Len(t, messages, 1)
	assert.Equal(t, "Luc Gagnon", messages[0].Call.Caller.Name)
	assert.Contains(t, messages[0].Transcript.Text, "hostie")
	told := o.told.String()
	assert.Contains(t, told, "fr/greeting-busy")
	assert.Contains(t, told, "cette ****** de facture")
	assert.Contains(t, told, "nous avons bien votre message")

	texts, err := os.ReadFile(filepath.Join(o.data, "texts.jsonl"))
	require.NoError(t, err)
	assert.Equal(t, 1, strings.Count(string(texts), "\n"))
}

func TestASecondOfficeIsRefused(t *testing.T) {
	t.Parallel()
	o := open(t, "2026-06-16 19:30", nil)
	c, err := readConfig("")
	require.NoError(t, err)
	_, err = openOffice(t.Context(), c, setting{listen: "127.0.0.1:0", data: o.data, clock: o.watch, story: newStory(&paper{}, o.watch, time.UTC)})
	require.ErrorContains(t, err, "another front desk is using it")

	_, err = openOffice(t.Context(), c, setting{
		listen: o.host.Addr().String(), data: t.TempDir(), clock: o.watch, story: newStory(&paper{}, o.watch, time.UTC),
	})
	require.ErrorContains(t, err, "listening on "+o.host.Addr().String())
}

func TestNothingIsForgottenOverARestart(t *testing.T) {
	t.Parallel()
	first := open(t, "2026-06-16 19:30", nil)
	leave(t, first.dial(t, "+15145550134"), voice(t, "amelie"))
	first.settled(t)
	first.stop()

	second := open(t, "2026-06-16 20:00", nil)
	// The same folder, another process.
	second.stop()
	data := second.data
	require.NoError(t, os.RemoveAll(data))
	require.NoError(t, os.Rename(first.data, data))
	again, err := openOffice(t.Context(), second.c, setting{
		listen: "127.0.0.1:0", data: data, clock: second.watch, story: newStory(second.told, second.watch, time.UTC), log: slog.New(slog.DiscardHandler),
	})
	require.NoError(t, err)
	defer func() { require.NoError(t, errors.Join(again.host.Close(), again.close())) }()

	page, err := again.desk.Mail().Messages(t.Context(), phone.Actor{}, voicemail.BoxID{Mailbox: "general"}, voicemail.Query{})
	require.NoError(t, err)
	require.Len(t, page.Messages, 1)
	event := phone.Event{
		V: phone.EventVersion, ID: "another-missed", Type: phone.CallMissed, At: second.watch.Now(),
		Line: "main", Contact: page.Messages[0].Call.Caller,
	}
	decision, err := again.desk.Preview(t.Context(), event)
	require.NoError(t, err)
	assert.Equal(t, "cooldown", string(decision.Reason), "who was texted before the restart is known after it")
}

func TestACallerWithoutSoundLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	o := open(t, "2026-06-16 19:30", nil)
	c := o.dial(t, "+15145550134")
	require.NoError(t, c.WaitBeep(t.Context(), beepHz))
	require.NoError(t, c.Wait(t.Context()), "the desk gives up and hangs up")
	o.settled(t)
	assert.Empty(t, o.messages(t, "general"))
}

func TestGarbageOnTheSIPPort(t *testing.T) {
	t.Parallel()
	o := open(t, "2026-06-16 19:30", nil)
	conn, err := net.Dial("udp", o.host.Addr().String())
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close()) }()
	for _, junk := range []string{
		"", "\x00\x01\x02", "GET / HTTP/1.1\r\n\r\n", "INVITE sip:x SIP/2.0\r\n\r\n", strings.Repeat("A", 8000),
		"INVITE sip:x@y SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1\r\nFrom: <>\r\nTo: <>\r\nCall-ID: \xff\r\nCSeq: x INVITE\r\nContent-Length: 99999\r\n\r\n",
	} {
		_, err := conn.Write([]byte(junk))
		require.NoError(t, err)
	}
	leave(t, o.dial(t, "+15145550134"), voice(t, "amelie"))
	o.settled(t)
	assert.Len(t, o.messages(t, "general"), 1, "calls go on")
	assert.NotContains(t, o.told.String(), "goroutine ", "no stack trace")
}

func TestAHostileNameStaysOnItsLine(t *testing.T) {
	t.Parallel()
	o := open(t, "2026-06-16 19:30", nil)
	p, err := softphone.New(t.Context(), &softphone.Options{Number: "+15145550199", Name: "\x1b[2Jroot ../../etc"})
	require.NoError(t, err)
	defer func() { assert.NoError(t, p.Close()) }()
	c, err := p.Dial(t.Context(), "sip:1@"+o.host.Addr().String(), nil)
	require.NoError(t, err)
	leave(t, c, voice(t, "amelie"))
	o.settled(t)
	assert.NotContains(t, o.told.String(), "\x1b")
	assert.Contains(t, o.told.String(), "own", "our own number is never texted")
	require.NoError(t, fs.WalkDir(os.DirFS(o.data), ".", func(name string, _ fs.DirEntry, err error) error {
		assert.NotContains(t, name, "root")
		return err
	}))
}

func TestTheShippedConfigurationIsStrictJSON(t *testing.T) {
	t.Parallel()
	data, err := fs.ReadFile(shipped, shippedConfig)
	require.NoError(t, err)
	require.True(t, json.Valid(data))
	assert.Less(t, bytes.Count(data, []byte("\n")), 130, "one readable file")
}
