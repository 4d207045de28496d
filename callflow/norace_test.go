//go:build !race

package callflow_test

// randomCalls is how many calls are played at random.
const randomCalls = 20_000
