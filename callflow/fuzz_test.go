package callflow_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/callflow"
)

func FuzzParse(f *testing.F) {
	for _, file := range []string{"testdata/office.json", "testdata/maze.json"} {
		form, err := os.ReadFile(file)
		require.NoError(f, err)
		f.Add(form)
	}
	f.Add([]byte(tenSteps))
	f.Add([]byte(`{"start": "a", "steps": {"a": {"kind": "hangup", "kind": "menu"}}}`))
	f.Add([]byte(`{"v": 1e9, "steps": [{"": null}]}`))
	f.Fuzz(func(t *testing.T, form []byte) {
		flow, report := callflow.Parse(form, nil)
		if (flow == nil) != (report.Err() != nil) {
			t.Fatalf("flow %v with %v", flow, report.Err())
		}
		if len(report) > callflow.MaxProblems {
			t.Fatalf("%d problems", len(report))
		}
		if flow == nil {
			return
		}
		// A flow that compiles has a form, which is that of the same flow.
		var d callflow.Definition
		require.NoError(t, json.Unmarshal(form, &d))
		again, report := callflow.Parse([]byte(marshal(t, d)), nil)
		require.NoError(t, report.Err())
		require.Equal(t, flow.Digest(), again.Digest())
		// Every call in it ends.
		session := flow.New(call())
		var turn callflow.Turn
		in := callflow.Input{At: morning, Kind: callflow.Start}
		for range 400 {
			require.NoError(t, flow.Step(&session, in, &turn))
			if turn.Over {
				return
			}
			in = callflow.Input{At: turn.Deadline, Kind: callflow.Tick}
		}
		t.Fatalf("the call does not end: %+v", session)
	})
}

func FuzzCommand(f *testing.F) {
	f.Add([]byte(`{"id": 2, "slot": 1, "call": "c1", "action": {"do": "collect", "keys": ["1"], "first": "5s"}}`))
	f.Add([]byte(`{"action": {"do": "record", "escape": ["#"], "max": "3m"}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var c callflow.Command
		if json.Unmarshal(data, &c) != nil {
			return
		}
		form := marshal(t, c)
		var again callflow.Command
		require.NoError(t, json.Unmarshal([]byte(form), &again))
		require.Equal(t, form, marshal(t, again))
	})
}
