package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func filter(t *testing.T, in string, args ...string) string {
	t.Helper()
	var out, log bytes.Buffer
	require.NoError(t, run(args, strings.NewReader(in), &out, &log), log.String())
	return out.String()
}

func TestBatch(t *testing.T) {
	t.Parallel()
	out := filter(t, "fr-CA\tsalut c'est l'hostie de facture\n"+
		"fr\tsalut c'est pour l'hostie de la communion\n"+
		"fr-CA\tsalut c'est pour l'hostie de la communion\n"+
		"ja\tfuck\n"+
		"en\ta \"quoted\"\tshit \x01\xff\n", "-batch")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	require.Len(t, lines, 5)
	assert.JSONEq(t, `{"p":true,"c":"salut c'est l'****** de facture","spans":[[14,20]],"sev":2}`, lines[0])
	assert.JSONEq(t, `{"p":false,"c":"salut c'est pour l'hostie de la communion","spans":[],"sev":0}`, lines[1])
	assert.JSONEq(t, `{"p":false,"c":"salut c'est pour l'hostie de la communion","spans":[],"sev":0}`, lines[2])
	assert.JSONEq(t, `{"p":false,"c":"fuck","spans":[],"sev":0}`, lines[3], "no lexicon")
	assert.JSONEq(t, `{"p":true,"c":"a \"quoted\"\t**** \u0001\ufffd","spans":[[11,15]],"sev":2}`, lines[4])
}

// TestBatchGoesOn: a line that is wrong costs no other line its answer.
func TestBatchGoesOn(t *testing.T) {
	t.Parallel()
	var out, log bytes.Buffer
	err := run([]string{"-batch"}, strings.NewReader("en\tshit\nno tab here\nx!\tshit\nfr\tmerde\n"), &out, &log)
	var bad *badLines
	require.ErrorAs(t, err, &bad)
	require.Equal(t, 2, bad.count)
	require.ErrorContains(t, err, "line 2: no tab")
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	require.Len(t, lines, 4)
	assert.JSONEq(t, `{"p":true,"c":"****","spans":[[0,4]],"sev":2}`, lines[0])
	assert.JSONEq(t, `{"p":false,"c":"no tab here","spans":[],"sev":0,"error":"no tab between locale and text"}`, lines[1])
	assert.Contains(t, lines[2], `"c":"shit"`)
	assert.Contains(t, lines[2], `"error":"locale`)
	assert.Contains(t, lines[3], `"c":"*****"`)
}

func TestModes(t *testing.T) {
	t.Parallel()
	for mode, want := range map[string]string{
		"mask": "what the **** man\n", "first": "what the f*** man\n", "vowels": "what the f*ck man\n",
		"fixed": "what the **** man\n", "remove": "what the man\n", "tag": "what the fuck man\n",
	} {
		assert.Equal(t, want, filter(t, "what the fuck man\n", "-mode", mode), mode)
	}
	assert.Equal(t, "damn\n", filter(t, "damn\n"))
	assert.Equal(t, "****\n", filter(t, "damn\n", "-severity", "mild"))
	assert.Equal(t, "shit ****\n", filter(t, "shit fuck\n", "-severity", "strong"))
	assert.Equal(t, "****\n", filter(t, "5h1t\n", "-profile", "texting"))
	assert.Equal(t, "**** et ******\n", filter(t, "shit et crisse\n", "-locale", "en,fr-CA"))
}

func TestWords(t *testing.T) {
	t.Parallel()
	in := `{"text":"oh shit no","words":[{"from":0,"to":2,"start":"1s","end":"1.2s"},{"from":3,"to":7,"start":"1.3s","end":"1.6s","confidence":0.5},{"from":8,"to":10}]}`
	var got, want any
	require.NoError(t, json.Unmarshal([]byte(filter(t, in, "-words")), &got))
	require.NoError(t, json.Unmarshal([]byte(strings.ReplaceAll(in, "shit", "****")), &want))
	assert.Equal(t, want, got)
}

func TestDetectAndExplain(t *testing.T) {
	t.Parallel()
	out := filter(t, "bonjour rappelez-moi demain\nplease call me back\n12345\n", "-detect")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	require.Len(t, lines, 3)
	assert.True(t, strings.HasPrefix(lines[0], "fr\t0."), lines[0])
	assert.True(t, strings.HasPrefix(lines[1], "en\t0."), lines[1])
	assert.Equal(t, "und\t0.000", lines[2])
	assert.Equal(t, "1: \"bullshit\" bytes 3 to 11: severity 2, excrement, from \"shit\"\n2: clean\n", filter(t, "oh bullshit\nfine\n", "-explain"))
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	for want, args := range map[string][]string{
		"no mode":             {"-mode", "loud"},
		"severity":            {"-severity", "huge"},
		"profile":             {"-profile", "x"},
		"no lexicon":          {"-locale", "ja"},
		"locale":              {"-locale", "not a tag"},
		"unexpected argument": {"text"},
		"no tab":              {"-batch"},
		"not a transcript":    {"-words"},
	} {
		var out, log bytes.Buffer
		err := run(args, strings.NewReader("fuck\n"), &out, &log)
		require.Error(t, err, args)
		assert.Contains(t, err.Error(), want)
	}
}
