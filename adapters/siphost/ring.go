package siphost

import (
	"context"
	"sync"

	"github.com/emiago/sipgo/sip"

	"github.com/afterbeep/afterbeep/adapters/siphost/media"
	"github.com/afterbeep/afterbeep/adapters/siphost/ua"
	"github.com/afterbeep/afterbeep/callflow"
	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/phone"
)

// fork is one phone that is rung, and how that ended.
type fork struct {
	name    string
	outcome phone.Outcome // answered, or why not
	dialog  *ua.Dialog    // when answered, as the others
	session *media.Session
}

// ring rings everybody at once. The first who answers is joined with the
// caller; the others are cancelled, or hung up when they answered in the same
// moment.
func (l *Leg) ring(ctx context.Context, r callflow.Ring) (callflow.Result, error) {
	targets := l.host.contacts(r.Targets)
	if len(targets) == 0 || l.hops() == 0 {
		return callflow.Result{Outcome: phone.Unavailable}, nil
	}
	if r.For <= 0 {
		r.For = callflow.DefaultRing
	}
	l.deafen()
	silence, err := l.ringback(ctx)
	if err != nil {
		return l.result(err)
	}
	ringing, cancel := context.WithTimeout(ctx, r.For)
	defer cancel()
	forks := make(chan fork, len(targets))
	for _, target := range targets {
		go func() { forks <- l.fork(ringing, target) }()
	}
	var winner *fork
	ended := make([]phone.Outcome, 0, len(targets))
	for range targets {
		select {
		case f := <-forks:
			winner = l.sort(f, winner, cancel, &ended)
		case <-l.in.Done():
			cancel() // each fork returns at once
			winner = l.sort(<-forks, winner, cancel, &ended)
		}
	}
	silence()
	switch {
	case l.over():
		winner.drop()
		return callflow.Result{Outcome: phone.Abandoned, HungUp: true}, nil
	case winner != nil:
		return l.connect(ctx, winner)
	case ctx.Err() != nil:
		return callflow.Result{Outcome: phone.Failed}, ctx.Err()
	}
	return callflow.Result{Outcome: verdict(ended)}, nil
}

// sort keeps the first who answered and sends the others home.
func (l *Leg) sort(f fork, winner *fork, cancel context.CancelFunc, ended *[]phone.Outcome) *fork {
	switch {
	case f.dialog == nil:
		*ended = append(*ended, f.outcome)
	case winner != nil:
		f.drop()
	default:
		cancel()
		return &f
	}
	return winner
}

// drop hangs up on a phone that is not wanted any more. It works on nil.
func (f *fork) drop() {
	if f == nil || f.dialog == nil {
		return
	}
	f.dialog.HangUp()
	_ = f.session.Close() // nothing was sent on it
}

// ringback lets the caller know: with a 180 before the answer, with a tone
// after it. The func ends the tone.
func (l *Leg) ringback(ctx context.Context) (func(), error) {
	l.mu.Lock()
	answered := l.answered
	l.mu.Unlock()
	if !answered {
		return func() {}, l.in.Provisional(sip.StatusRinging, "Ringing", nil)
	}
	ctx, cancel := context.WithCancel(ctx)
	tone := narrow(l.host.cfg.Ringback)
	var wg sync.WaitGroup
	wg.Go(func() {
		for ctx.Err() == nil && !l.over() {
			if err := l.session.Play(ctx, tone, l.in.Done(), nil); err != nil {
				return
			}
		}
	})
	return func() {
		cancel()
		wg.Wait()
	}, nil
}

// fork rings one phone until it answers, refuses, or ctx ends.
func (l *Leg) fork(ctx context.Context, to contact) fork {
	failed := fork{name: to.name, outcome: phone.Failed}
	session, err := l.host.open()
	if err != nil {
		l.host.cfg.Log.Warn("a phone was not rung", "call", l.call.ID, "err", err)
		return failed
	}
	l.mu.Lock()
	codecs := prefer(l.format.Codec, l.host.cfg.Codecs)
	l.mu.Unlock()
	session.Peer(peerOf(to.source))
	offer, err := media.Offer{Local: l.host.public(session), Codecs: codecs}.Marshal()
	if err != nil {
		_ = session.Close()
		return failed
	}
	rang := false
	dialog, answer, err := l.host.agent.Invite(ctx, ua.Outgoing{
		To: to.uri, Source: to.source, User: l.shown(), Name: l.call.Caller.Name,
		Hops: l.hops(), Offer: offer, Progress: func(*sip.Response) { rang = true },
	})
	if err != nil {
		l.host.cfg.Log.Debug("a phone did not answer", "call", l.call.ID, "err", err)
		_ = session.Close()
		return fork{name: to.name, outcome: outcomeOf(err, rang)}
	}
	remote, format, err := l.host.agree(answer)
	if err != nil {
		l.host.cfg.Log.Warn("a phone answered with a description that is no use", "call", l.call.ID, "err", err)
		dialog.HangUp()
		_ = session.Close()
		return failed
	}
	session.Start(remote, format)
	return fork{name: to.name, outcome: phone.Answered, dialog: dialog, session: session}
}

// prefer puts one codec first, so that sound need not be recoded.
func prefer(first pcm.Codec, all []pcm.Codec) []pcm.Codec {
	sorted := make([]pcm.Codec, 0, len(all))
	for _, codec := range all {
		if codec == first {
			sorted = append([]pcm.Codec{codec}, sorted...)
		} else {
			sorted = append(sorted, codec)
		}
	}
	return sorted
}

// shown is the number that the phones show.
func (l *Leg) shown() string {
	if number := l.call.Caller.Number.String(); number != "" {
		return number
	}
	return "anonymous"
}

// hops counts down, so that a phone that is this very host does not ring for
// ever.
func (l *Leg) hops() uint32 {
	if limit := l.in.Request.MaxForwards(); limit != nil {
		return min(limit.Val()-1, 69) // a call with 0 was refused
	}
	return 69
}
