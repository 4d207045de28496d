package hours_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/hours"
)

// closedDays are the working days on which an office of a region, open Monday
// to Friday, is closed in a year.
func closedDays(t *testing.T, code string, year int, choose ...string) (list []string) {
	t.Helper()
	s := compile(t, office(toronto, region(t, code, choose...)...))
	for d := hours.Date(year, time.January, 1); d.Year == year; d = d.AddDays(1) {
		if w := d.Weekday(); w != time.Saturday && w != time.Sunday && s.Day(d).Kind != hours.KindOpen {
			list = append(list, d.String()[5:])
		}
	}
	return list
}

func TestQuebec(t *testing.T) {
	t.Parallel()
	// CNESST, "Liste des jours fériés, chômés et payés"; LégisQuébec, N-1.1
	// (normes du travail) art. 60 and F-1.1 (fête nationale) art. 2. On a
	// Saturday (2027-12-25, and in 2028 01-01, 06-24, 07-01) nothing moves.
	for year, days := range map[int]string{
		2024: "01-01 03-29 05-20 06-24 07-01 09-02 10-14 12-25",
		2025: "01-01 04-18 05-19 06-24 07-01 09-01 10-13 12-25",
		2026: "01-01 04-03 05-18 06-24 07-01 09-07 10-12 12-25",
		2027: "01-01 03-26 05-24 06-24 07-01 09-06 10-11",
		2028: "04-14 05-22 09-04 10-09 12-25",
		2029: "01-01 03-30 05-21 06-25 07-02 09-03 10-08 12-25",
		2030: "01-01 04-19 05-20 06-24 07-01 09-02 10-14 12-25",
		2031: "01-01 04-11 05-19 06-24 07-01 09-01 10-13 12-25",
		2032: "01-01 03-26 05-24 06-24 07-01 09-06 10-11",
	} {
		assert.Equal(t, strings.Fields(days), closedDays(t, "CA-QC", year), year)
	}
	t.Run("a federal list closes Québec on the wrong days", func(t *testing.T) {
		t.Parallel()
		for _, date := range []string{
			"2026-04-06", "2026-08-03", "2026-09-30", "2026-11-11", "2025-12-26", "2028-07-03",
		} {
			s := compile(t, office(toronto, region(t, "CA-QC")...))
			assert.Equal(t, hours.KindOpen, s.Day(civil(date)).Kind, date)
		}
	})
	t.Run("easter is the choice of the employer", func(t *testing.T) {
		t.Parallel()
		friday, monday := "04-03", "04-06"
		assert.NotContains(t, closedDays(t, "CA-QC", 2026), monday)
		either := closedDays(t, "CA-QC", 2026, "easter-monday")
		assert.Contains(t, either, monday)
		assert.NotContains(t, either, friday)
		both := closedDays(t, "CA-QC", 2026, "easter-monday", "good-friday")
		assert.Contains(t, both, monday)
		assert.Contains(t, both, friday)
	})
	t.Run("24 June 2029 is a Sunday", func(t *testing.T) {
		t.Parallel()
		office := compile(t, office(toronto, region(t, "CA-QC")...))
		for _, day := range []string{"2029-06-24", "2029-06-25"} {
			assert.Equal(t, "Fête nationale", office.Day(civil(day)).Label, day)
		}
		shop := compile(t, hours.Spec{
			Zone: toronto, Week: hours.EveryDay(span("10:00-18:00")), Holidays: region(t, "CA-QC"),
		})
		assert.Equal(t, hours.KindHoliday, shop.Day(civil("2029-06-24")).Kind)
		assert.Equal(t, hours.KindOpen, shop.Day(civil("2029-06-25")).Kind, "they work on Sundays")
	})
}

