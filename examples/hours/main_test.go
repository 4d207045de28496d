package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var wednesday = time.Date(2026, time.June, 24, 18, 0, 0, 0, time.UTC) // 14:00 in Toronto

// ask runs the program as a shell would.
func ask(t *testing.T, args ...string) (out, wrong string, status int) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	status = run(args, &stdout, &stderr, wednesday, false)
	return stdout.String(), stderr.String(), status
}

func TestAt(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"the default hours":      {[]string{"at", "now"}, "open until 17:00"},
		"a holiday":              {[]string{"-holidays", "QC", "at", "now"}, "closed: Fête nationale, opens Thursday 25 June at 9:00"},
		"flags behind":           {[]string{"at", "now", "-holidays", "CA-QC", "-lang", "fr-CA"}, "fermé : Fête nationale, ouvre le jeudi 25 juin à 9 h"},
		"another zone":           {[]string{"-zone", "Europe/Paris", "-lang", "es", "at", "now"}, "cerrado, abre el jueves 25 de junio a las 9:00"},
		"a choice":               {[]string{"-holidays", "QC+easter-monday", "at", "2026-04-06T12:00"}, "closed: Lundi de Pâques, opens Tuesday 7 April at 9:00"},
		"two calendars":          {[]string{"-holidays", "QC, US", "at", "2026-11-26T12:00"}, "closed: Thanksgiving Day, opens Friday 27 November at 9:00"},
		"the overnight Saturday": {[]string{"-schedule", "bakery.json", "at", "2026-06-27 23:00"}, "open until Sunday 28 June at 4:00"},
		"and its Sunday":         {[]string{"-schedule", "bakery.json", "at", "2026-06-28T03:59:59-04:00"}, "open until 4:00"},
		"the half day":           {[]string{"-schedule", "bakery.json", "at", "2026-12-24T13:00"}, "open: Christmas Eve, until 14:00"},
		"the rest of the half day": {
			[]string{"-schedule", "bakery.json", "at", "2026-12-24T15:00"},
			"closed: Christmas Eve, opens Saturday 26 December at 7:00",
		},
		"the override": {[]string{"-schedule", "bakery.json", "at", "2026-02-06T11:00"}, "closed manually: Snow storm, opens Saturday 7 February at 7:00"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, wrong, status := ask(t, c.args...)
			assert.Zero(t, status, wrong)
			assert.Contains(t, out, c.want+"\n")
		})
	}
}

func TestNext(t *testing.T) {
	t.Parallel()
	out, wrong, status := ask(t, "next")
	require.Zero(t, status, wrong)
	assert.Equal(t, "Wed 24 Jun 2026 14:00 EDT\nopen until 17:00\nopens next Thu 25 Jun 2026 09:00 EDT\n", out)
	out, _, _ = ask(t, "-json", "next", "2026-06-26")
	assert.JSONEq(t, `{
		"at": "2026-06-26T00:00:00-04:00", "open": false, "kind": "closed", "source": "week",
		"until": "2026-06-26T09:00:00-04:00", "explain": "closed, opens at 9:00", "next": "2026-06-26T09:00:00-04:00"
	}`, out)
}

func TestCalendar(t *testing.T) {
	t.Parallel()
	out, wrong, status := ask(t, "-schedule", "bakery.json", "calendar", "2026-12-24", "2026-12-25")
	require.Zero(t, status, wrong)
	assert.Equal(t, strings.Join([]string{
		"Thu 24 Dec 2026 00:00 EST holiday  Christmas Eve",
		"Thu 24 Dec 2026 07:00 EST open     Christmas Eve",
		"Thu 24 Dec 2026 14:00 EST holiday  Christmas Eve",
		"Fri 25 Dec 2026 00:00 EST holiday  Noël", "",
	}, "\n"), out)
	out, _, _ = ask(t, "-json", "calendar", "2026-06-27", "2026-06-28T12:00")
	var list []map[string]any
	require.NoError(t, json.Unmarshal([]byte(out), &list))
	require.Len(t, list, 1)
	assert.Equal(t, "weekend", list[0]["kind"])
}

