// Package callflow decides what happens to a call. It does no I/O, reads no
// clock and starts no goroutine: an input goes in, a turn comes out.
package callflow
