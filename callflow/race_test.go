//go:build race

package callflow_test

// randomCalls is how many calls are played at random; the race detector makes
// each ten times as slow.
const randomCalls = 2_000
