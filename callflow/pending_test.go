package callflow_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/callflow"
	"github.com/afterbeep/afterbeep/phone"
)

// same checks that the turn of p can be rebuilt from its saved session.
func (p *player) rebuilds() {
	p.t.Helper()
	var saved callflow.Session
	require.NoError(p.t, json.Unmarshal([]byte(marshal(p.t, p.session)), &saved))
	var rebuilt callflow.Turn
	require.NoError(p.t, p.flow.Pending(&saved, &rebuilt))
	require.True(p.t, rebuilt.Repeat)
	require.Empty(p.t, rebuilt.Path)
	original := p.turn
	original.Repeat, original.Path = true, nil
	require.Equal(p.t, marshal(p.t, original), marshal(p.t, rebuilt))
}

func TestPendingRebuildsEachKindOfTurn(t *testing.T) {
	t.Parallel()
	for name, p := range map[string]*player{
		"first sound":   play(t, office(t), morning),
		"menu":          play(t, office(t), morning).press("7"),
		"ring":          support(t),
		"escape":        support(t).ends(phone.Busy),
		"prepare":       play(t, office(t), night),
		"greeting":      play(t, office(t), night).done(callflow.Result{Outcome: callflow.Ready, Clip: "g"}),
		"announcement":  play(t, office(t), night).done(callflow.Result{Outcome: callflow.AnnounceOnly, Clip: "g"}),
		"recording":     recording(t),
		"release":       play(t, office(t), night).done(callflow.Result{Outcome: callflow.Ready, Clip: "g"}).press("0"),
		"hung up":       play(t, office(t), night).hungUp(),
		"answered":      support(t).ends(phone.Answered),
		"flow hangs up": play(t, office(t), night).done(callflow.Result{Outcome: callflow.AnnounceOnly}),
		"limit":         play(t, office(t), morning).tick(),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p.rebuilds()
		})
	}
}

func TestPendingOfASessionThatHasNotStarted(t *testing.T) {
	t.Parallel()
	flow := office(t)
	session := flow.New(call())
	var turn callflow.Turn
	require.NoError(t, flow.Pending(&session, &turn))
	assert.Equal(t, callflow.Turn{Repeat: true}, turn)
	session.Flow = "another"
	require.ErrorIs(t, flow.Pending(&session, &turn), callflow.ErrFlow)
}

func TestTheWebhookThatComesTwiceIsAnsweredTheSame(t *testing.T) {
	t.Parallel()
	p := play(t, office(t), night).done(callflow.Result{Outcome: callflow.AnnounceOnly})
	p.over(phone.Unavailable, callflow.EndFlow)
	p.at = p.at.Add(time.Hour)
	p.feed(callflow.Input{Kind: callflow.Done, Command: 1, Result: callflow.Result{Outcome: callflow.AnnounceOnly}})
	p.emits(callflow.Hangup{Outcome: phone.Unavailable})
	assert.True(t, p.turn.Repeat)
}