func TestUnitedStates(t *testing.T) {
	t.Parallel()
	// OPM, "Federal Holidays", 2024-2030; 2031 and 2032 by 5 U.S.C. 6103.
	for year, days := range map[int]string{
		2024: "01-01 01-15 02-19 05-27 06-19 07-04 09-02 10-14 11-11 11-28 12-25",
		2025: "01-01 01-20 02-17 05-26 06-19 07-04 09-01 10-13 11-11 11-27 12-25",
		2026: "01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25",
		2027: "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31",
		2028: "01-17 02-21 05-29 06-19 07-04 09-04 10-09 11-10 11-23 12-25",
		2029: "01-01 01-15 02-19 05-28 06-19 07-04 09-03 10-08 11-12 11-22 12-25",
		2030: "01-01 01-21 02-18 05-27 06-19 07-04 09-02 10-14 11-11 11-28 12-25",
		2031: "01-01 01-20 02-17 05-26 06-19 07-04 09-01 10-13 11-11 11-27 12-25",
		2032: "01-01 01-19 02-16 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31",
	} {
		assert.Equal(t, strings.Fields(days), closedDays(t, "US", year), year)
	}
	assert.Contains(t, closedDays(t, "US", 2026, "day-after-thanksgiving"), "11-27")
	assert.NotContains(t, closedDays(t, "US", 2020), "06-19", "since 2021")
}

func TestFederalCanada(t *testing.T) {
	t.Parallel()
	// Canada Labour Code s. 166 and 193; for 2024 the list of Library and
	// Archives Canada, whose offices also have Easter Monday and the first
	// Monday of August, and which moves weekends to the next working day.
	for year, days := range map[int]string{
		2024: "01-01 03-29 04-01 05-20 07-01 08-05 09-02 09-30 10-14 11-11 12-25 12-26",
		2026: "01-01 04-03 04-06 05-18 07-01 08-03 09-07 09-30 10-12 11-11 12-25 12-28",
		2027: "01-01 03-26 03-29 05-24 07-01 08-02 09-06 09-30 10-11 11-11 12-27 12-28",
		2028: "01-03 04-14 04-17 05-22 07-03 08-07 09-04 10-02 10-09 11-13 12-25 12-26",
		2033: "01-03 04-15 04-18 05-23 07-01 08-01 09-05 09-30 10-10 11-11 12-26 12-27",
	} {
		assert.Equal(t, strings.Fields(days), closedDays(t, "CA", year, "easter-monday", "civic-holiday"), year)
	}
}

func TestFrance(t *testing.T) {
	t.Parallel()
	// Code du travail L3133-1 and L3134-13; service-public.fr, "Jours fériés".
	moving := map[int]string{
		2024: "04-01 05-09 05-20", 2025: "04-21 05-29 06-09", 2026: "04-06 05-14 05-25", 2027: "03-29 05-06 05-17",
		2028: "04-17 05-25 06-05", 2029: "04-02 05-10 05-21", 2030: "04-22 05-30 06-10", 2031: "04-14 05-22 06-02",
		2032: "03-29 05-06 05-17",
	}
	fixed := strings.Fields("01-01 05-01 05-08 07-14 08-15 11-01 11-11 12-25")
	dates := func(code string, year int) (list []string) {
		for _, h := range region(t, code) {
			date, observed, ok := h.Date(year)
			require.True(t, ok, h.ID)
			require.Equal(t, date, observed, "France moves nothing")
			list = append(list, date.String()[5:])
		}
		return list
	}
	good := map[int]string{2024: "03-29", 2026: "04-03", 2029: "03-30"}
	for year, days := range moving {
		want := append(strings.Fields(days), fixed...)
		assert.ElementsMatch(t, want, dates("FR", year), year)
		if friday, ok := good[year]; ok {
			for _, code := range []string{"FR-57", "FR-67", "FR-68"} {
				assert.ElementsMatch(t, append(want, friday, "12-26"), dates(code, year), code, year)
			}
		}
	}
}

