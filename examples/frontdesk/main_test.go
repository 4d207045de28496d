package main

import (
	"bufio"
	"context"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/adapters/siphost/softphone"
	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/pcm/pcmtest"
	"github.com/afterbeep/afterbeep/phone"
	"github.com/afterbeep/afterbeep/voicemail"
)

// TestMain lets a test run this program as a process of its own.
func TestMain(m *testing.M) {
	if os.Getenv("FRONTDESK_CHILD") != "" {
		main()
	}
	os.Exit(m.Run())
}

// runWith runs the program and returns its exit status and what it printed.
func runWith(t *testing.T, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e paper
	code = run(t.Context(), args, &o, &e)
	return code, o.String(), e.String()
}

// written is a copy of the shipped configuration, changed, in a folder with the
// sounds.
func written(t *testing.T, edit func(string) string) string {
	t.Helper()
	dir := t.TempDir()
	data, err := fs.ReadFile(shipped, shippedConfig)
	require.NoError(t, err)
	text := edit(string(data))
	name := filepath.Join(dir, "office.json")
	require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	prompts, err := fs.Sub(shipped, "prompts")
	require.NoError(t, err)
	require.NoError(t, os.CopyFS(filepath.Join(dir, "prompts"), prompts))
	return name
}

func TestItExplainsItself(t *testing.T) {
	t.Parallel()
	code, out, errs := runWith(t, "-h")
	assert.Zero(t, code)
	assert.Empty(t, errs)
	assert.LessOrEqual(t, strings.Count(out, "\n"), 11, "ten lines")
	for _, flag := range []string{"-demo", "-config", "-listen", "-data", "-print"} {
		assert.Contains(t, out, flag)
	}
	code, out, _ = runWith(t, "-print")
	assert.Zero(t, code)
	shippedText, err := fs.ReadFile(shipped, shippedConfig)
	require.NoError(t, err)
	assert.Equal(t, string(shippedText), out)
}

func TestBadCommandLines(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"-dmeo"}, {"demo"}, {"-listen"}, {"-demo=perhaps"}} {
		code, out, errs := runWith(t, args...)
		assert.Equal(t, 2, code, args)
		assert.Empty(t, out)
		assert.Equal(t, 1, strings.Count(errs, "\n"), errs)
		assert.Contains(t, errs, "-h shows the flags")
	}
}

