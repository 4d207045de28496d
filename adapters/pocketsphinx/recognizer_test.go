package pocketsphinx_test

import (
	"context"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/adapters/pocketsphinx"
	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/transcript"
	"github.com/afterbeep/afterbeep/transcript/transcripttest"
)

// program writes a shell script that stands in for the real one, and returns
// its path. The script finds its own folder in $here.
func program(t testing.TB, body string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "fake")
	script := "#!/bin/sh\nPATH=/usr/bin:/bin\nhere=${0%/*}\n" + body + "\n"
	require.NoError(t, os.WriteFile(path, []byte(script), 0o700))
	return path
}

// beside reads a file that a script left beside itself.
func beside(t testing.TB, program, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(filepath.Dir(program), name))
	require.NoError(t, err)
	return string(data)
}

func newRecognizer(t testing.TB, o pocketsphinx.Options) *pocketsphinx.Recognizer {
	t.Helper()
	r, err := pocketsphinx.New(&o)
	require.NoError(t, err)
	return r
}

// refused checks the kind of an error.
func refused(t testing.TB, err error, kind transcript.ErrorKind) {
	t.Helper()
	var refusal *transcript.Error
	require.ErrorAs(t, err, &refusal)
	require.Equal(t, kind, refusal.Kind, "%v", err)
}

func tone() pcm.Clip { return pcm.Tone(16000, time.Second, 440) }

func TestNewRefuses(t *testing.T) {
	for name, o := range map[string]pocketsphinx.Options{
		"a program that is an option": {Program: "-x"},
		"a model that is an option":   {HMM: "-x"},
		"a path with a zero":          {Dict: "a\x00b"},
		"a rate of no model":          {Rate: 11025},
		"a negative length":           {MaxDuration: -1},
		"more than the longest clip":  {MaxDuration: pcm.Longest + 1},
		"a negative time-out":         {Timeout: -1},
		"a negative number at once":   {Parallel: -1},
		"a crowd":                     {Parallel: 65},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := pocketsphinx.New(&o)
			require.ErrorIs(t, err, pocketsphinx.ErrOption)
		})
	}
	_, err := pocketsphinx.New(nil)
	require.NoError(t, err)
}

func TestTheProgramGetsSamplesAndFixedArguments(t *testing.T) {
	t.Setenv("SECRET", "of the host")
	path := program(t, `cat >"$here/sound"; printf '%s\n' "$@" >"$here/args"; /usr/bin/env >"$here/env"
echo 'bonjour 0.100 0.200 0.500000'`)
	r := newRecognizer(t, pocketsphinx.Options{Program: path, HMM: "/models/$(id)", LM: "l m", Dict: "d", Language: language.CanadianFrench})
	clip := pcm.Clip{Rate: 16000, Samples: []int16{1, -2, 32767, -32768}}
	clip.Samples = append(clip.Samples, make([]int16, 100_000)...)
	hints := transcript.Hints{Languages: []language.Tag{language.French}, Vocabulary: []string{"-lm", "; id"}, Mailbox: "../x"}

	got, err := r.Recognize(t.Context(), clip, hints)
	require.NoError(t, err)
	assert.Equal(t, "bonjour", got.Text)
	assert.Equal(t, language.CanadianFrench, got.Language)
	assert.Equal(t, 100*time.Millisecond, got.Words[0].Start)

	want := make([]byte, 0, 2*len(clip.Samples))
	for _, s := range clip.Samples {
		want = binary.NativeEndian.AppendUint16(want, uint16(s))
	}
	assert.Equal(t, string(want), beside(t, path, "sound"))
	assert.Equal(t, "-infile\n/dev/stdin\n-time\nyes\n-remove_silence\nno\n-hmm\n/models/$(id)\n-lm\nl m\n-dict\nd\n", beside(t, path, "args"))
	env := beside(t, path, "env")
	assert.Contains(t, env, "LC_ALL=C")
	assert.NotContains(t, env, "SECRET")
}

func TestSoundIsResampled(t *testing.T) {
	path := program(t, `wc -c >"$here/size"; printf '%s ' "$@" >"$here/args"`)
	for name, c := range map[string]struct {
		o    pocketsphinx.Options
		rate int
		size string
		arg  string
	}{
		"down":              {pocketsphinx.Options{}, 48000, "32000", "yes"},
		"up, when told so":  {pocketsphinx.Options{Upsample: true}, 8000, "32000", "yes"},
		"a model for 8 kHz": {pocketsphinx.Options{Rate: 8000, HMM: "m"}, 8000, "16000", "-samprate 8000 -upperf 3500 "},
	} {
		t.Run(name, func(t *testing.T) {
			c.o.Program = path
			_, err := newRecognizer(t, c.o).Recognize(t.Context(), pcm.Silence(c.rate, time.Second), transcript.Hints{})
			require.NoError(t, err)
			assert.Equal(t, c.size, strings.TrimSpace(beside(t, path, "size")))
			assert.Contains(t, beside(t, path, "args"), c.arg)
		})
	}
}

func TestUnsupported(t *testing.T) {
	path := program(t, `touch "$here/ran"`)
	r := newRecognizer(t, pocketsphinx.Options{Program: path, MaxDuration: time.Second})
	for name, c := range map[string]struct {
		clip      pcm.Clip
		languages []language.Tag
		says      string
	}{
		"telephone sound": {pcm.Silence(8000, time.Second), nil, "8000 Hz"},
		"no rate":         {pcm.Clip{Samples: make([]int16, 9)}, nil, "rate 0"},
		"too long":        {pcm.Silence(16000, time.Second+time.Millisecond), nil, "1.001s"},
		"French":          {tone(), []language.Tag{language.CanadianFrench, language.English}, "fr-CA"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := r.Recognize(t.Context(), c.clip, transcript.Hints{Languages: c.languages})
			refused(t, err, transcript.Unsupported)
			assert.ErrorContains(t, err, c.says)
		})
	}
	assert.NoFileExists(t, filepath.Join(filepath.Dir(path), "ran"))
}

