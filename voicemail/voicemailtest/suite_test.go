package voicemailtest_test

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/voicemail"
	"github.com/afterbeep/afterbeep/voicemail/voicemailtest"
)

func openDir(t *testing.T) *voicemail.Dir {
	t.Helper()
	root, err := os.OpenRoot(t.TempDir())
	require.NoError(t, err)
	d, err := voicemail.OpenDir(root)
	require.NoError(t, err)
	t.Cleanup(func() {
		assert.NoError(t, d.Close())
		assert.NoError(t, root.Close())
	})
	return d
}

func TestMemory(t *testing.T) {
	t.Parallel()
	voicemailtest.TestStore(t, func(*testing.T) voicemail.Store { return voicemail.NewMemory() })
	voicemailtest.TestBlobs(t, func(*testing.T) voicemail.Blobs { return voicemail.NewMemory() })
	voicemailtest.TestSpool(t, func(*testing.T) voicemail.Spool { return voicemail.NewMemory() })
}

func TestDir(t *testing.T) {
	t.Parallel()
	voicemailtest.TestStore(t, func(t *testing.T) voicemail.Store { return openDir(t) })
	voicemailtest.TestBlobs(t, func(t *testing.T) voicemail.Blobs { return openDir(t) })
	voicemailtest.TestSpool(t, func(t *testing.T) voicemail.Spool { return openDir(t) })
}

// Faults that are not armed change nothing.
func TestFaultsAtRest(t *testing.T) {
	t.Parallel()
	faults := func() *voicemailtest.Faults {
		m := voicemail.NewMemory()
		return &voicemailtest.Faults{Store: m, Blobs: m, Spool: m}
	}
	voicemailtest.TestStore(t, func(*testing.T) voicemail.Store { return faults() })
	voicemailtest.TestBlobs(t, func(*testing.T) voicemail.Blobs { return faults() })
	voicemailtest.TestSpool(t, func(*testing.T) voicemail.Spool { return faults() })
}

// probe is a test that may fail.
type probe struct {
	ctx    context.Context
	failed string
}

func (p *probe) Helper() {}

func (p *probe) Context() context.Context { return p.ctx }

func (p *probe) Fatalf(format string, args ...any) {
	p.failed = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

// caught runs a check and says how it failed; "": it passed.
func caught(t *testing.T, run func(voicemailtest.TB)) string {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	p := &probe{ctx: ctx}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			if r := recover(); r != nil {
				p.failed = fmt.Sprint("panic: ", r)
			}
		}()
		run(p)
	}()
	<-done
	return p.failed
}
