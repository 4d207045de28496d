package main

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/adapters/siphost/softphone"
	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/pcm/pcmtest"
)

// These tests let SIPp, which shares no line with us, call the office.

// sipp runs a scenario of testdata/sipp against the office. Its keys are RTP
// packets that it sends itself over a raw socket, which only root may open.
func sipp(t *testing.T, o *opened, scenario string) {
	t.Helper()
	program, err := exec.LookPath("sipp")
	if err != nil {
		t.Skip("sipp is not installed: it is in Debian's package sip-tester")
	}
	if scenario == "menu" && os.Geteuid() != 0 {
		t.Skip("sipp sends keys over a raw socket, for which this test must run as root")
	}
	dir := t.TempDir()
	sound := filepath.Join(dir, "caller.ul")
	require.NoError(t, os.WriteFile(sound, pcm.PCMU.Encode(nil, voice(t, "luc").Samples), 0o600))
	data, err := os.ReadFile(filepath.Join("testdata", "sipp", scenario+".xml"))
	require.NoError(t, err)
	file := filepath.Join(dir, scenario+".xml")
	require.NoError(t, os.WriteFile(file, []byte(strings.ReplaceAll(string(data), "@AUDIO@", sound)), 0o600))

	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, o.host.Addr().String(), "-sf", file, "-s", o.c.Number.String(),
		"-i", "127.0.0.1", "-mi", "127.0.0.1", "-p", strconv.Itoa(freePort(t)),
		"-m", "1", "-l", "1", "-timeout", "50s", "-timeout_error", "-nostdin",
		"-trace_err", "-error_file", filepath.Join(dir, "errors"))
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "TERM=dumb")
	if out, err := cmd.CombinedOutput(); err != nil {
		errors, _ := os.ReadFile(filepath.Join(dir, "errors")) // there may be none
		t.Fatalf("sipp: %v\n%s\n%s\n%s", err, out[max(0, len(out)-1500):], errors, o.told)
	}
}

func freePort(t *testing.T) int {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close()) }()
	return conn.LocalAddr().(*net.UDPAddr).Port
}

func TestSIPpLeavesAMessageByTheMenu(t *testing.T) {
	t.Parallel()
	o := open(t, "2026-06-16 10:05", nil)
	sipp(t, o, "menu")
	o.settled(t)
	told := o.told.String()
	assert.Contains(t, told, "welcome      1")
	assert.Contains(t, told, "departments  2")
	require.Len(t, o.messages(t, "support"), 1)
	lag, likeness := pcmtest.Align(voice(t, "luc"), recorded(t, o.data))
	assert.Greater(t, likeness, 0.99, "found %s into the recording", lag)
}

func TestSIPpHangsUpInTheGreeting(t *testing.T) {
	t.Parallel()
	o := open(t, "2026-06-16 19:30", nil)
	sipp(t, o, "greeting")
	o.settled(t)
	assert.Empty(t, o.messages(t, "general"))
	assert.Contains(t, o.told.String(), "ended        missed")
}

func TestSIPpCancelsWhileItRings(t *testing.T) {
	t.Parallel()
	o := open(t, "2026-06-16 10:05", func(c *config) {
		c.Flow = []byte(strings.Replace(string(c.Flow), `"start": "hours"`, `"start": "sales"`, 1))
	})
	p, err := softphone.New(t.Context(), &softphone.Options{Number: "sales"})
	require.NoError(t, err)
	defer func() { assert.NoError(t, p.Close()) }()
	require.NoError(t, p.Register(t.Context(), "sip:"+o.host.Addr().String(), "sales", "", time.Minute))
	rang := make(chan *softphone.Incoming, 1)
	go func() {
		if in, err := p.Accept(t.Context()); err == nil && in.Ring() == nil {
			rang <- in
		}
		close(rang)
	}()
	sipp(t, o, "cancel")
	in := <-rang
	require.NotNil(t, in, "the phone of the team rang")
	select {
	case <-in.Done():
	case <-time.After(10 * time.Second):
		t.Fatal("the phone of the team goes on ringing")
	}
	o.settled(t)
	assert.Contains(t, o.told.String(), "ended        missed")
}
