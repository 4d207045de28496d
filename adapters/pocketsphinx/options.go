package pocketsphinx

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/pcm"
)

// ErrOption is wrapped by what [New] answers for an option that cannot be.
var ErrOption = errors.New("pocketsphinx: invalid option")

// Options of [New]. The zero value is the program and the model of Debian.
type Options struct {
	// Program is a path, or a name to be found in PATH when a clip arrives.
	// Default "pocketsphinx_continuous".
	Program string
	// HMM is the folder of the acoustic model, LM the file of the language
	// model, Dict that of the dictionary. Default, each: the program's own,
	// US English. No path may begin with a hyphen.
	HMM, LM, Dict string
	// Language of the model. A transcript is in this language. Default en-US.
	Language language.Tag
	// Rate of the acoustic model in hertz, 8000 or 16000; clips are resampled
	// to it. Default 16000.
	Rate int
	// Upsample accepts clips whose rate is below Rate. Default: refused.
	Upsample bool
	// MaxDuration is the longest clip that is accepted, up to [pcm.Longest].
	// Default 10 minutes.
	MaxDuration time.Duration
	// Timeout is how long one run of the program may take, without the wait
	// for its turn. Default 10 minutes.
	Timeout time.Duration
	// Parallel is how many programs may run at once, 1 to 64. Default 1.
	Parallel int
}

// complete returns the options with their defaults.
func (o Options) complete() Options {
	if o.Program == "" {
		o.Program = "pocketsphinx_continuous"
	}
	if o.Language == language.Und {
		o.Language = language.AmericanEnglish
	}
	if o.Rate == 0 {
		o.Rate = 16000
	}
	if o.MaxDuration == 0 {
		o.MaxDuration = 10 * time.Minute
	}
	if o.Timeout == 0 {
		o.Timeout = 10 * time.Minute
	}
	if o.Parallel == 0 {
		o.Parallel = 1
	}
	return o
}

// check finds what cannot be in complete options.
func (o Options) check() error {
	paths := map[string]string{"Program": o.Program, "HMM": o.HMM, "LM": o.LM, "Dict": o.Dict}
	for name, path := range paths {
		if strings.HasPrefix(path, "-") || strings.ContainsRune(path, 0) {
			return fmt.Errorf("%w: %s %q is not a path", ErrOption, name, path)
		}
	}
	switch {
	case o.Rate != 8000 && o.Rate != 16000:
		return fmt.Errorf("%w: Rate %d, want 8000 or 16000", ErrOption, o.Rate)
	case o.MaxDuration < 0 || o.MaxDuration > pcm.Longest:
		return fmt.Errorf("%w: MaxDuration %v, want at most %v", ErrOption, o.MaxDuration, pcm.Longest)
	case o.Timeout < 0:
		return fmt.Errorf("%w: Timeout %v", ErrOption, o.Timeout)
	case o.Parallel < 0 || o.Parallel > 64:
		return fmt.Errorf("%w: Parallel %d, want 1 to 64", ErrOption, o.Parallel)
	}
	return nil
}

// arguments of the program; see sphinxbase's cmd_ln for their names.
func (o Options) arguments() []string {
	args := []string{"-infile", "/dev/stdin", "-time", "yes", "-remove_silence", "no"}
	if o.Rate != 16000 {
		// The upper edge of the filter bank must stay below half the rate.
		args = append(args, "-samprate", fmt.Sprint(o.Rate), "-upperf", fmt.Sprint(o.Rate*7/16), "-nfft", "512")
	}
	for _, model := range [][2]string{{"-hmm", o.HMM}, {"-lm", o.LM}, {"-dict", o.Dict}} {
		if model[1] != "" {
			args = append(args, model[0], model[1])
		}
	}
	return args
}
