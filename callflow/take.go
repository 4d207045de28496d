package callflow

import (
	"slices"
	"time"

	"github.com/afterbeep/afterbeep/phone"
)

// voicemail is the answer to a command of a voicemail step.
func (e *eval) voicemail(n *node, v Voicemail, r Result, gone bool) {
	switch e.s.Phase {
	case preparing:
		e.prepared(n, r, gone)
	case recording:
		e.recorded(n, v, r, gone)
	default:
		e.greeted(n, v, r, gone)
	}
}

func (e *eval) prepared(n *node, r Result, gone bool) {
	on := r.Outcome
	if !isPlain(r.Clip, MaxClip) || on != Ready && on != AnnounceOnly && on != Full {
		on = phone.Failed
	}
	if gone || on == phone.Failed {
		e.leaveVoicemail()
	}
	switch {
	case gone:
		e.end(EndCaller, "")
	case on == Full, on == phone.Failed:
		e.follow(n, on)
	case on == AnnounceOnly && r.Clip == "":
		e.follow(n, Announced)
	default:
		e.s.Clip = r.Clip
		if !e.s.fits() {
			e.leaveVoicemail()
			e.end(EndSize, "")
			return
		}
		switch {
		case on == AnnounceOnly:
			e.s.Phase = announcing
		case r.Clip == "":
			e.s.Phase = recording
		default:
			e.s.Phase = greeting
		}
		e.await(n)
	}
}

func (e *eval) greeted(n *node, v Voicemail, r Result, gone bool) {
	escape := slices.Contains(v.Escape, r.Digits)
	announced := e.s.Phase == announcing
	if gone || escape {
		e.leaveVoicemail()
	}
	switch {
	case gone:
		e.end(EndCaller, "")
	case escape:
		e.follow(n, phone.Outcome(r.Digits))
	case announced:
		e.follow(n, Announced)
	default: // a greeting that could not be played keeps nobody from the beep
		e.s.Phase, e.s.Clip = recording, ""
		e.await(n)
	}
}

func (e *eval) recorded(n *node, v Voicemail, r Result, gone bool) {
	on := r.Outcome
	if on == phone.Voicemail {
		e.s.Kept = true
		e.note(&e.s.Message, r.Message)
	}
	if slices.Contains(v.Escape, r.Digits) {
		on = phone.Outcome(r.Digits)
	}
	if on == Full || on == Announced || n.edge(on) == toNobody {
		on = phone.Failed
	}
	if gone {
		e.hop(on, toEnd)
		e.end(EndCaller, "")
		return
	}
	e.follow(n, on)
}

// leaveVoicemail releases what Prepare may have reserved, once, when the step
// is left before the recording.
func (e *eval) leaveVoicemail() {
	switch e.s.Phase {
	case preparing, greeting:
		e.s.Freed = e.s.Slot
	}
}

// await waits on the command of the step.
func (e *eval) await(n *node) {
	s := e.s
	life := s.Began.Add(e.f.limits.Life)
	if !e.at.Before(life) {
		if s.Phase == greeting || s.Phase == recording {
			s.Freed = s.Slot
		}
		e.end(EndLife, "")
		return
	}
	if s.Picked == 0 && e.heard(n) {
		s.Picked = s.Seq
	}
	s.Deadline = e.at.Add(e.patience(n))
	if life.Before(s.Deadline) {
		s.Deadline = life
	}
	e.pending()
}

// heard reports whether the awaited command needs an answered call.
func (e *eval) heard(n *node) bool {
	switch n.step.(type) {
	case Ring:
		return false
	case Voicemail:
		return e.s.Phase != preparing
	}
	return true
}

// patience is how long the answer to the awaited command may take.
func (e *eval) patience(n *node) time.Duration {
	switch step := n.step.(type) {
	case Ring:
		return step.For + ringGrace
	case Menu:
		return soundTime + step.First + time.Duration(MaxKey)*step.Between
	case Voicemail:
		switch e.s.Phase {
		case preparing:
			return prepareTime
		case recording:
			return step.recordTime()
		}
	}
	return soundTime
}
