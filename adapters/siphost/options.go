package siphost

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"strconv"
	"time"

	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/phone"
)

// The defaults of [Options].
const (
	DefaultAddr     = "127.0.0.1:5060"
	DefaultRealm    = "afterbeep"
	DefaultCalls    = 200
	DefaultDuration = 4 * time.Hour
	DefaultNoMedia  = 10 * time.Second
	DefaultACK      = 32 * time.Second // 64*T1 of RFC 3261
	DefaultGrace    = 10 * time.Second
	DefaultBindings = 1000
)

// Options are the settings of a [Host]. A nil *Options and the zero value
// work.
type Options struct {
	// Addr is where SIP is spoken, over UDP: an IP address and a port; 0 is any
	// free port. Empty: [DefaultAddr], which only this machine can reach.
	Addr string
	// Advertise is the address that callers are told to use, for SIP and for
	// sound. Required when Addr is the unspecified address, else optional.
	Advertise string
	// MediaFrom and MediaTo are the range of ports for sound, 1024 to 65535,
	// both inclusive; the even ones are used. Both zero: any free port.
	MediaFrom, MediaTo int
	// Codecs are what is offered and accepted, in our order of preference:
	// pcm.PCMU and pcm.PCMA. Nil: both, in this order. A caller's own order
	// decides among them.
	Codecs []pcm.Codec
	// Frames is the codec of the frames that [Leg.Frames] yields, whatever
	// the call itself speaks: pcm.PCMU, pcm.PCMA or pcm.PCM16, at 8000 Hz.
	// Empty: pcm.PCMU. The Codec of a voicemail.Request must be the same.
	Frames pcm.Codec
	// Inband finds digits in the sound of callers that have no
	// telephone-event. Off by default: speech can sound like a key.
	Inband bool

	// Number reads a number as this network writes it, for example with a
	// national prefix. Nil: [phone.ParseNumber]. What it refuses is a withheld
	// number; the text stays in Party.URI.
	Number func(text string) (phone.Number, error)
	// Trusted are the peers whose P-Asserted-Identity is believed (RFC 3325).
	// Nil: nobody's; From is all there is, and From is what the caller says.
	Trusted []netip.Prefix

	// Prompt is the sound of a prompt by its name, in a language that may be
	// undefined. Nil: every prompt fails. It may be called concurrently.
	Prompt func(ctx context.Context, name string, tag language.Tag, call phone.Call) (pcm.Clip, error)
	// Ringback is what an answered caller hears while others are rung, played
	// again and again. Empty: 440 and 480 Hz, 2 s in 6.
	Ringback pcm.Clip

	// Contacts are who can be rung: SIP URIs by name. They are added to those
	// that are registered under the same name.
	Contacts map[string][]string
	// Passwords are who may register, by name. Nil: anybody, as long as Addr
	// is a loopback address; otherwise nobody.
	Passwords map[string]string
	// Realm of the passwords. Empty: [DefaultRealm].
	Realm string
	// Bindings is how many registrations are kept in all, at most 8 a name;
	// 0: [DefaultBindings].
	Bindings int

	// Calls is how many calls there may be at once, 1 to 100000; 0:
	// [DefaultCalls]. Another one is refused with 503, and counted.
	Calls int
	// Duration is how long a call may last, 1 s to 24 h; 0: [DefaultDuration].
	Duration time.Duration
	// NoMedia is after how long without a packet a recording or a
	// conversation ends, 1 s to 10 min; 0: [DefaultNoMedia]. A caller who has
	// put us on hold may be silent.
	NoMedia time.Duration
	// ACK is how long an answer waits for its confirmation; 0: [DefaultACK].
	ACK time.Duration
	// Drain is how long calls in progress may go on once the context of Serve
	// is done, at most 1 h; 0: they are hung up at once.
	Drain time.Duration
	// Grace is how long handlers may take after that, to seal and commit;
	// then their context ends too. 0: [DefaultGrace].
	Grace time.Duration

	// Clock stamps the calls. Nil: the real one. Sound, timers and
	// registrations go by the real clock in any case: they are the network's.
	Clock phone.Clock
	// Log gets what an operator wants to know; numbers and digits only at
	// debug. Nil discards.
	Log *slog.Logger
}

// config is Options, checked and complete.
type config struct {
	Options
	addr      netip.AddrPort
	advertise netip.Addr // valid
}

// OptionError says which option is wrong.
type OptionError struct {
	Option string // the name of the field
	Want   string
}

// Error implements error.
func (e *OptionError) Error() string { return "siphost: option " + e.Option + ": want " + e.Want }