func TestBadConfigurationsNameTheLine(t *testing.T) {
	t.Parallel()
	replace := func(old, now string) func(string) string {
		return func(text string) string {
			if !strings.Contains(text, old) {
				panic(old + " is not in the shipped configuration")
			}
			return strings.Replace(text, old, now, 1)
		}
	}
	for name, c := range map[string]struct {
		edit func(string) string
		want string // after the name of the file
	}{
		"no JSON":          {replace(`"name":`, `"name"`), `:2: invalid character`},
		"cut off":          {func(s string) string { return s[:len(s)/2] }, `the file ends in the middle`},
		"two values":       {func(s string) string { return s + "{}" }, `nothing behind the closing brace`},
		"unknown field":    {replace(`"sounds":`, `"sonds":`), `:41: unknown field "sonds"`},
		"wrong type":       {replace(`"name": "Menuiserie Tremblay"`, `"name": 7`), `:2: name is a number, want string`},
		"no name":          {replace(`"name": "Menuiserie Tremblay"`, `"name": ""`), `:2: name: want the name of the company`},
		"bad number":       {replace(`"+15145550199"`, `"5145550199"`), `byte 0: want a plus`},
		"unknown zone":     {replace(`America/Toronto`, `America/Tremblay`), `:8: hours/zone: "America/Tremblay"`},
		"overlapping":      {replace(`["08:30-12:00", "13:00-17:00"]`, `["08:30-12:00", "11:00-17:00"]`), `:10: hours/week/monday/1`},
		"unknown region":   {replace(`"CA-QC"`, `"CA-XX"`), `:17: holidays/0`},
		"missing step":     {replace(`"closed": "night"`, `"closed": "nigth"`), `:25: flow/steps/hours/next/closed`},
		"unknown prompt":   {replace(`"prompt": "departments"`, `"prompt": "department"`), `flow/steps/departments/prompt`},
		"unknown target":   {replace(`"targets": ["sales"]`, `"targets": ["sails"]`), `flow/steps/sales/targets/0`},
		"no such greeting": {replace(`en/greeting-busy.wav`, `en/greeting-lazy.wav`), `greetings/3/file: "en/greeting-lazy.wav"`},
		"a bad rule":       {replace(`"on": ["call.missed"]`, `"on": ["call.mist"]`), `replies/2`},
		"a bad setting":    {replace(`"maxLength": "2m"`, `"maxLength": "two minutes"`), `want a duration`},
		"a long message":   {replace(`"maxLength": "2m"`, `"maxLength": "5h"`), `mailboxes/general: afterbeep: settings: /maxLength: 5h0m0s`},
		"unknown mailbox":  {replace(`"mailbox": "sales"`, `"mailbox": "slaes"`), `flow/steps/sales-box/mailbox: the host has no mailbox "slaes"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := written(t, c.edit)
			code, _, errs := runWith(t, "-config", file, "-data", t.TempDir(), "-listen", "127.0.0.1:0")
			assert.Equal(t, 1, code)
			assert.Contains(t, errs, c.want)
			assert.Contains(t, errs, file+":", "the file is named, with a line")
			assert.NotContains(t, errs, "goroutine ")
		})
	}
	code, _, errs := runWith(t, "-config", filepath.Join(t.TempDir(), "missing.json"))
	assert.Equal(t, 1, code)
	assert.Contains(t, errs, "missing.json")
}

func TestAFullDiskSpoilsNothing(t *testing.T) {
	t.Parallel()
	dir, err := os.OpenRoot(t.TempDir())
	require.NoError(t, err)
	defer func() { require.NoError(t, dir.Close()) }()
	book, err := openLedger(dir, "replies.jsonl")
	require.NoError(t, err)
	key := autoreply.Key{Contact: "+15145550123"}
	row := autoreply.Entry{V: autoreply.EntryVersion, Revision: 1, Slot: 1, Sent: time.Unix(1, 0).UTC()}
	require.NoError(t, book.Swap(t.Context(), key, row))
	require.NoError(t, book.Close())

	// A disk that filled up in the middle of a row.
	file, err := dir.OpenFile("replies.jsonl", os.O_WRONLY|os.O_APPEND, 0)
	require.NoError(t, err)
	_, err = file.WriteString(`{"key":{"contact":"+1514`)
	require.NoError(t, err)
	require.NoError(t, file.Close())

	for revision := 2; revision < 4; revision++ {
		book, err = openLedger(dir, "replies.jsonl")
		require.NoError(t, err)
		row.Revision = revision
		require.NoError(t, book.Swap(t.Context(), key, row))
		got, err := book.Load(t.Context(), key)
		require.NoError(t, err)
		assert.Equal(t, revision, got.Revision)
		require.NoError(t, book.Close())
	}
	book, err = openLedger(dir, "replies.jsonl")
	require.NoError(t, err)
	defer func() { require.NoError(t, book.Close()) }()
	require.Error(t, appendLine(closedFile(t), new(int64), []byte("{}")), "what can not be written is an error")
}

func closedFile(t *testing.T) *os.File {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "closed"))
	require.NoError(t, err)
	require.NoError(t, f.Close())
	return f
}

func TestBadSurroundings(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	code, _, errs := runWith(t, "-data", file, "-listen", "127.0.0.1:0")
	assert.Equal(t, 1, code)
	assert.Contains(t, errs, "data folder")

	taken, err := net.ListenPacket("udp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, taken.Close()) }()
	code, _, errs = runWith(t, "-data", t.TempDir(), "-listen", taken.LocalAddr().String())
	assert.Equal(t, 1, code)
	assert.Contains(t, errs, "listening on "+taken.LocalAddr().String())
	assert.NotContains(t, errs, "goroutine ")

	code, _, errs = runWith(t, "-data", t.TempDir(), "-listen", "nowhere")
	assert.Equal(t, 1, code)
	assert.Contains(t, errs, "an IP address and a port")
}

// child is the front desk as a process of its own.
type child struct {
	*exec.Cmd
	addr string
}

var openOn = regexp.MustCompile(`call sip:\S+@(\S+)\. What`)

func start(t *testing.T, data string) child {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	c := exec.CommandContext(t.Context(), self, "-data", data, "-listen", "127.0.0.1:0", "-config", always(t))
	c.Env = append(os.Environ(), "FRONTDESK_CHILD=1")
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, c.Start())
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if m := openOn.FindStringSubmatch(lines.Text()); m != nil {
			go func() {
				for lines.Scan() { // so that it never waits for us
				}
			}()
			return child{c, m[1]}
		}
	}
	t.Fatal("the front desk did not open")
	return child{}
}

// always is a configuration in which every caller comes to voicemail at once.
func always(t *testing.T) string {
	t.Helper()
	return written(t, func(s string) string {
		return strings.Replace(s, `"start": "hours"`, `"start": "night"`, 1)
	})
}

func (c child) dial(t *testing.T) *softphone.Call {
	t.Helper()
	p, err := softphone.New(t.Context(), &softphone.Options{Number: "+15145550134"})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, p.Close()) })
	call, err := p.Dial(t.Context(), "sip:1@"+c.addr, nil)
	require.NoError(t, err)
	require.NoError(t, call.WaitBeep(t.Context(), beepHz))
	return call
}

