package hours_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/afterbeep/afterbeep/hours"
)

const sample = `{
	"zone": "America/Toronto",
	"week": {
		"monday": ["09:00-12:00", "13:00-17:00"],
		"saturday": ["22:00-30:00"]
	},
	"weekend": ["sunday"],
	"exceptions": [
		{"date": "2026-12-24", "label": "Christmas Eve", "spans": ["09:00-12:00"]},
		{"date": "2026-12-27", "through": "2027-01-03", "id": "winter", "kind": "closed"}
	],
	"holidays": [
		{"id": "fete-nationale", "name": "Fête nationale", "english": "National Holiday", "on": "06-24", "observed": "sunday +1", "since": 1978}
	]
}`

// listed are the problems of an error as "code pointer".
func listed(t testing.TB, err error) (list []string) {
	t.Helper()
	joined, ok := err.(interface{ Unwrap() []error })
	require.True(t, ok, "%v", err)
	for _, one := range joined.Unwrap() {
		var p *hours.Problem
		require.True(t, errors.As(one, &p), "%v", one)
		require.NotEmpty(t, p.Want, "%v", one)
		require.ErrorIs(t, one, hours.ErrSpec)
		list = append(list, string(p.Code)+" "+p.Pointer)
	}
	return list
}

func TestParse(t *testing.T) {
	t.Parallel()
	spec, err := hours.ParseSpec([]byte(sample))
	require.NoError(t, err)
	assert.Equal(t, hours.Spec{
		Zone:    "America/Toronto",
		Week:    hours.Week{time.Monday: spans("09:00-12:00", "13:00-17:00"), time.Saturday: spans("22:00-30:00")},
		Weekend: hours.Days{time.Sunday},
		Exceptions: []hours.Exception{
			{Date: civil("2026-12-24"), Label: "Christmas Eve", Spans: spans("09:00-12:00")},
			{Date: civil("2026-12-27"), Through: civil("2027-01-03"), ID: "winter", Kind: hours.KindClosed},
		},
		Holidays: []hours.Holiday{{
			ID: "fete-nationale", Name: "Fête nationale", English: "National Holiday", On: "06-24",
			Observed: "sunday +1", Since: 1978,
		}},
	}, spec)
	again, err := json.Marshal(spec)
	require.NoError(t, err)
	assert.JSONEq(t, sample, string(again))

	s, err := hours.Parse([]byte(sample))
	require.NoError(t, err)
	assert.Equal(t, "Christmas Eve", s.At(clock(t, "2026-12-24T13:00:00-05:00")).Label)
}

func TestParseSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		json string
		want []string
		text string // somewhere in the error
	}{
		"nothing":            {``, []string{"syntax "}, "JSON"},
		"no JSON":            {`{"zone": }`, []string{"syntax "}, "byte 9"},
		"cut":                {`{"zone": "UTC"`, []string{"syntax "}, "ends too early"},
		"two values":         {`{"zone": "UTC"} {}`, []string{"syntax "}, "nothing behind"},
		"not UTF-8":          {"{\"zone\": \"\xff\"}", []string{"syntax "}, "UTF-8"},
		"not an object":      {`[]`, []string{"syntax ", "required /zone"}, "an object"},
		"null":               {`null`, []string{"syntax ", "required /zone"}, "an object"},
		"no zone":            {`{}`, []string{"required /zone"}, "America/Toronto"},
		"null zone":          {`{"zone": null}`, []string{"syntax /zone"}, "a string"},
		"unknown zone":       {`{"zone": "Mars/Base"}`, []string{"unknown-zone /zone"}, "Mars/Base"},
		"unknown field":      {`{"zone": "UTC", "Week": {}}`, []string{"unknown-field /Week"}, "exceptions, holidays, week, weekend, zone"},
		"a field with a /":   {`{"zone": "UTC", "a/b~c": 1}`, []string{"unknown-field /a~1b~0c"}, ""},
		"a field twice":      {`{"zone": "UTC", "zone": "UTC"}`, []string{"twice /zone"}, ""},
		"a day twice":        {`{"zone": "UTC", "week": {"monday": [], "monday": []}}`, []string{"twice /week/monday"}, ""},
		"unknown day":        {`{"zone": "UTC", "week": {"lundi": []}}`, []string{"unknown-field /week/lundi"}, "monday"},
		"a day as a string":  {`{"zone": "UTC", "week": {"monday": "09:00-17:00"}}`, []string{"syntax /week/monday"}, "an array"},
		"a span of one time": {`{"zone": "UTC", "week": {"monday": ["09:00"]}}`, []string{"span /week/monday/0"}, `"09:00-12:30"`},
		"one digit":          {`{"zone": "UTC", "week": {"monday": ["9:00-17:00"]}}`, []string{"span /week/monday/0"}, ""},
		"a span of numbers":  {`{"zone": "UTC", "week": {"monday": [{"From": 1, "To": 2}]}}`, []string{"syntax /week/monday/0"}, "a string"},
		"60 minutes":         {`{"zone": "UTC", "week": {"monday": ["09:60-17:00"]}}`, []string{"span /week/monday/0"}, ""},
		"from after to":      {`{"zone": "UTC", "week": {"monday": ["22:00-06:00"]}}`, []string{"span /week/monday/0"}, `"22:00-30:00"`},
		"from is to":         {`{"zone": "UTC", "week": {"monday": ["09:00-09:00"]}}`, []string{"span /week/monday/0"}, ""},
		"from 24:00":         {`{"zone": "UTC", "week": {"monday": ["24:00-25:00"]}}`, []string{"span /week/monday/0"}, "23:59"},
		"past 48:00":         {`{"zone": "UTC", "week": {"monday": ["20:00-48:01"]}}`, []string{"span /week/monday/0"}, "48:00"},
		"overlap":            {`{"zone": "UTC", "week": {"monday": ["09:00-12:00", "11:59-13:00"]}}`, []string{"overlap /week/monday/1"}, "09:00-12:00"},
		"overlap of days":    {`{"zone": "UTC", "week": {"sunday": ["22:00-30:00"], "monday": ["05:00-09:00"]}}`, []string{"overlap /week/sunday/0"}, "monday"},
		"weekend":            {`{"zone": "UTC", "weekend": ["sunday", "dimanche", "sunday"]}`, []string{"value /weekend/1", "twice /weekend/2"}, ""},
		"exception":          {`{"zone": "UTC", "exceptions": [{}]}`, []string{"value /exceptions/0/date"}, "2029-06-25"},
		"a date with a time": {`{"zone": "UTC", "exceptions": [{"date": "2026-12-24T09:00"}]}`, []string{"value /exceptions/0/date"}, ""},
		"no such date":       {`{"zone": "UTC", "exceptions": [{"date": "2026-02-29"}]}`, []string{"value /exceptions/0/date"}, ""},
		"through before":     {`{"zone": "UTC", "exceptions": [{"date": "2026-02-28", "through": "2026-02-27"}]}`, []string{"value /exceptions/0/through"}, ""},
		"dates overlap": {
			`{"zone": "UTC", "exceptions": [{"date": "2026-12-30"}, {"date": "2026-12-24", "through": "2027-01-02"}, {"date": "2027-01-01"}]}`,
			[]string{"overlap /exceptions/0/date", "overlap /exceptions/2/date"},
			"exception 1",
		},
		"kind":           {`{"zone": "UTC", "exceptions": [{"date": "2026-12-24", "kind": "open"}]}`, []string{"value /exceptions/0/kind"}, "closed, weekend or holiday"},
		"exception hour": {`{"zone": "UTC", "exceptions": [{"date": "2026-12-24", "spans": ["1"]}]}`, []string{"span /exceptions/0/spans/0"}, ""},
		"holiday":        {`{"zone": "UTC", "holidays": [{}]}`, []string{"required /holidays/0/name", "value /holidays/0/on"}, ""},
		"rule":           {`{"zone": "UTC", "holidays": [{"name": "x", "on": "24 june"}]}`, []string{"value /holidays/0/on"}, "monday before 05-25"},
		"observed":       {`{"zone": "UTC", "holidays": [{"name": "x", "on": "06-24", "observed": "monday"}]}`, []string{"value /holidays/0/observed"}, "saturday -1, sunday +1"},
		"years":          {`{"zone": "UTC", "holidays": [{"name": "x", "on": "06-24", "since": 2020, "through": 2019}, {"name": "y", "on": "06-25", "since": "2020"}, {"name": "z", "on": "06-25", "since": -1}]}`, []string{"syntax /holidays/1/since", "value /holidays/0/through", "value /holidays/2/since"}, ""},
		"control":        {`{"zone": "UTC", "holidays": [{"name": "a\nb", "on": "06-24"}]}`, []string{"value /holidays/0/name"}, ""},
		"long":           {`{"zone": "UTC", "holidays": [{"name": "` + strings.Repeat("a", 201) + `", "on": "06-24"}]}`, []string{"limit-exceeded /holidays/0/name"}, "200"},
		"deep":           {strings.Repeat("[", 1000), []string{"limit-exceeded "}, "deep"},
		"all at once":    {`{"zone": "x", "week": {"monday": ["9"]}, "holidays": [{"name": "x", "on": "y"}]}`, []string{"span /week/monday/0", "unknown-zone /zone", "value /holidays/0/on"}, ""},
		"places stay":    {`{"zone": "UTC", "week": {"sunday": ["20:00-30:00"], "monday": ["x", "07:00-08:00", "07:30-09:00"]}}`, []string{"span /week/monday/0", "overlap /week/monday/2"}, ""},
		"spans":          {`{"zone": "UTC", "week": {"monday": [` + strings.Repeat(`"09:00-09:01",`, 48) + `"09:00-09:01"]}}`, []string{"limit-exceeded /week/monday"}, "48"},
		"many problems":  {`{"zone": "UTC", "weekend": [` + strings.Repeat(`"x",`, 3000) + `"x"]}`, nil, ""},
		"exceptions":     {`{"zone": "UTC", "exceptions": [` + strings.Repeat(`{},`, 2000) + `{}]}`, []string{"limit-exceeded /exceptions"}, "2000"},
		"holidays":       {`{"zone": "UTC", "holidays": [` + strings.Repeat(`{},`, 400) + `{}]}`, []string{"limit-exceeded /holidays"}, "400"},
		"values":         {`[` + strings.Repeat(`1,`, 100_000) + `1]`, []string{"limit-exceeded "}, "100000"},
		"bytes":          {strings.Repeat(" ", hours.MaxSpecBytes+1), []string{"limit-exceeded "}, fmt.Sprint(hours.MaxSpecBytes)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := hours.ParseSpec([]byte(c.json))
			got := listed(t, err)
			assert.LessOrEqual(t, len(got), 100)
			if c.want != nil {
				assert.Equal(t, c.want, got)
			}
			assert.ErrorContains(t, err, c.text)
			_, err = hours.Parse([]byte(c.json))
			assert.Error(t, err)
		})
	}
}