func TestProvinces(t *testing.T) {
	t.Parallel()
	// The labour or employment standards law of each; the dates were also held
	// against date-holidays 3.37.0.
	for code, days := range map[string]string{
		"CA-AB": "01-01 02-16 04-03 05-18 07-01 09-07 10-12 11-11 12-25",
		"CA-BC": "01-01 02-16 04-03 05-18 07-01 08-03 09-07 09-30 10-12 11-11 12-25",
		"CA-MB": "01-01 02-16 04-03 05-18 07-01 09-07 09-30 10-12 11-11 12-25",
		"CA-NB": "01-01 02-16 04-03 07-01 08-03 09-07 11-11 12-25",
		"CA-NL": "01-01 04-03 07-01 09-07 11-11 12-25",
		"CA-NS": "01-01 02-16 04-03 07-01 09-07 11-11 12-25",
		"CA-NT": "01-01 04-03 05-18 07-01 08-03 09-07 09-30 10-12 11-11 12-25", // 06-21 is a Sunday
		"CA-NU": "01-01 04-03 05-18 07-01 07-09 08-03 09-07 09-30 10-12 11-11 12-25",
		"CA-ON": "01-01 02-16 04-03 05-18 07-01 09-07 10-12 12-25", // 12-26 is a Saturday
		"CA-PE": "01-01 02-16 04-03 07-01 09-07 09-30 11-11 12-25",
		"CA-SK": "01-01 02-16 04-03 05-18 07-01 08-03 09-07 10-12 11-11 12-25",
		"CA-YT": "01-01 04-03 05-18 07-01 08-17 09-07 09-30 10-12 11-11 12-25",
	} {
		assert.Equal(t, strings.Fields(days), closedDays(t, code, 2026), code)
	}
	assert.Contains(t, closedDays(t, "CA-BC", 2018), "02-12", "the second Monday until 2018")
	assert.NotContains(t, closedDays(t, "CA-BC", 2019), "02-11")
	assert.Contains(t, closedDays(t, "CA-BC", 2019), "02-18")
	assert.Contains(t, closedDays(t, "CA-ON", 2029), "07-02", "Holidays Act")
	assert.NotContains(t, closedDays(t, "CA-NS", 2029), "07-02")
	assert.Contains(t, closedDays(t, "CA-PE", 2026, "gold-cup-parade-day"), "08-21")
	assert.Contains(t, closedDays(t, "CA-YT", 2026, "yukon-heritage-day"), "02-20")
}

func TestEaster(t *testing.T) {
	t.Parallel()
	// Western dates: United States Census Bureau, "Easter dates 1600-2099", and
	// the extremes of the calendar, 22 March 1818 and 25 April 2038. Orthodox
	// Easter is left out on purpose: each of its dates here must not be ours,
	// but for the years in which they are the same.
	orthodox := map[int]string{
		2024: "05-05", 2025: "04-20", 2026: "04-12", 2027: "05-02", 2028: "04-16", 2029: "04-08", 2030: "04-28",
		2031: "04-13", 2032: "05-02",
	}
	rule, err := hours.ParseRule("easter")
	require.NoError(t, err)
	for year, want := range map[int]string{
		1818: "03-22", 1954: "04-18", 1981: "04-19", 2000: "04-23", 2011: "04-24", 2024: "03-31", 2025: "04-20",
		2026: "04-05", 2027: "03-28", 2028: "04-16", 2029: "04-01", 2030: "04-21", 2031: "04-13", 2032: "03-28",
		2038: "04-25", 2049: "04-18", 2076: "04-19", 2099: "04-12", 2285: "03-22",
	} {
		got, ok := rule.Date(year)
		require.True(t, ok)
		assert.Equal(t, want, got.String()[5:], year)
		assert.Equal(t, time.Sunday, got.Weekday())
		if other, ok := orthodox[year]; ok && year != 2025 && year != 2028 && year != 2031 {
			assert.NotEqual(t, other, got.String()[5:], year)
		}
	}
}

func TestRules(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"06-24": "2026-06-24", "02-29": "", "easter": "2026-04-05", "easter -2": "2026-04-03", "easter +50": "2026-05-25",
		"1st monday of september": "2026-09-07", "2nd tuesday of may": "2026-05-12", "3rd monday of january": "2026-01-19",
		"4th thursday of november +1": "2026-11-27", "5th monday of february": "", "5th monday of march": "2026-03-30",
		"last monday of may": "2026-05-25", "last sunday of february -2": "2026-02-20", "last thursday of december": "2026-12-31",
		"monday before 05-25": "2026-05-18", "monday on or before 05-25": "2026-05-25", "monday after 05-25": "2026-06-01",
		"monday on or after 05-25": "2026-05-25", "sunday before 01-01": "2025-12-28", "12-31 +1": "2027-01-01",
		"friday on or before 02-29": "",
	} {
		r, err := hours.ParseRule(text)
		require.NoError(t, err, text)
		assert.Equal(t, text, r.String())
		got, ok := r.Date(2026)
		assert.Equal(t, want != "", ok, text)
		assert.Equal(t, want, got.String(), text)
	}
	for _, text := range []string{
		"", " ", "24-06", "6-24", "06-31", "02-30", "00-10", "6th monday of may", "monday of may", "1st monday of mai",
		"1st Monday of May", "monday near 05-25", "easter 2", "easter +0", "easter +181", "easter +01", "06-24 + 1",
		"monday before", "monday before 25-05", "easter -2 -2", "06-24  +1", strings.Repeat("a", 65),
	} {
		_, err := hours.ParseRule(text)
		assert.ErrorIs(t, err, hours.ErrRule, text)
	}
	_, ok := hours.Rule{}.Date(2026)
	assert.False(t, ok)
	r, err := hours.ParseRule("06-24")
	require.NoError(t, err)
	for _, year := range []int{0, -1, 10000} {
		_, ok := r.Date(year)
		assert.False(t, ok, year)
	}
}

