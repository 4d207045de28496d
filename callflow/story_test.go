package callflow_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/callflow"
	"github.com/afterbeep/afterbeep/phone"
)

var update = flag.Bool("update", false, "rewrite the stories with what happens now")

// TestStories plays the calls of testdata/calls. A story says which flow and
// when; each line that begins with > is an input, and the indented lines after
// it are the turn:
//
//	> start                      > press 1 +2s             > end no-answer
//	> result message=m1 outcome=voicemail hungup           > hangup    > tick
func TestStories(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/calls/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(file)
			require.NoError(t, err)
			told := tell(t, string(data))
			if *update {
				require.NoError(t, os.WriteFile(file, []byte(told), 0o644))
			}
			require.Equal(t, string(data), told)
		})
	}
}

// tell plays a story and tells it as it happened.
func tell(t *testing.T, story string) string {
	t.Helper()
	var told strings.Builder
	p := &player{t: t}
	for line := range strings.Lines(story) {
		line = strings.TrimRight(line, "\n")
		if strings.HasPrefix(line, "  ") {
			continue
		}
		fmt.Fprintln(&told, line)
		words := strings.Fields(strings.TrimPrefix(line, ">"))
		switch {
		case strings.HasPrefix(line, ">"):
			p.act(words)
			p.rebuilds()
			told.WriteString(p.describe())
		case strings.HasPrefix(line, "flow "):
			form, err := os.ReadFile("testdata/" + words[1] + ".json")
			require.NoError(t, err)
			p.flow = parse(t, string(form), &callflow.Env{Schedules: schedules(t)})
			p.session = p.flow.New(call())
		case strings.HasPrefix(line, "at "):
			at, err := time.Parse(time.RFC3339, words[1])
			require.NoError(t, err)
			p.at = at
		}
	}
	return told.String()
}

// act feeds one line of a story.
func (p *player) act(words []string) {
	p.t.Helper()
	if last := words[len(words)-1]; last[0] == '+' {
		d, err := time.ParseDuration(last[1:])
		require.NoError(p.t, err)
		p.at = p.at.Add(d)
		words = words[:len(words)-1]
	}
	answer := callflow.Input{Kind: callflow.Done, Command: p.turn.Await.ID}
	switch words[0] {
	case "start":
		answer = callflow.Input{Kind: callflow.Start}
	case "hangup":
		answer = callflow.Input{Kind: callflow.HungUp}
	case "tick":
		p.at = p.turn.Deadline
		answer = callflow.Input{Kind: callflow.Tick}
	case "press":
		answer.Result.Digits = words[1]
	case "end":
		answer.Result.Outcome = phone.Outcome(words[1])
	case "result":
		for _, word := range words[1:] {
			name, value, _ := strings.Cut(word, "=")
			switch name {
			case "outcome":
				answer.Result.Outcome = phone.Outcome(value)
			case "digits":
				answer.Result.Digits = value
			case "by":
				answer.Result.By = value
			case "clip":
				answer.Result.Clip = value
			case "message":
				answer.Result.Message = value
			case "hungup":
				answer.Result.HungUp = true
			default:
				require.Fail(p.t, "no result has a "+word)
			}
		}
	default:
		require.Fail(p.t, "no input is called "+words[0])
	}
	p.feed(answer)
}

// describe is the turn in words.
func (p *player) describe() string {
	var lines []string
	for _, hop := range p.turn.Path {
		why := ""
		if s := hop.Situation; s.Kind != "" {
			why = fmt.Sprintf(" (%s %q until %s)", s.Source, s.Label, s.Until.Format(time.RFC3339))
		}
		lines = append(lines, fmt.Sprintf("%s -%s-> %s%s", hop.From, hop.On, hop.To, why))
	}
	for _, c := range p.turn.Emit {
		lines = append(lines, fmt.Sprintf("emit %s %s", strings.TrimPrefix(fmt.Sprintf("%T", c.Action), "callflow."), c.Key()))
	}
	if p.turn.Repeat {
		lines = append(lines, "repeat")
	}
	if p.turn.Over {
		d := p.session.Divert
		lines = append(lines,
			fmt.Sprintf("over: %s, because of %s", p.session.Outcome, p.session.End),
			fmt.Sprintf("divert: outcome %q, %s, department %q, language %s, mailbox %q", d.Outcome, d.Situation.Kind, d.Department, d.Language, d.Mailbox))
	} else {
		c := p.turn.Await
		lines = append(lines, fmt.Sprintf("await %T %s %+v for %v", c.Action, c.Key(), c.Action, p.turn.Deadline.Sub(p.at)))
	}
	return "  " + strings.Join(lines, "\n  ") + "\n"
}