func TestUnmarshalIsStrictToo(t *testing.T) {
	t.Parallel()
	var line struct {
		Hours hours.Spec  `json:"hours"`
		Week  *hours.Week `json:"week"`
		Days  hours.Days  `json:"days"`
	}
	require.NoError(t, json.Unmarshal([]byte(`{"hours": `+sample+`, "week": {"friday": ["09:00-17:00"]}, "days": ["monday"]}`), &line))
	assert.Equal(t, "America/Toronto", line.Hours.Zone)
	assert.Equal(t, hours.Week{time.Friday: spans("09:00-17:00")}, *line.Week)
	assert.Equal(t, hours.Days{time.Monday}, line.Days)
	require.NoError(t, json.Unmarshal([]byte(`{"hours": null, "week": null, "days": null}`), &line))
	assert.Equal(t, "America/Toronto", line.Hours.Zone)
	for _, text := range []string{`{"hours": {"zoen": "UTC"}}`, `{"week": {"friday": ["x"]}}`, `{"days": ["x"]}`, `{"days": {}}`} {
		assert.ErrorIs(t, json.Unmarshal([]byte(text), &line), hours.ErrSpec, text)
	}
	_, err := json.Marshal(hours.Days{7})
	assert.ErrorIs(t, err, hours.ErrSpec)
}

// TestNewChecksWhatGoCanWrite has the mistakes that JSON can not express.
func TestNewChecksWhatGoCanWrite(t *testing.T) {
	t.Parallel()
	_, err := hours.New(hours.Spec{
		Zone:    "UTC",
		Week:    hours.Week{time.Weekday(9): nil, time.Monday: {{From: -1, To: 5}, {From: 5, To: -5}}},
		Weekend: hours.Days{-1},
		Exceptions: []hours.Exception{
			{Date: hours.Civil{Year: 2026, Month: 13, Day: 1}},
			{Date: hours.Civil{Year: 2026, Month: 1, Day: 1, Minute: 5}},
			{Date: civil("2026-02-01"), Through: hours.Civil{Year: 20260, Month: 1, Day: 1}},
		},
		Holidays: []hours.Holiday{{Name: "a\xff", On: "06-24", Through: 10000}},
	})
	assert.Equal(t, []string{
		"unknown-field /week", "span /week/monday/0", "span /week/monday/1", "value /weekend/0",
		"value /exceptions/0/date", "value /exceptions/1/date", "value /exceptions/2/through",
		"value /holidays/0/name", "value /holidays/0/through",
	}, listed(t, err))
}

func TestNewKeepsNothingOfTheSpec(t *testing.T) {
	t.Parallel()
	spec := office(toronto, region(t, "CA-QC")...)
	spec.Exceptions = []hours.Exception{{Date: civil("2026-06-23"), Spans: spans("10:00-11:00")}}
	s := compile(t, spec)
	spec.Week[time.Tuesday][0] = span("00:00-01:00")
	spec.Exceptions[0].Spans[0] = span("00:00-01:00")
	spec.Holidays[0].On = "06-22"
	assert.True(t, s.At(clock(t, "2026-06-23T10:30:00-04:00")).Open())
	assert.True(t, s.At(clock(t, "2026-06-22T10:30:00-04:00")).Open())
	assert.True(t, s.At(clock(t, "2026-06-30T10:30:00-04:00")).Open())
	s.Day(civil("2026-06-23")).Spans[0] = span("00:00-01:00")
	assert.Equal(t, spans("10:00-11:00"), s.Day(civil("2026-06-23")).Spans)
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		spec := drawSpec(t, rapid.SampledFrom(hardZones).Draw(t, "zone"))
		if rapid.Bool().Draw(t, "weekend") {
			spec.Weekend = hours.Days{time.Friday}
		}
		first, err := json.Marshal(spec)
		require.NoError(t, err)
		again, err := hours.ParseSpec(first)
		require.NoError(t, err)
		second, err := json.Marshal(again)
		require.NoError(t, err)
		require.Equal(t, string(first), string(second))
	})
}