func TestEnglishOfAnySortIsTried(t *testing.T) {
	r := newRecognizer(t, pocketsphinx.Options{Program: program(t, "cat >/dev/null")})
	for _, tags := range [][]language.Tag{nil, {language.Und}, {language.BritishEnglish}, {language.English, language.French}} {
		got, err := r.Recognize(t.Context(), tone(), transcript.Hints{Languages: tags})
		require.NoError(t, err, "%v", tags)
		assert.True(t, got.Empty())
	}
}

func TestNoSamplesNeedNoProgram(t *testing.T) {
	r := newRecognizer(t, pocketsphinx.Options{Program: "no-such-program"})
	got, err := r.Recognize(t.Context(), pcm.Clip{Rate: 16000}, transcript.Hints{})
	require.NoError(t, err)
	assert.Zero(t, got)
}

func TestMissingProgramNamesThePackages(t *testing.T) {
	r := newRecognizer(t, pocketsphinx.Options{Program: "no-such-program"})
	_, err := r.Recognize(t.Context(), tone(), transcript.Hints{})
	refused(t, err, transcript.Unsupported)
	assert.ErrorContains(t, err, "pocketsphinx-en-us")
}

func TestProgramsThatFail(t *testing.T) {
	for name, c := range map[string]struct {
		body string
		kind transcript.ErrorKind
		says string
	}{
		"no model":            {`echo 'INFO: secret' >&2; echo 'ERROR: no mdef' >&2; exit 1`, transcript.Permanent, "ERROR: no mdef"},
		"killed":              {`kill -9 $$`, transcript.Retry, "killed"},
		"a flood of words":    {`exec yes 'a 0.000 0.000 1.000000'`, transcript.Permanent, transcript.ErrTooLong.Error()},
		"more words than fit": {`cat >/dev/null; yes 'a 0.0 0.0 1.0' | head -n 131073`, transcript.Permanent, transcript.ErrTooLong.Error()},
		"slower than allowed": {`exec sleep 600`, transcript.Retry, context.DeadlineExceeded.Error()},
	} {
		t.Run(name, func(t *testing.T) {
			path := program(t, c.body) // before others fork: a script that is open anywhere does not start
			t.Parallel()
			limit := time.Minute
			if c.says == context.DeadlineExceeded.Error() {
				limit = 50 * time.Millisecond
			}
			r := newRecognizer(t, pocketsphinx.Options{Program: path, Timeout: limit})
			_, err := r.Recognize(t.Context(), tone(), transcript.Hints{})
			refused(t, err, c.kind)
			assert.ErrorContains(t, err, c.says)
			assert.NotContains(t, err.Error(), "secret")
		})
	}
}

func TestAMessyEarlyExitIsStillRead(t *testing.T) {
	r := newRecognizer(t, pocketsphinx.Options{Program: program(t, `echo 'hello 0.100 0.200 0.500000'; exec 0<&-`)})
	clip := pcm.Silence(16000, time.Minute) // far more than a pipe holds
	got, err := r.Recognize(t.Context(), clip, transcript.Hints{})
	require.NoError(t, err)
	assert.Equal(t, "hello", got.Text)
}

func TestTheEndOfTheContextKills(t *testing.T) {
	path := program(t, `echo $$ >"$here/pid.new"; mv "$here/pid.new" "$here/pid"; exec sleep 600`)
	r := newRecognizer(t, pocketsphinx.Options{Program: path})
	ctx, cancel := context.WithCancel(t.Context())
	answers := make(chan error, 1)
	go func() {
		_, err := r.Recognize(ctx, tone(), transcript.Hints{})
		answers <- err
	}()
	pid := filepath.Join(filepath.Dir(path), "pid")
	require.Eventually(t, func() bool { _, err := os.Stat(pid); return err == nil }, time.Minute, time.Millisecond)

	// The only turn is taken: whoever waits for it leaves with their context.
	impatient, leave := context.WithCancel(t.Context())
	leave()
	_, err := r.Recognize(impatient, tone(), transcript.Hints{})
	refused(t, err, transcript.Retry)
	require.ErrorIs(t, err, context.Canceled)

	cancel()
	err = <-answers
	refused(t, err, transcript.Retry)
	require.ErrorIs(t, err, context.Canceled)
	assert.NoDirExists(t, filepath.Join("/proc", strings.TrimSpace(beside(t, path, "pid"))))
}

func TestParallelIsALimit(t *testing.T) {
	// Each run leaves its mark, and fails when it sees another one's.
	path := program(t, `mkdir "$here/running" || exit 1; cat >/dev/null; rmdir "$here/running"`)
	r := newRecognizer(t, pocketsphinx.Options{Program: path})
	answers := make(chan error)
	for range 8 {
		go func() {
			_, err := r.Recognize(t.Context(), tone(), transcript.Hints{})
			answers <- err
		}()
	}
	for range 8 {
		require.NoError(t, <-answers)
	}
}

func TestConformance(t *testing.T) {
	path := program(t, `cat >/dev/null
echo 'hello there'
echo '<s> 0.000 0.090 0.999600'
echo 'hello(2) 0.100 0.480 0.998102'
echo 'there 0.490 9.000 1.000200'`)
	sample := transcripttest.Sample{Speech: tone(), Language: language.English}
	transcripttest.TestRecognizer(t, sample, func(t *testing.T) transcript.Recognizer {
		return newRecognizer(t, pocketsphinx.Options{Program: path, Parallel: 4})
	})
}
