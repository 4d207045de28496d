package openaispeech

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/transcript"
)

var update = flag.Bool("update", false, "write the golden files")

// goldens are the answers of servers, written after their shapes.
func goldens(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/*.json")
	require.NoError(t, err)
	require.Len(t, files, 7)
	return files
}

// lines shows a transcript so that a person can check it.
func lines(t transcript.Transcript) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %q\n", t.Language, t.Text)
	segment := 0
	for i, w := range t.Words {
		for segment < len(t.Segments) && t.Segments[segment].From == i {
			fmt.Fprintf(&b, "segment %q\n", t.Segments[segment].Speaker)
			segment++
		}
		fmt.Fprintf(&b, "%6d %6d %.3f %s\n", w.Start.Milliseconds(), w.End.Milliseconds(), w.Confidence, t.Word(i))
	}
	return b.String()
}

func TestReadGolden(t *testing.T) {
	for _, file := range goldens(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			require.NoError(t, err)
			got, err := read(data, nil, 6500*time.Millisecond)
			require.NoError(t, err)
			require.NoError(t, got.Check())
			golden := strings.TrimSuffix(file, ".json") + ".txt"
			if *update {
				require.NoError(t, os.WriteFile(golden, []byte(lines(got)), 0o600))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			assert.Equal(t, string(want), lines(got))
		})
	}
}

func TestNobodySpoke(t *testing.T) {
	for name, data := range map[string]string{
		"empty text":     `{"text":""}`,
		"white space":    `{"text":" \n ","segments":[]}`,
		"blank audio":    `{"text":" [BLANK_AUDIO]\n"}`,
		"several notes":  `{"text":"(music) [ Silence ] ♪ *beep*"}`,
		"empty segments": `{"segments":[{"text":" "}],"text":""}`,
	} {
		t.Run(name, func(t *testing.T) {
			got, err := read([]byte(data), []language.Tag{language.French}, time.Second)
			require.NoError(t, err)
			assert.Zero(t, got)
		})
	}
}

func TestNoTranscript(t *testing.T) {
	long, err := json.Marshal(strings.Repeat("a", transcript.MaxText+1))
	require.NoError(t, err)
	many := func(n int) string { return "[" + strings.Repeat("{},", n) + "{}]" }
	for name, c := range map[string]struct {
		data string
		kind transcript.ErrorKind
		err  error
	}{
		"nothing":            {``, transcript.Retry, ErrAnswer},
		"a page":             {`<html>`, transcript.Retry, ErrAnswer},
		"broken off":         {`{"text":"hel`, transcript.Retry, ErrAnswer},
		"two values":         {`{"text":""}{}`, transcript.Retry, ErrAnswer},
		"an error with 200":  {`{"error":"failed to process audio"}`, transcript.Retry, ErrAnswer},
		"text of no text":    {`{"text":["secret"]}`, transcript.Retry, ErrAnswer},
		"null":               {`null`, transcript.Retry, ErrAnswer},
		"too long a text":    {`{"text":` + string(long) + `}`, transcript.Permanent, transcript.ErrTooLong},
		"too many words":     {`{"text":"a","words":` + many(transcript.MaxWords) + `}`, transcript.Permanent, transcript.ErrTooLong},
		"too many segments":  {`{"text":"a","segments":` + many(transcript.MaxSegments) + `}`, transcript.Permanent, transcript.ErrTooLong},
		"too many in pieces": {`{"text":"a","segments":[` + strings.Repeat(`{"words":`+many(1000)+`},`, transcript.MaxWords/1000) + `{}]}`, transcript.Permanent, transcript.ErrTooLong},
		"text of many words": {`{"text":"` + strings.Repeat("a ", transcript.MaxWords+1) + `"}`, transcript.Permanent, transcript.ErrTooLong},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := read([]byte(c.data), nil, time.Second)
			var refusal *transcript.Error
			require.ErrorAs(t, err, &refusal)
			assert.Equal(t, c.kind, refusal.Kind)
			require.ErrorIs(t, err, c.err)
			assert.NotContains(t, err.Error(), "secret")
		})
	}
}

func TestLanguageOfTheAnswer(t *testing.T) {
	fr, en, ca := language.French, language.English, language.CanadianFrench
	for name, c := range map[string]struct {
		said  string
		hints []language.Tag
		want  language.Tag
	}{
		"a name":                    {"french", nil, fr},
		"a name in capitals":        {"French", nil, fr},
		"a name of two words":       {"haitian creole", nil, language.Make("ht")},
		"a code":                    {"fr", nil, fr},
		"the region of the hint":    {"french", []language.Tag{en, ca, fr}, ca},
		"no hint of that language":  {"german", []language.Tag{en, ca}, language.German},
		"nothing said, one hint":    {"", []language.Tag{ca}, ca},
		"nothing said, two regions": {"", []language.Tag{ca, fr}, ca},
		"nothing said, two hints":   {"", []language.Tag{ca, en}, language.Und},
		"nothing at all":            {"", nil, language.Und},
		"an unknown name":           {"klingon of the north", nil, language.Und},
		"undetermined":              {"und", []language.Tag{language.Und}, language.Und},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := read(fmt.Appendf(nil, `{"text":"a","language":%q}`, c.said), c.hints, time.Second)
			require.NoError(t, err)
			assert.Equal(t, c.want, got.Language)
		})
	}
}

func TestStay(t *testing.T) {
	request := func(method, url string) *http.Request {
		r, err := http.NewRequestWithContext(t.Context(), method, url, nil)
		require.NoError(t, err)
		return r
	}
	first := []*http.Request{request("POST", "https://a.example/v1")}
	require.NoError(t, stay(request("POST", "https://a.example/v2"), first))
	for _, next := range []*http.Request{
		request("POST", "http://a.example/v1"), request("POST", "https://b.example/v1"),
		request("POST", "https://a.example:8443/v1"), request("GET", "https://a.example/v1"),
	} {
		require.ErrorIs(t, stay(next, first), errElsewhere, "%s %s", next.Method, next.URL)
	}
}

func TestContentTypes(t *testing.T) {
	for kind, want := range map[string]bool{
		"": true, "application/json": true, "application/json; charset=utf-8": true, "application/vnd.x+json": true,
		"text/html": false, "text/plain": false, "application/jsonp": false, ";": false,
	} {
		assert.Equal(t, want, isJSON(kind), kind)
	}
}

func FuzzRead(f *testing.F) {
	for _, file := range goldens(f) {
		data, err := os.ReadFile(file)
		require.NoError(f, err)
		f.Add(data, int64(3*time.Second))
	}
	f.Fuzz(func(t *testing.T, data []byte, nanoseconds int64) {
		length := time.Duration(max(nanoseconds, 0))
		got, err := read(data, []language.Tag{language.CanadianFrench}, length)
		if err != nil {
			var refusal *transcript.Error
			require.ErrorAs(t, err, &refusal)
			require.Zero(t, got)
			return
		}
		require.NoError(t, got.Check())
		var last time.Duration
		for i, w := range got.Words {
			require.GreaterOrEqual(t, w.Start, last, "word %d", i)
			require.LessOrEqual(t, w.End, length, "word %d", i)
			require.Less(t, w.From, w.To, "word %d", i)
			last = w.End
		}
		again, err := read(data, []language.Tag{language.CanadianFrench}, length)
		require.NoError(t, err)
		require.Equal(t, got, again)
	})
}
