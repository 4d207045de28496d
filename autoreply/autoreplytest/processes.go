package autoreplytest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/phone"
)

// These name, in the environment of a process that [TestProcesses] started, the
// place of the ledger on which it is to race, or that it is to serve.
const (
	raceVariable  = "AFTERBEEP_AUTOREPLYTEST_RACE"
	serveVariable = "AFTERBEEP_AUTOREPLYTEST_SERVE"
)

// raceKeys is how many rows are raced for.
const raceKeys = 100

// Main runs the tests, or what is its part if [TestProcesses] started this
// process, and returns what to hand to os.Exit. open opens the ledger at the
// place that TestProcesses was given; the end of the process closes it.
//
//	func TestMain(m *testing.M) { os.Exit(autoreplytest.Main(m, open)) }
func Main(m *testing.M, open func(place string) (autoreply.Ledger, error)) int {
	for variable, part := range map[string]func(string, func(string) (autoreply.Ledger, error)) error{
		raceVariable: raceAsChild, serveVariable: serveAsChild,
	} {
		place, mine := os.LookupEnv(variable)
		if !mine {
			continue
		}
		if err := part(place, open); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		return 0
	}
	return m.Run()
}

// TestProcesses lets two other processes race for the first rows of l, a fresh
// ledger that lies at place: each row has one winner, and this process sees all
// of them. Then all three load and swap the same rows at random, and the history
// has to be linearizable, see [Linear]. The test binary needs a TestMain that
// calls [Main].
func TestProcesses(t *testing.T, l autoreply.Ledger, place string) {
	t.Helper()
	if err := processes(t.Context(), l, place); err != nil {
		t.Fatal(err)
	}
	if err := linearApart(t.Context(), l, place); err != nil {
		t.Fatal(err)
	}
}

func processes(ctx context.Context, l autoreply.Ledger, place string) (err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // ends those that still run
	var racers [2]*racer
	for i := range racers {
		if racers[i], err = begin(ctx, raceVariable, place); err != nil {
			return err
		}
	}
	for _, r := range racers { // both have a connection
		if said, err := r.line(); err != nil || said != "ready" {
			return fmt.Errorf("a racer says %q, not that it is ready: %w", said, err)
		}
	}
	for _, r := range racers {
		if err := r.in.Close(); err != nil {
			return err
		}
	}
	var wins [raceKeys]int
	for _, r := range racers {
		said, failed := r.line()
		if err := errors.Join(failed, r.cmd.Wait()); err != nil {
			return err
		}
		for won := range strings.FieldsSeq(said) {
			i, err := strconv.Atoi(won)
			if err != nil || i < 0 || i >= raceKeys {
				return fmt.Errorf("a racer says %q", said)
			}
			wins[i]++
		}
	}
	for i, n := range wins {
		if n != 1 {
			return fmt.Errorf("row %d has %d winners", i, n)
		}
	}
	again, err := race(ctx, l)
	if err == nil && len(again) > 0 {
		err = fmt.Errorf("this process does not see %d rows of the others", len(again))
	}
	return err
}

// racer is another process.
type racer struct {
	cmd *exec.Cmd
	in  *os.File // its end is the signal to go
	out *bufio.Reader
}

func begin(ctx context.Context, variable, place string) (*racer, error) {
	binary, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, binary)
	cmd.Env = append(os.Environ(), variable+"="+place)
	cmd.Stderr = os.Stderr
	read, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	cmd.Stdin = read
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	return &racer{cmd, write, bufio.NewReader(out)}, errors.Join(err, read.Close())
}

func (r *racer) line() (string, error) {
	said, err := r.out.ReadString('\n')
	return strings.TrimSpace(said), err
}

func raceAsChild(place string, open func(place string) (autoreply.Ledger, error)) error {
	ctx := context.Background() // the process that waits for this one ends it
	l, err := open(place)
	if err != nil {
		return err
	}
	if _, err := l.Load(ctx, autoreply.Key{}); err != nil { // a connection is there
		return err
	}
	fmt.Println("ready")
	if _, err := bufio.NewReader(os.Stdin).ReadString('\n'); err == nil {
		return errors.New("autoreplytest: a signal that is none")
	}
	won, err := race(ctx, l)
	if err != nil {
		return err
	}
	fmt.Println(strings.Trim(fmt.Sprint(won), "[]"))
	return nil
}

// race tries to be first at every row and returns those where it was.
func race(ctx context.Context, l autoreply.Ledger) (won []int, err error) {
	for i := range raceKeys {
		k := autoreply.Key{Tenant: "race", Contact: phone.ContactKey(strconv.Itoa(i))}
		switch err := l.Swap(ctx, k, plain(1)); {
		case err == nil:
			won = append(won, i)
		case !errors.Is(err, autoreply.ErrConflict):
			return won, err
		}
	}
	return won, nil
}