func TestYear(t *testing.T) {
	t.Parallel()
	out, wrong, status := ask(t, "-holidays", "QC", "year", "2029")
	require.Zero(t, status, wrong)
	assert.Contains(t, out, "* Sun 2029-06-24 to 2029-06-25  Fête nationale, closed")
	assert.Contains(t, out, " 25* 26  27  28  29  30", "in the grid of June")
	assert.NotContains(t, out, "\x1b")
	for line := range strings.Lines(out) {
		assert.LessOrEqual(t, len([]rune(strings.TrimSuffix(line, "\n"))), 90)
		assert.Equal(t, strings.TrimRight(line, " \n")+"\n", line)
	}
	out, _, _ = ask(t, "-json", "-holidays", "QC", "year", "2029")
	var year struct {
		Days []struct{ Date, Kind, Label string }
	}
	require.NoError(t, json.Unmarshal([]byte(out), &year))
	require.Len(t, year.Days, 365)
	assert.Equal(t, struct{ Date, Kind, Label string }{"2029-06-25", "holiday", "Fête nationale"}, year.Days[175])

	var colour bytes.Buffer
	require.Zero(t, run([]string{"-schedule", "bakery.json", "year", "2026"}, &colour, io.Discard, wednesday, true))
	assert.Contains(t, colour.String(), "\x1b[1;31m 24*\x1b[0m", "a holiday is red")
	assert.Contains(t, colour.String(), "\x1b[35mby hand: Snow storm, closed 6 Feb 10:30 – 7 Feb 07:00\x1b[0m")
}

func TestPicture(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "year.svg")
	_, wrong, status := ask(t, "-schedule", "bakery.json", "-svg", file, "year", "2028")
	require.Zero(t, status, wrong)
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	days := 0
	for d := xml.NewDecoder(bytes.NewReader(data)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "g" {
			days++
		}
	}
	assert.Equal(t, 366, days)
	assert.Contains(t, string(data), "Jour de l&#39;An")

	hostile := filepath.Join(t.TempDir(), "hostile.json")
	require.NoError(t, os.WriteFile(hostile, []byte(`{"name": "<script>&", "hours": {"zone": "UTC", "exceptions": [{"date": "2026-01-02", "label": "<b>"}]}}`), 0o600))
	_, wrong, status = ask(t, "-schedule", hostile, "-svg", file, "year", "2026")
	require.Zero(t, status, wrong)
	data, err = os.ReadFile(file)
	require.NoError(t, err)
	assert.NotContains(t, string(data), "<script>")
	assert.NotContains(t, string(data), "<b>")
}

func TestHelp(t *testing.T) {
	t.Parallel()
	out, _, status := ask(t, "-h")
	assert.Zero(t, status)
	assert.Equal(t, 10, strings.Count(out, "\n"))
	same, _, _ := ask(t)
	assert.Equal(t, out, same)
}

func TestErrors(t *testing.T) {
	t.Parallel()
	file := func(text string) string {
		name := filepath.Join(t.TempDir(), "hours.json")
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
		return name
	}
	for want, args := range map[string][]string{
		`"open" is no command`:            {"open"},
		`at got 0 arguments`:              {"at"},
		`"tomorrow" is no time`:           {"at", "tomorrow"},
		`"2029-02-29" is no time`:         {"calendar", "2029-02-29", "2029-03-01"},
		`"x" is no time`:                  {"next", "x"},
		`is not before`:                   {"calendar", "2026-06-24", "2026-06-23"},
		`at most 10 years`:                {"calendar", "2026-06-24", "2046-06-23"},
		`"soon" is no year`:               {"year", "soon"},
		`"1969" is no year`:               {"year", "1969"},
		`-lang "?" is no language`:        {"-lang", "?", "next"},
		`flag provided but not defined`:   {"-x", "next"},
		`region "ZZ": want one of CA`:     {"-holidays", "ZZ", "next"},
		`CA-QC has no day "xmas"`:         {"-holidays", "QC+xmas", "next"},
		`"Mars/Base": want the IANA name`: {"-zone", "Mars/Base", "next"},
		`exclude each other`:              {"-zone", "UTC", "-schedule", "bakery.json", "next"},
		`schedule none.json: no such`:     {"-schedule", "none.json", "next"},
		`use it with the command year`:    {"-svg", "x", "next"},
		`could not be written`:            {"-svg", "no/such/folder/x.svg", "year", "2026"},
		`it is no JSON object`:            {"-schedule", file("x"), "next"},
		`/week/monday/0`:                  {"-schedule", file(`{"zone": "UTC", "week": {"monday": ["9-17"]}}`), "next"},
		`/zone: required`:                 {"-schedule", file(`{"hours": {}}`), "next"},
		`(and 1 more)`:                    {"-schedule", file(`{"hours": {"weekend": ["x"]}}`), "next"},
		`unknown field`:                   {"-schedule", file(`{"hours": {"zone": "UTC"}, "overide": {}}`), "next"},
		`needs a from or an until`:        {"-schedule", file(`{"hours": {"zone": "UTC"}, "override": {"open": true}}`), "next"},
		`longer than`:                     {"-schedule", file(strings.Repeat(" ", 300<<10)), "next"},
	} {
		out, wrong, status := ask(t, args...)
		assert.Equal(t, 2, status, want)
		assert.Empty(t, out, want)
		assert.Contains(t, wrong, want)
		assert.Equal(t, 1, strings.Count(wrong, "\n"), "one sentence: %s", wrong)
		assert.NotContains(t, wrong, "hours: hours:")
	}
}
