package siphost_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/adapters/siphost"
	"github.com/afterbeep/afterbeep/adapters/siphost/softphone"
	"github.com/afterbeep/afterbeep/callflow"
	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/pcm/pcmtest"
	"github.com/afterbeep/afterbeep/phone"
)

// captures is where Debian's package keeps the keys 0 to 9, * and #.
const captures = "/usr/share/sip-tester"

// sipp is an independent SIP client. It runs one scenario of testdata/sipp
// and fails the test when the scenario does not come to its end.
func sipp(t *testing.T, scenario string, replace map[string]string, arguments ...string) *exec.Cmd {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "sipp", scenario+".xml"))
	require.NoError(t, err)
	sound := port(freeAddr(t))
	text = []byte(strings.ReplaceAll(string(text), "@PORT@", sound))
	for from, to := range replace {
		text = []byte(strings.ReplaceAll(string(text), from, to))
	}
	folder := t.TempDir()
	file := filepath.Join(folder, scenario+".xml")
	require.NoError(t, os.WriteFile(file, text, 0o600))
	arguments = append([]string{
		"-sf", file, "-i", "127.0.0.1", "-mi", "127.0.0.1", "-m", "1", "-l", "1", "-nostdin",
		"-mp", sound, "-timeout", "15s", "-timeout_error", "-trace_err", "-error_file", filepath.Join(folder, "errors.log"),
	}, arguments...)
	command := exec.CommandContext(soon(t), "sipp", arguments...)
	command.Dir = folder
	return command
}

func port(addr string) string {
	_, port, _ := strings.Cut(addr, ":")
	return port
}

// ran says what sipp said when it was not content.
func ran(t *testing.T, command *exec.Cmd) {
	t.Helper()
	output, err := command.CombinedOutput()
	if err != nil {
		said, _ := os.ReadFile(filepath.Join(command.Dir, "errors.log"))
		assert.NoError(t, err, "%s\n%s", said, output[max(0, len(output)-2000):])
	}
}

func needSipp(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("sipp"); err != nil {
		t.Skip("sipp is not installed: apt-get install sip-tester (Debian)")
	}
}

// desk is a small flow on the host: a menu, a second one, and a mailbox.
func desk(t *testing.T, greeting pcm.Clip, recorded chan<- pcm.Clip) siphost.Handler {
	t.Helper()
	flow, report := callflow.Compile(callflow.Definition{Start: "language", Steps: map[string]callflow.Node{
		"language": {Step: callflow.Menu{Prompt: "menu", Keys: []string{"1", "9"}}, Next: map[phone.Outcome]string{"1": "team", "9": "bye", callflow.Timeout: "bye"}},
		"team":     {Step: callflow.Menu{Prompt: "menu", Keys: []string{"2"}}, Next: map[phone.Outcome]string{"2": "box", callflow.Timeout: "bye"}},
		"box":      {Step: callflow.Voicemail{Mailbox: "sales"}, Next: map[phone.Outcome]string{phone.Voicemail: "bye", callflow.Empty: "bye", callflow.Full: "bye", phone.Failed: "bye"}},
		"bye":      {Step: callflow.Hangup{}},
	}}, nil)
	require.NoError(t, report.Err())
	return func(ctx context.Context, call phone.Call, leg *siphost.Leg) error {
		session := flow.New(call)
		return callflow.Run(ctx, flow, &session, &mailbox{Leg: leg, greeting: greeting, recorded: recorded}, nil)
	}
}

// mailbox is a host that keeps messages, as simply as can be.
type mailbox struct {
	*siphost.Leg
	greeting pcm.Clip
	recorded chan<- pcm.Clip
}

