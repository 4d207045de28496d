// Package callflowtest proves implementations of the sockets of package
// callflow, and helps to test what is built on it.
//
// [TestSessions] is the conformance suite of [callflow.Sessions]; a vendor runs
// it on their own store:
//
//	func TestStore(t *testing.T) {
//		callflowtest.TestSessions(t, func(t *testing.T) callflow.Sessions { return open(t) })
//	}
//
// [Script] is a [callflow.Host] that answers from a list.
package callflowtest
