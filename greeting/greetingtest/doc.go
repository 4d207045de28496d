// Package greetingtest proves implementations of the sockets of package
// greeting. A host runs it in a test of its own:
//
//	func TestClips(t *testing.T) {
//		greetingtest.TestClips(t, func(t *testing.T) greeting.Clips {
//			return mystore.Open(t.TempDir())
//		})
//	}
//
// Run it with -race. The suite is itself proven by broken stores, each of which
// it must catch.
package greetingtest
