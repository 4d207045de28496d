// Package benchmarks measures afterbeep beside its peers, in one run, so that
// a busy machine is busy for all of them. It is a module of its own because of
// what it pulls in (one of the language identifiers alone adds more than 100 MB
// to a binary), and it is no part of the workspace:
//
//	cd benchmarks
//	GOWORK=off go test -run xxx -bench . -benchtime 300ms -count 5 ./...
//
// Every engine is asked for a sane answer before it is timed: one that stops at
// the first false alarm is fast and worthless. The figures are in BENCHMARKS.md
// at the root of the repository.
package benchmarks