// kept opens the folder of a front desk that is gone and returns its messages.
func kept(t *testing.T, data string) []voicemail.Message {
	t.Helper()
	root, err := os.OpenRoot(filepath.Join(data, mailFolder))
	require.NoError(t, err)
	dir, err := voicemail.OpenDir(root)
	require.NoError(t, err)
	defer func() {
		require.NoError(t, dir.Close())
		require.NoError(t, root.Close())
	}()
	page, err := dir.Messages(t.Context(), voicemail.BoxID{Mailbox: "general"}, voicemail.Query{})
	require.NoError(t, err)
	return page.Messages
}

func TestCtrlCLosesNothing(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	c := start(t, data)
	call := c.dial(t)
	require.NoError(t, call.SendAudio(t.Context(), voice(t, "amelie").Slice(0, 3*time.Second)))
	require.NoError(t, c.Process.Signal(os.Interrupt))
	require.NoError(t, c.Wait(), "it ends with status 0")
	require.NoError(t, call.Wait(t.Context()), "the caller is not left hanging")

	messages := kept(t, data)
	require.Len(t, messages, 1)
	assert.Greater(t, messages[0].Length, 2900*time.Millisecond)
}

func TestAKilledProcessLosesNothing(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	first := start(t, data)
	call := first.dial(t)
	require.NoError(t, call.SendAudio(t.Context(), voice(t, "amelie").Slice(0, 3*time.Second)))
	require.NoError(t, first.Process.Kill())
	require.Error(t, first.Wait())
	require.Empty(t, kept(t, data), "nothing was committed yet")

	second := start(t, data)
	require.Eventually(t, func() bool {
		// The lease of the process that died has to run out: 15 s.
		entries, err := wavFiles(os.DirFS(data))
		return err == nil && len(entries) > 0
	}, 40*time.Second, 200*time.Millisecond)
	require.NoError(t, second.Process.Signal(os.Interrupt))
	require.NoError(t, second.Wait())

	messages := kept(t, data)
	require.Len(t, messages, 1)
	assert.True(t, messages[0].Partial)
	assert.Equal(t, voicemail.StopCrash, messages[0].Stop)
	assert.Equal(t, phone.E164, messages[0].Call.Caller.Number.Kind())
	clip := recorded(t, data)
	assert.Greater(t, clip.Duration(), 2500*time.Millisecond)
	_, likeness := pcmtest.Align(clip, voice(t, "amelie"))
	assert.Greater(t, likeness, 0.99)
}

func TestTheDemoTellsEveryStory(t *testing.T) {
	if testing.Short() {
		t.Skip("the demo takes most of a minute of live audio; run without -short")
	}
	t.Parallel()
	began := time.Now()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	var out, errs paper
	data := t.TempDir()
	require.Zero(t, run(ctx, []string{"-demo", "-data", data}, &out, &errs), errs.String())
	t.Logf("the demo took %s", time.Since(began).Round(time.Second))
	assert.Empty(t, errs.String())
	told := out.String()
	for i, want := range []string{
		`c'est quoi cette \*{6} de facture`,
		`19:30:\d\d  text +to \(514\) 555-0134: Menuiserie Tremblay`,
		`holiday \(Fête nationale\)`,
		`sales +answered`,
		`19:45:\d\d  text +to \(514\) 555-0167`,
		`none: cooldown until 22:45:\d\d`,
		`none: recent-contact until 14:30:00`,
	} {
		assert.Regexp(t, "(?i)"+want, told, "story %d", i+1)
		assert.Contains(t, told, fmt.Sprintf("\n%d. ", i+1))
	}
	assert.Contains(t, told, "4 recordings, playable in any player, in "+data)
	files, err := wavFiles(os.DirFS(data))
	require.NoError(t, err)
	assert.Len(t, files, 4)
}