func newConfig(o *Options) (config, error) {
	var c config
	if o != nil {
		c.Options = *o
	}
	var problems []error
	wrong := func(option, want string) { problems = append(problems, &OptionError{option, want}) }
	if c.Addr == "" {
		c.Addr = DefaultAddr
	}
	var err error
	if c.addr, err = netip.ParseAddrPort(c.Addr); err != nil {
		wrong("Addr", "an IP address and a port, such as "+DefaultAddr)
	}
	c.advertise = c.addr.Addr()
	if c.Advertise != "" {
		if c.advertise, err = netip.ParseAddr(c.Advertise); err != nil || c.advertise.IsUnspecified() {
			wrong("Advertise", "an IP address that callers can reach")
		}
	} else if c.addr.Addr().IsUnspecified() {
		wrong("Advertise", "the IP address that callers can reach, because Addr names none")
	}
	if c.MediaFrom != 0 || c.MediaTo != 0 {
		if c.MediaFrom < 1024 || c.MediaTo > 65535 || c.MediaTo-c.MediaFrom < 1 {
			wrong("MediaFrom, MediaTo", "a range of ports from 1024 to 65535")
		}
	}
	c.sound(wrong)
	c.limits(wrong)
	if len(problems) > 0 {
		return config{}, errors.Join(problems...)
	}
	if c.Number == nil {
		c.Number = phone.ParseNumber
	}
	if c.Realm == "" {
		c.Realm = DefaultRealm
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c, nil
}

func (c *config) sound(wrong func(option, want string)) {
	if c.Codecs == nil {
		c.Codecs = []pcm.Codec{pcm.PCMU, pcm.PCMA}
	}
	for _, codec := range c.Codecs {
		if codec != pcm.PCMU && codec != pcm.PCMA {
			wrong("Codecs", "pcmu and pcma only")
		}
	}
	if len(c.Codecs) == 0 {
		wrong("Codecs", "at least one codec")
	}
	switch c.Frames {
	case "":
		c.Frames = pcm.PCMU
	case pcm.PCMU, pcm.PCMA, pcm.PCM16:
	default:
		wrong("Frames", "pcmu, pcma or pcm16")
	}
	if len(c.Ringback.Samples) == 0 {
		c.Ringback = pcm.Tone(sampleRate, 2*time.Second, 440, 480).Append(pcm.Silence(sampleRate, 4*time.Second))
	} else if !pcm.ValidRate(c.Ringback.Rate) {
		wrong("Ringback", "a clip with a valid rate")
	}
	for name, uris := range c.Contacts {
		for _, text := range uris {
			if _, err := parseContact(text); err != nil {
				wrong("Contacts", fmt.Sprintf("SIP URIs, not %q under %q", text, name))
			}
		}
	}
}

func (c *config) limits(wrong func(option, want string)) {
	whole := func(option string, value *int, standard, low, high int) {
		if *value == 0 {
			*value = standard
		}
		if *value < low || *value > high {
			wrong(option, strconv.Itoa(low)+" to "+strconv.Itoa(high))
		}
	}
	span := func(option string, value *time.Duration, standard, low, high time.Duration) {
		if *value == 0 {
			*value = standard
		}
		if *value < low || *value > high {
			wrong(option, low.String()+" to "+high.String())
		}
	}
	whole("Calls", &c.Calls, DefaultCalls, 1, 100_000)
	whole("Bindings", &c.Bindings, DefaultBindings, 1, 1_000_000)
	span("Duration", &c.Duration, DefaultDuration, time.Second, 24*time.Hour)
	span("NoMedia", &c.NoMedia, DefaultNoMedia, time.Second, 10*time.Minute)
	span("ACK", &c.ACK, DefaultACK, time.Second, 5*time.Minute)
	span("Drain", &c.Drain, 0, 0, time.Hour)
	span("Grace", &c.Grace, DefaultGrace, time.Millisecond, time.Hour)
}

// loopback reports whether only this machine can reach the host.
func (c *config) loopback() bool { return c.addr.Addr().IsLoopback() }

func (c *config) now() time.Time {
	if c.Clock == nil {
		return time.Now()
	}
	return c.Clock.Now()
}

// isTrusted reports whether the peer at an address may assert identities.
func (c *config) isTrusted(source string) bool {
	host, _, err := net.SplitHostPort(source)
	if err != nil {
		return false
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	for _, prefix := range c.Trusted {
		if prefix.Contains(addr.Unmap()) {
			return true
		}
	}
	return false
}
