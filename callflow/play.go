package callflow

import (
	"time"

	"github.com/afterbeep/afterbeep/phone"
)

// soundTime bounds how long a prompt or a greeting may play before the host
// counts as silent.
const soundTime = 5 * time.Minute

// Play plays one sound to its end, or to one of the keys in Escape. It is both
// a step and the command that the step gives; the voicemail step gives it too,
// with the greeting that Prepare answered as Clip.
//
// Outcomes: done, which must be wired; failed, which takes the edge of done
// unless it is wired; each key of Escape, which must be wired.
type Play struct {
	// Prompt is a sound by a name that the host knows, in Divert.Language.
	Prompt string
	// Clip is a particular sound, by the host's reference to it: what is
	// recorded is what everybody hears. Either Prompt or Clip is set.
	Clip string
	// Escape are single keys that end the sound, at most 12.
	Escape []string
}

func (Play) kind() string { return "play" }

func (p Play) walk(c codec) Step {
	c.text("prompt", &p.Prompt)
	c.text("clip", &p.Clip)
	c.texts("escape", &p.Escape)
	return p
}

func (p Play) outcomes() []exit {
	return append(keyExits(p.Escape), exit{on: Completed}, exit{on: phone.Failed, falls: Completed})
}

func (p Play) check(c *checker) Step {
	switch {
	case p.Prompt != "" && p.Clip != "":
		c.fail(BadValue, "clip", "both a prompt and a clip", "keep one of them")
	case p.Clip == "":
		c.prompt("prompt", p.Prompt)
	default:
		c.plain("clip", p.Clip, MaxClip)
	}
	c.keys("escape", p.Escape, 1)
	return p
}