func (m *mailbox) Do(ctx context.Context, c callflow.Command) (callflow.Result, error) {
	switch a := c.Action.(type) {
	case callflow.Prepare:
		return callflow.Result{Outcome: callflow.Ready, Clip: "greeting"}, nil
	case callflow.Play:
		if a.Clip != "" {
			return m.Play(ctx, m.greeting, a.Escape)
		}
	case callflow.Record:
		if result, err := m.Play(ctx, pcm.Beep(8000), nil); err != nil || result.HungUp {
			return result, err
		}
		m.recorded <- record(ctx, m.Leg)
		return callflow.Result{Outcome: phone.Voicemail, HungUp: true}, nil
	case callflow.Release:
		return callflow.Result{}, nil
	}
	return m.Leg.Do(ctx, c)
}

func TestSippMenuAndMessage(t *testing.T) {
	t.Parallel()
	needSipp(t)
	if os.Geteuid() != 0 {
		t.Skip("sipp plays captures of keys through raw sockets only: run as root")
	}
	message := pcmtest.Voice(8000, 3*time.Second, 7)
	raw := filepath.Join(t.TempDir(), "message.ul")
	require.NoError(t, os.WriteFile(raw, pcm.PCMU.Encode(nil, message.Samples), 0o600))
	recorded := make(chan pcm.Clip, 1)
	office := open(t, &siphost.Options{Prompt: prompts(map[string]pcm.Clip{"menu": pcm.Tone(8000, 5*time.Second, 400)})},
		desk(t, pcm.Tone(8000, time.Second, 300), recorded))
	ran(t, sipp(t, "message", map[string]string{"@DTMF@": captures, "@MESSAGE@": raw}, "-s", "100", office.Addr().String()))
	_, correlation := pcmtest.Align(message, take(t, recorded))
	assert.Greater(t, correlation, 0.99)
}

func TestSippByeDuringTheGreeting(t *testing.T) {
	t.Parallel()
	needSipp(t)
	results := make(chan callflow.Result, 1)
	office := open(t, nil, func(ctx context.Context, _ phone.Call, leg *siphost.Leg) error {
		result, err := leg.Play(ctx, pcm.Silence(8000, time.Minute), nil)
		results <- result
		return err
	})
	ran(t, sipp(t, "greeting", nil, "-s", "100", office.Addr().String()))
	assert.True(t, take(t, results).HungUp)
}

func TestSippGivesUpWhileRinging(t *testing.T) {
	t.Parallel()
	needSipp(t)
	ann := handset(t, &softphone.Options{Number: "ann"})
	cancelled := callee(t, ann, rings)
	office, results := ringing(t, &siphost.Options{Contacts: map[string][]string{"ann": {ann.URI()}}}, false,
		callflow.Ring{Targets: []string{"ann"}})
	ran(t, sipp(t, "cancel", nil, "-s", "100", office.Addr().String()))
	assert.Equal(t, callflow.Result{Outcome: phone.Abandoned, HungUp: true}, take(t, results))
	cancelled.Wait()
}

// Two phones of another make: one rings on and is cancelled, one answers. The
// INVITE is repeated until they are up.
func TestSippIsRung(t *testing.T) {
	t.Parallel()
	needSipp(t)
	var phones sync.WaitGroup
	contacts := map[string][]string{}
	for _, scenario := range []string{"answers", "rings"} {
		addr := freeAddr(t)
		contacts[scenario] = []string{"sip:" + scenario + "@" + addr}
		command := sipp(t, scenario, nil, "-p", port(addr))
		phones.Go(func() { ran(t, command) })
		t.Cleanup(phones.Wait)
	}
	office, results := ringing(t, &siphost.Options{Contacts: contacts}, false,
		callflow.Ring{Targets: []string{"answers", "rings"}, For: 10 * time.Second})
	ctx := soon(t)
	call, err := handset(t, nil).Dial(ctx, office.uri("100"), nil)
	require.NoError(t, err)
	assert.Equal(t, callflow.Result{Outcome: phone.Answered, By: "answers"}, take(t, results))
	require.NoError(t, call.Silence(ctx, 200*time.Millisecond))
	require.NoError(t, call.Hangup(ctx))
	phones.Wait()
}
