package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var june = time.Date(2026, 6, 15, 0, 0, 0, 0, time.UTC)

func runs(t *testing.T, stdin string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(args, strings.NewReader(stdin), &out, &errs, june)
	return code, out.String(), errs.String()
}

// TestAsAUser builds the program and replays the day that comes with it.
func TestAsAUser(t *testing.T) {
	t.Parallel()
	program := filepath.Join(t.TempDir(), "reply")
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".").CombinedOutput()
	require.NoError(t, err, string(out))
	day, err := os.ReadFile("day.jsonl")
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), program, "-rules", "rules.json")
	cmd.Stdin = bytes.NewReader(day)
	answer, err := cmd.Output()
	require.NoError(t, err)
	var story []string
	for text := range strings.Lines(string(answer)) {
		var l line
		require.NoError(t, json.Unmarshal([]byte(text), &l))
		story = append(story, strings.TrimSpace(fmt.Sprintf("%s %s %s", l.Event, l.Verdict, l.Reason)))
	}
	assert.Equal(t, []string{
		"1 wait settling", "1 reply", "2 skip cooldown", "3 wait settling", "4 wait settling", "4 reply",
		"5 wait settling", "6 noted", "5 skip recent-contact", "7 skip keyword", "8 reply", "9 skip short",
	}, story)
}

func TestCommands(t *testing.T) {
	t.Parallel()
	code, out, _ := runs(t, "", "-h")
	assert.Zero(t, code)
	assert.Contains(t, out, "-rules FILE")
	code, out, _ = runs(t, "", "lint", "-rules", "rules.json")
	assert.Equal(t, 1, code)
	assert.Contains(t, out, "ucs-2")
	code, out, _ = runs(t, "", "list", "-lang", "fr", "-rules", "rules.json")
	assert.Zero(t, code)
	assert.Contains(t, out, "Quand un message vocal est laissé.")
	code, out, _ = runs(t, `{"id":"1","type":"text.received","at":"2026-06-15T22:00:00Z","contact":{"number":"+15145550100"}}`, "preview", "-rules", "rules.json")
	assert.Zero(t, code)
	assert.Contains(t, out, "lira votre message demain à 9 h")
}

func TestBadInput(t *testing.T) {
	t.Parallel()
	broken := filepath.Join(t.TempDir(), "broken.json")
	require.NoError(t, os.WriteFile(broken, []byte(`{"rules":[{"id":"a","on":["call.missed"],"text":{"en":"{nmae}"}}]}`), 0o600))
	for name, c := range map[string]struct {
		args  []string
		stdin string
		want  string
	}{
		"no rules":    {nil, "", "want -rules"},
		"no file":     {[]string{"-rules", "nowhere.json"}, "", "nowhere.json"},
		"placeholder": {[]string{"-rules", broken}, "", "/rules/0/text/en"},
		"flag":        {[]string{"-x"}, "", "-x"},
		"verb":        {[]string{"play", "-rules", "rules.json"}, "", "want preview"},
		"ledger":      {[]string{"-rules", "rules.json", "-ledger", "paper"}, "", "want memory, sqlite:FILE"},
		"no place":    {[]string{"-rules", "rules.json", "-ledger", "sqlite:"}, "", "want memory, sqlite:FILE"},
		"more memory": {[]string{"-rules", "rules.json", "-ledger", "memory:x"}, "", "want memory, sqlite:FILE"},
		"no folder":   {[]string{"-rules", "rules.json", "-ledger", "sqlite:" + filepath.Join(broken, "x.db")}, "", "-ledger sqlite: "},
		"no server":   {[]string{"-rules", "rules.json", "-ledger", "postgres://127.0.0.1:1/x?sslmode=disable"}, "", "-ledger postgres: "},
		"no address":  {[]string{"-rules", "rules.json", "-ledger", "redis://%zz:secret@"}, "", "-ledger redis: want HOST:PORT"},
		"no redis":    {[]string{"-rules", "rules.json", "-ledger", "redis:127.0.0.1:1"}, "", "-ledger redis: "},
		"prefix":      {[]string{"-rules", "rules.json", "-ledger", "sqlite:" + broken, "-prefix", "a b"}, "", "-ledger sqlite: "},
		"not JSON":    {[]string{"-rules", "rules.json"}, "\n{", "line 2"},
		"number":      {[]string{"-rules", "rules.json"}, `{"contact":{"number":"514 555"}}`, "line 1"},
		"time":        {[]string{"lint", "-rules", "rules.json", "-at", "noon"}, "", "noon"},
		"ahead":       {[]string{"-rules", "rules.json", "-ahead", "-1h"}, "", "want a duration"},
		"argument":    {[]string{"-rules", "rules.json", "more"}, "", "more"},
	} {
		code, _, errs := runs(t, c.stdin, c.args...)
		assert.Equal(t, 2, code, name)
		assert.Contains(t, errs, c.want, name)
		assert.NotContains(t, errs, "goroutine", name)
	}
}

// count is how often each verdict was given, refusals by reason.
func count(t *testing.T, out string) map[string]int {
	t.Helper()
	got := map[string]int{}
	for text := range strings.Lines(out) {
		var l line
		require.NoError(t, json.Unmarshal([]byte(text), &l))
		got[strings.TrimSpace(string(l.Verdict)+" "+map[bool]string{true: string(l.Reason)}[l.Verdict == "skip"])]++
	}
	return got
}
