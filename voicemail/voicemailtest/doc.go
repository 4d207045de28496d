// Package voicemailtest proves implementations of the sockets of package
// voicemail.
//
// A vendor who keeps rows, recordings or the spool in a place of their own
// calls [TestStore], [TestBlobs] or [TestSpool] from a test, with a function
// that opens an empty one:
//
//	func TestStore(t *testing.T) {
//		voicemailtest.TestStore(t, func(t *testing.T) voicemail.Store { return openMine(t) })
//	}
//
// Each check has an instance of its own, and they do not run in parallel. The
// suites are proven themselves: the tests of this package run them against
// implementations that are broken on purpose, and want each to be caught.
//
// [Faults] makes stores fail at a chosen call, for tests of what stands on
// them.
package voicemailtest

import (
	"context"
	"testing"
)

// tb is what a check needs of a test.
type tb interface {
	Helper()
	Fatalf(format string, args ...any)
	Context() context.Context
}

type check[S any] struct {
	name string
	run  func(t tb, s S)
}

func runAll[S any](t *testing.T, checks []check[S], open func(t *testing.T) S) {
	t.Helper()
	for _, c := range checks {
		t.Run(c.name, func(t *testing.T) { c.run(t, open(t)) })
	}
}

func must(t tb, err error, what string) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

func want(t tb, ok bool, format string, args ...any) {
	t.Helper()
	if !ok {
		t.Fatalf(format, args...)
	}
}

// hostile are names that must stay apart, and inside.
var hostile = []string{
	"a", "A", "a.", "a ", ".", "..", "../a", "a/b", "a\\b", "/a", "con", "CON", "nul.wav", "a\x00b", "%61", "_", "-", "é", "e\u0301", "\u202ea", "a:b", "a*", "😀",
}
