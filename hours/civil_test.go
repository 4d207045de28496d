package hours_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/afterbeep/afterbeep/hours"
)

func TestCivilIn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, zone, civil, want string }{
		{"plain", toronto, "2026-06-24T09:00", "2026-06-24T09:00:00-04:00"},
		{"gap", toronto, "2026-03-08T02:30", "2026-03-08T03:00:00-04:00"},
		{"before the gap", toronto, "2026-03-08T01:59", "2026-03-08T01:59:00-05:00"},
		{"after the gap", toronto, "2026-03-08T03:00", "2026-03-08T03:00:00-04:00"},
		{"overlap", toronto, "2026-11-01T01:30", "2026-11-01T01:30:00-04:00"},
		{"after the overlap", toronto, "2026-11-01T02:00", "2026-11-01T02:00:00-05:00"},
		{"no midnight in Havana", "America/Havana", "2026-03-08", "2026-03-08T01:00:00-04:00"},
		{"no midnight in Santiago", "America/Santiago", "2026-09-06", "2026-09-06T01:00:00-03:00"},
		{"no midnight in Cairo", "Africa/Cairo", "2026-04-24", "2026-04-24T01:00:00+03:00"},
		{"half an hour at Lord Howe", "Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-04T02:30:00+11:00"},
		{"the day that Apia skipped", "Pacific/Apia", "2011-12-30T12:00", "2011-12-31T00:00:00+14:00"},
		{"Kathmandu", "Asia/Kathmandu", "2026-01-01", "2026-01-01T00:00:00+05:45"},
		{"local mean time", toronto, "1800-01-01", "1800-01-01T00:00:00-05:17"},
	} {
		zone, err := time.LoadLocation(c.zone)
		require.NoError(t, err)
		assert.Equal(t, c.want, civil(c.civil).In(zone).Format(time.RFC3339), c.name)
	}
	assert.Equal(t, "2026-06-24T00:00:00Z", civil("2026-06-24").In(nil).Format(time.RFC3339))
}

// TestCivilInIsTheFirst holds In against its definition: the clock shows c or
// later at In, and something earlier a second before.
func TestCivilInIsTheFirst(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		zone, err := time.LoadLocation(rapid.SampledFrom(hardZones).Draw(t, "zone"))
		require.NoError(t, err)
		c := hours.Date(rapid.IntRange(1970, 2199).Draw(t, "year"), time.January, 1).AddDays(rapid.IntRange(0, 364).Draw(t, "day"))
		c.Minute = rapid.IntRange(0, 1439).Draw(t, "minute")
		at := c.In(zone)
		require.GreaterOrEqual(t, hours.CivilOf(at).Compare(c), 0)
		require.Negative(t, hours.CivilOf(at.Add(-time.Second)).Compare(c))
	})
}

func TestCivilText(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"2029-06-25", "2029-06-25T09:30", "0001-01-01"} {
		assert.Equal(t, text, civil(text).String())
	}
	for _, text := range []string{
		"2029-6-25", "2029-02-29", "2029-06-25T24:00", "2029-06-25T09:30:00", "2029-06-25 09:30", "0000-01-01",
		"2029-06-25T09:30Z", "2029/06/25", "", "12029-06-25",
	} {
		_, err := hours.ParseCivil(text)
		assert.ErrorIs(t, err, hours.ErrCivil, text)
	}
	assert.Equal(t, "2029-06-25", civil("2029-06-25T00:00").String(), "midnight may be said")
	var v struct {
		A hours.Civil `json:"a,omitzero"`
		B hours.Civil `json:"b"`
	}
	require.NoError(t, json.Unmarshal([]byte(`{"b": "2029-06-25T09:30"}`), &v))
	out, err := json.Marshal(v)
	require.NoError(t, err)
	assert.JSONEq(t, `{"b": "2029-06-25T09:30"}`, string(out))
	require.NoError(t, json.Unmarshal([]byte(`{"b": ""}`), &v))
	assert.True(t, v.B.IsZero())
	assert.Error(t, json.Unmarshal([]byte(`{"b": "x"}`), &v))
}

func TestCivilArithmetic(t *testing.T) {
	t.Parallel()
	c := civil("2028-02-28T09:30")
	assert.Equal(t, "2028-02-29T09:30", c.AddDays(1).String())
	assert.Equal(t, "2027-12-31T09:30", c.AddDays(-59).String())
	assert.Equal(t, time.Monday, c.Weekday())
	assert.Equal(t, time.Thursday, hours.Date(1970, 1, 1).Weekday())
	assert.Equal(t, time.Wednesday, hours.Date(1969, 12, 31).Weekday())
	assert.Equal(t, -1, c.Compare(civil("2028-02-28T09:31")))
	assert.Equal(t, 1, c.Compare(civil("2028-02-27T23:59")))
	assert.Equal(t, 0, c.Compare(c))
}

func TestSpanText(t *testing.T) {
	t.Parallel()
	var list []hours.Span
	require.NoError(t, json.Unmarshal([]byte(`["00:00-24:00", "22:00-48:00"]`), &list))
	assert.Equal(t, []hours.Span{{0, 1440}, {1320, 2880}}, list)
	out, err := json.Marshal(list)
	require.NoError(t, err)
	assert.JSONEq(t, `["00:00-24:00", "22:00-48:00"]`, string(out))
	assert.ErrorIs(t, json.Unmarshal([]byte(`["22:00-06:00"]`), &list), hours.ErrSpan)
}