func TestObserved(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "none", "none": "none", "sunday +1": "sunday +1", "sunday +1, saturday -1": "saturday -1, sunday +1",
		"monday +6": "monday +6",
	} {
		m, err := hours.ParseObserved(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, m.String())
	}
	for _, text := range []string{"sunday", "sunday +7", "sunday 1", "sunday +1,saturday -1", "sunday +1, sunday +2", "Sunday +1", ","} {
		_, err := hours.ParseObserved(text)
		assert.ErrorIs(t, err, hours.ErrRule, text)
	}
}

func TestYearsOfAHoliday(t *testing.T) {
	t.Parallel()
	h := hours.Holiday{Name: "x", On: "06-21", Observed: "sunday +1", Since: 2020, Through: 2026}
	for year, want := range map[int]bool{2019: false, 2020: true, 2026: true, 2027: false} {
		date, observed, ok := h.Date(year)
		assert.Equal(t, want, ok, year)
		if year == 2026 {
			assert.Equal(t, "2026-06-21 2026-06-22", date.String()+" "+observed.String())
		}
	}
	for _, wrong := range []hours.Holiday{{On: "x"}, {On: "06-21", Observed: "x"}} {
		_, _, ok := wrong.Date(2026)
		assert.False(t, ok)
	}
}

func TestRegions(t *testing.T) {
	t.Parallel()
	codes := hours.Regions()
	assert.Len(t, codes, 14+1+4)
	for _, code := range codes {
		list := region(t, code)
		choices, err := hours.Choices(code)
		require.NoError(t, err)
		for _, h := range append(list, choices...) {
			_, _, ok := h.Date(2026)
			ok = ok || h.Through != 0
			assert.True(t, ok, "%s %s", code, h.ID)
			if h.Through == 0 {
				chosen := region(t, code, h.ID)
				assert.Contains(t, chosen, h, code)
			}
		}
		_, err = hours.New(office(toronto, append(list, choices...)...))
		require.NoError(t, err, code)

		list[0].Name = "edited"
		assert.NotEqual(t, "edited", region(t, code)[0].Name, "a fresh slice")
	}
	_, err := hours.Holidays("CA-XX")
	require.ErrorIs(t, err, hours.ErrRegion)
	assert.ErrorContains(t, err, "CA-QC", "it names those there are")
	_, err = hours.Holidays("CA-QC", "easter")
	require.ErrorIs(t, err, hours.ErrRegion)
	assert.ErrorContains(t, err, "easter-monday")
	_, err = hours.Choices("XX")
	require.ErrorIs(t, err, hours.ErrRegion)
}

func TestLocalize(t *testing.T) {
	t.Parallel()
	list := region(t, "CA-QC")
	assert.Equal(t, "Fête nationale", list[3].Name)
	assert.Equal(t, "Québec National Holiday", list[3].English)
	for _, code := range hours.Regions() {
		for _, tag := range []language.Tag{language.French, language.Spanish, language.English} {
			there := hours.Localize(region(t, code), tag)
			back := hours.Localize(there, language.English)
			assert.Equal(t, hours.Localize(region(t, code), language.English), back, code)
		}
	}
	assert.Equal(t, "Día de Canadá", hours.Localize(region(t, "CA-ON"), language.LatinAmericanSpanish)[4].Name)
	own := []hours.Holiday{{ID: "founders-day", Name: "Founders", On: "03-03"}}
	assert.Equal(t, own, hours.Localize(own, language.French))
}
