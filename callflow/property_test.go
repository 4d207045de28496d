package callflow_test

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/callflow"
	"github.com/afterbeep/afterbeep/phone"
)

// The fates of random calls. They are hostile on purpose: what a host or the
// network should never say comes as often as what it should.
var (
	fateOutcomes = []phone.Outcome{
		"", phone.Answered, phone.NoAnswer, phone.Declined, phone.Busy, phone.Unavailable, phone.DND, phone.Failed,
		phone.Voicemail, callflow.Ready, callflow.Ready, callflow.AnnounceOnly, callflow.Full, callflow.Empty,
		callflow.Completed, callflow.Timeout, "1", "\xff",
	}
	fateDigits = []string{"", "", "1", "2", "9", "0", "#", "7", "12", strings.Repeat("1", 1000), "\x00"}
	fateTexts  = []string{"", "a", "sha256:0123456789abcdef", "é\"<&>\u2028", "\xff\xfe", strings.Repeat("<", 200), strings.Repeat("x", 2000)}
)

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// fate is one random input for a session that waits on turn.
func fate(r *rand.Rand, at time.Time, s *callflow.Session) callflow.Input {
	in := callflow.Input{At: at, Kind: callflow.Done, Command: s.Seq}
	switch r.IntN(40) {
	case 0:
		in.Kind = callflow.HungUp
	case 1:
		in.Kind, in.At = callflow.Tick, s.Deadline.Add(time.Duration(r.IntN(3)-1)*time.Second)
	case 2:
		in.Kind = callflow.Start
	case 3:
		in.Command = uint32(r.IntN(int(s.Seq) + 2))
	}
	if in.At.IsZero() {
		in.At = at
	}
	in.Result = callflow.Result{Outcome: pick(r, fateOutcomes), Digits: pick(r, fateDigits), HungUp: r.IntN(100) == 0}
	if r.IntN(4) > 0 { // as a rule the call goes on
		in.Result.Outcome = pick(r, []phone.Outcome{callflow.Ready, callflow.Completed, phone.NoAnswer, phone.Busy})
	}
	if r.IntN(4) == 0 {
		in.Result.Clip, in.Result.By, in.Result.Message = pick(r, fateTexts), pick(r, fateTexts), pick(r, fateTexts)
	}
	return in
}

// check are the promises that hold after each turn.
func promises(t *testing.T, flow *callflow.Flow, s *callflow.Session, turn *callflow.Turn) {
	t.Helper()
	if turn.Over != s.Over() || turn.Over != (turn.Await.Action == nil) || turn.Over != (s.Outcome != "") || turn.Over != turn.Deadline.IsZero() {
		t.Fatalf("the turn and the session disagree whether it is over: %+v %+v", turn, s)
	}
	if turn.Deadline != s.Deadline || !turn.Over && turn.Await.ID != s.Seq {
		t.Fatalf("the turn is not that of the session: %+v %+v", turn, s)
	}
	if turn.Over && s.Kept && s.Outcome != phone.Voicemail && s.Outcome != phone.Answered {
		t.Fatalf("a message was kept and the call ended with %s", s.Outcome)
	}
	if !turn.Over && turn.Deadline.After(s.Began.Add(4*time.Hour)) {
		t.Fatalf("a deadline after the end of the session's life: %+v", s)
	}
}

// slots follows what Prepare reserves: it is recorded or released, once.
type slots struct {
	held string
	id   uint32 // of the command that is being performed
}

func (l *slots) turn(t *testing.T, turn *callflow.Turn) {
	t.Helper()
	if turn.Repeat || turn.Await.ID == l.id {
		return
	}
	l.id = turn.Await.ID
	for _, c := range turn.Emit {
		if c.Action == (callflow.Release{}) {
			if c.Key() != l.held {
				t.Fatalf("released %q, held %q", c.Key(), l.held)
			}
			l.held = ""
		}
	}
	switch turn.Await.Action.(type) {
	case callflow.Prepare:
		l.held = turn.Await.Key()
	case callflow.Record:
		if turn.Await.Key() != l.held {
			t.Fatalf("recorded %q, held %q", turn.Await.Key(), l.held)
		}
		l.held = ""
	}
}

// TestRandomCalls plays random calls. Each session goes through JSON before
// every input, so that every input could come to another node; each turn is
// rebuilt from what was saved; each call ends within the limits.
func TestRandomCalls(t *testing.T) {
	t.Parallel()
	const workers = 4
	form, err := os.ReadFile("testdata/maze.json")
	require.NoError(t, err)
	flows := []*callflow.Flow{parse(t, string(form), &callflow.Env{Schedules: schedules(t)}), office(t)}
	met := make([]map[callflow.End]int, workers)
	t.Run("workers", func(t *testing.T) {
		for worker := range workers {
			t.Run(strconv.Itoa(worker), func(t *testing.T) {
				t.Parallel()
				r := rand.New(rand.NewPCG(uint64(worker), 1))
				met[worker] = map[callflow.End]int{}
				for range randomCalls / workers {
					met[worker][randomCall(t, flows[min(worker, 1)], r)]++
				}
			})
		}
	})
	ends := map[callflow.End]int{}
	for _, one := range met {
		for end, n := range one {
			ends[end] += n
		}
	}
	for _, end := range []callflow.End{callflow.EndAnswered, callflow.EndCaller, callflow.EndFlow, callflow.EndLife, callflow.EndVisits} {
		assert.Positive(t, ends[end], "no call ended with %s, so the fates are not random enough: %v", end, ends)
	}
}

func randomCall(t *testing.T, flow *callflow.Flow, r *rand.Rand) callflow.End {
	t.Helper()
	at := morning.Add(time.Duration(r.IntN(3)) * 24 * time.Hour)
	if r.IntN(4) == 0 {
		at = morning.Add(time.Duration(r.IntN(14*24*60)) * time.Minute)
	}
	session := flow.New(call())
	var turn, rebuilt callflow.Turn
	var held slots
	step := func(in callflow.Input) {
		if err := flow.Step(&session, in, &turn); err != nil {
			t.Fatal(err)
		}
		promises(t, flow, &session, &turn)
		held.turn(t, &turn)
	}
	step(callflow.Input{At: at, Kind: callflow.Start})
	for inputs := 0; !turn.Over; inputs++ {
		if inputs > 1000 {
			t.Fatalf("the call does not end: %+v", session)
		}
		data, err := json.Marshal(session)
		if err != nil {
			t.Fatal(err)
		}
		if len(data) > callflow.MaxSession {
			t.Fatalf("a session of %d bytes: %s", len(data), data)
		}
		session = callflow.Session{}
		if err := json.Unmarshal(data, &session); err != nil {
			t.Fatal(err)
		}
		if r.IntN(16) == 0 { // costly, so not each time
			again, _ := json.Marshal(session)
			require.Equal(t, string(data), string(again), "the session is not the same after JSON")
			require.NoError(t, flow.Pending(&session, &rebuilt))
			require.Equal(t, turn.Await, rebuilt.Await)
			require.Equal(t, turn.Deadline, rebuilt.Deadline)
		}
		at = at.Add(time.Duration(r.IntN(90)) * time.Second)
		if r.IntN(400) == 0 {
			at = at.Add(3 * time.Hour)
		}
		step(fate(r, at, &session))
		if r.IntN(4) == 0 {
			after, _ := json.Marshal(session)
			require.Equal(t, turn.Repeat, bytes.Equal(data, after), "Repeat says whether the session is as it was")
		}
	}
	return session.End
}
