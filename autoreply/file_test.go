package autoreply_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/autoreply"
)

func TestParse(t *testing.T) {
	t.Parallel()
	p, err := autoreply.Parse([]byte(`{"business":"Acme","window":"2h","own":["+15145559999"],
		"schedule":{"zone":"America/Toronto","week":{"monday":["09:00-17:00"]}},
		"rules":[{"id":"a","on":["call.missed"],"when":["closed"],"text":{"en":"{business}"},"from":"2026-01-01","zone":"UTC"}]}`))
	require.NoError(t, err)
	assert.Equal(t, 2*time.Hour, p.Options().Window)
	assert.Len(t, p.Status(noon), 1)
	for text, path := range map[string]string{
		`{`: "/", `[]`: "/", `{"rulez":[]}`: "/rulez", `{"rules":[]}{}`: "/", `{"a/b":1}`: "/a~1b",
		`{"window":"3 hours","rules":[]}`: "/window", `{"window":"9999999999999h","rules":[]}`: "/window", `{"stale":"-1s"}`: "/options/stale",
		`{"own":["5145550100"],"rules":[]}`:       "/own",
		`{"schedule":{"zone":"Mars"},"rules":[]}`: "/schedule", `{"schedule":{"zones":"UTC"}}`: "/schedule",
		`{"language":"?","rules":[]}`: "/language",
		`{"rules":[{}]}`:              "/rules/0/id", `{"rules":{}}`: "/rules", `{"rules":[1]}`: "/rules/0", `{"rules":[{"id":"a"},{"when":"open"}]}`: "/rules/1/when",
		`{"rules":[{"from":"soon"}]}`:               "/rules/0/from",
		`{"rules":[{"iff":{}}]}`:                    "/rules/0/iff",
		strings.Repeat(" ", autoreply.MaxFile+1):    "/",
		`{"rules":[` + strings.Repeat(`[`, 1<<20):   "/",
		`{"rules":[{"text":{"en":"x"},"on":[""]}]}`: "/rules/0/id",
	} {
		_, err := autoreply.Parse([]byte(text))
		var p *autoreply.Problem
		require.ErrorAs(t, err, &p, "%.80s", text)
		assert.Equal(t, path, p.Path, "%.80s", text)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"rules":[{"id":"a","on":["call.missed"],"text":{"en":"{name|x} {opens}"}}]}`))
	f.Add([]byte(`{"window":"3h","schedule":{"zone":"UTC","week":{"monday":["09:00-17:00"]}},"rules":[]}`))
	f.Add([]byte(`{`))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := autoreply.Parse(data)
		if err != nil {
			return
		}
		p.Status(noon)
		p.Lint(noon)
		if _, err := json.Marshal(p.Status(noon)); err != nil {
			t.Fatal(err)
		}
	})
}

func FuzzFindWord(f *testing.F) {
	for _, text := range []string{"STOP", "s t o p", "arrêt svp", "\xff", "ﬃ ＳＴＯＰ", "a a", " "} {
		f.Add(text)
	}
	n := number(f, caller)
	f.Fuzz(func(t *testing.T, text string) {
		w, ok := autoreply.FindWord(text, n, noon)
		if ok != (w.Class != "") {
			t.Fatal(w)
		}
		if again, _ := autoreply.FindWord(strings.ToUpper(autoreply.Fold(text)), n, noon); ok && len(autoreply.Fold(text)) <= 200 && again.Class != w.Class {
			t.Fatalf("%q is %q, folded %q", text, w.Class, again.Class)
		}
		autoreply.CountSegments(text)
	})
}
