package callflow

import (
	"slices"
	"strings"
	"time"

	"github.com/afterbeep/afterbeep/phone"
)

// The defaults and limits of a [Menu].
const (
	DefaultFirst   = 5 * time.Second // until the first digit
	DefaultBetween = 3 * time.Second // between two digits
	DefaultTries   = 3               // wrong keys, and silences
	MaxKeys        = 32
	MaxKey         = 8 // digits of one key
	MaxTries       = 10
)

const dialPad = "0123456789*#"

// Menu asks the caller for a key.
//
// Outcomes: each of Keys, and timeout, must be wired; wrong takes the edge of
// timeout unless it is wired. Wrong keys and silences are counted apart. A host
// that falls silent takes the edge of timeout at once.
type Menu struct {
	// Prompt is what the caller hears, by a name that the host knows. The
	// host plays it in Divert.Language. Required.
	Prompt string
	// Keys are what the caller may press: 1 to [MaxKeys] of them, of up to
	// [MaxKey] of the characters 0-9, * and #. None may be the beginning of
	// another: the caller who presses 1 would wait for the rest of 12.
	Keys []string
	// First is the time until the first digit, counted from the end of the
	// prompt; zero is [DefaultFirst], at most a minute. Between is the time
	// from one digit to the next, and overrules First once a digit came; zero
	// is [DefaultBetween], at most 30 s.
	First, Between time.Duration
	// Wrong is at how many wrong keys the menu gives up, Silent at how many
	// silences; zero is [DefaultTries], at most [MaxTries].
	Wrong, Silent int
	// NoBargeIn plays the prompt to its end before keys count. As a rule a
	// key interrupts it.
	NoBargeIn bool
}

func (Menu) kind() string { return "menu" }

func (m Menu) walk(c codec) Step {
	c.text("prompt", &m.Prompt)
	c.texts("keys", &m.Keys)
	c.duration("first", &m.First)
	c.duration("between", &m.Between)
	c.count("wrong", &m.Wrong)
	c.count("silent", &m.Silent)
	c.flag("noBargeIn", &m.NoBargeIn)
	return m
}

func (m Menu) outcomes() []exit {
	return append(keyExits(m.Keys), exit{on: Timeout}, exit{on: Wrong, falls: Timeout})
}

func (m Menu) check(c *checker) Step {
	c.prompt("prompt", m.Prompt)
	if len(m.Keys) == 0 {
		c.fail(EmptyMenu, "keys", "no key leads anywhere", "name at least one key")
	}
	if len(m.Keys) > MaxKeys {
		c.failf(OverLimit, "keys", "use fewer", "%d keys, at most %d", len(m.Keys), MaxKeys)
	}
	c.keys("keys", m.Keys, MaxKey)
	c.span("first", &m.First, DefaultFirst, time.Second, time.Minute)
	c.span("between", &m.Between, DefaultBetween, time.Second, 30*time.Second)
	c.tries("wrong", &m.Wrong)
	c.tries("silent", &m.Silent)
	return m
}

// collect is the command of the menu.
func (m Menu) collect() Collect {
	return Collect{Prompt: m.Prompt, Keys: m.Keys, First: m.First, Between: m.Between, NoBargeIn: m.NoBargeIn}
}

// keyExits are the outcomes of keys, without those that are no keys.
func keyExits(keys []string) []exit {
	exits := make([]exit, 0, len(keys)+5)
	for i, key := range keys {
		if isKey(key) && !slices.Contains(keys[:i], key) {
			exits = append(exits, exit{on: phone.Outcome(key)})
		}
	}
	return exits
}

func isKey(key string) bool {
	return key != "" && strings.Trim(key, dialPad) == ""
}
