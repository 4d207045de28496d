package hours

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/language"
)

// ErrRegion is the error of a region without a calendar, or of a day that a
// calendar does not have.
var ErrRegion = errors.New("hours: no such calendar")

// day is one holiday of a country as its tables know it.
type day struct {
	id, on, observed string
	en, fr, es       string
}

// region is a calendar: the days that the law gives everybody, and those that
// the law leaves to the employer. Each word is the ID of a day; "@2008" is its
// first year, "@2013-2018" its first and last, "~good-friday" says that it
// stands in for that day, and "=2nd monday of february" has to be the end, as
// the date in this region.
type region struct {
	code         string
	days, others []string
	moves        map[string]string // instead of the Observed of a day, by ID
}

// country is the tables of a country.
type country struct {
	days    []day
	regions []region
	french  []string // the regions whose own language is French
}

// Holidays is the calendar of a region: its public holidays as the law gives
// them in the private sector. Regions are ISO 3166 codes: CA (the federal
// Canada Labour Code), CA-QC and all other provinces and territories, US (the
// federal holidays), FR, and the departments of Alsace-Moselle FR-57, FR-67
// and FR-68. [Regions] lists them.
//
// What the law leaves to the employer is not in it unless chosen by its ID;
// [Choices] lists those days. One that stands in for another replaces it: in
// Québec, where the employer chooses between Good Friday and Easter Monday,
//
//	Holidays("CA-QC")                               // Good Friday
//	Holidays("CA-QC", "easter-monday")              // Easter Monday instead
//	Holidays("CA-QC", "good-friday", "easter-monday") // both
//
// The slice is fresh, to be edited. Its data goes into a Spec, so that a
// stored schedule does not change when a law, and with it this table, does.
// An unknown region or day is an error that wraps [ErrRegion].
func Holidays(code string, choose ...string) ([]Holiday, error) {
	c, r, err := findRegion(code)
	if err != nil {
		return nil, err
	}
	var list []Holiday
	replaced := map[string]bool{}
	for _, id := range choose {
		word := r.find(id)
		if word == "" {
			return nil, fmt.Errorf("%w: %s has no day %q: want one of %s", ErrRegion, code, clip(id), strings.Join(r.ids(), ", "))
		}
		if _, other, ok := strings.Cut(word, "~"); ok && !slices.Contains(choose, other) {
			replaced[other] = true
		}
	}
	for _, word := range r.days {
		if h := c.holiday(r, word); !replaced[h.ID] {
			list = append(list, h)
		}
	}
	for _, word := range r.others {
		if h := c.holiday(r, word); slices.Contains(choose, h.ID) {
			list = append(list, h)
		}
	}
	if slices.Contains(c.french, code) {
		list = Localize(list, language.French)
	}
	return list, nil
}

// Choices are the days that [Holidays] of a region only has when chosen.
func Choices(code string) ([]Holiday, error) {
	c, r, err := findRegion(code)
	if err != nil {
		return nil, err
	}
	var list []Holiday
	for _, word := range r.others {
		list = append(list, c.holiday(r, word))
	}
	if slices.Contains(c.french, code) {
		list = Localize(list, language.French)
	}
	return list, nil
}

// Regions are the codes that [Holidays] knows, in a fresh slice.
func Regions() []string {
	var list []string
	for _, c := range countries() {
		for _, r := range c.regions {
			list = append(list, r.code)
		}
	}
	return list
}

// Localize is a copy of holidays with their names in the language of tag, for
// those that a calendar of this package knows (by ID and English name) in
// English, French or Spanish. Others keep their names.
func Localize(holidays []Holiday, tag language.Tag) []Holiday {
	list := slices.Clone(holidays)
	base, _ := tag.Base()
	for i, h := range list {
		english := h.English
		if english == "" {
			english = h.Name
		}
		d, ok := findDay(h.ID, english)
		if !ok {
			continue
		}
		switch base.String() {
		case "en":
			list[i].Name, list[i].English = d.en, ""
		case "fr":
			list[i].Name, list[i].English = d.fr, d.en
		case "es":
			list[i].Name, list[i].English = d.es, d.en
		}
	}
	return list
}

func countries() []country { return []country{canada(), unitedStates(), france()} }

func findRegion(code string) (country, region, error) {
	for _, c := range countries() {
		for _, r := range c.regions {
			if r.code == code {
				return c, r, nil
			}
		}
	}
	return country{}, region{}, fmt.Errorf("%w of region %q: want one of %s", ErrRegion, clip(code), strings.Join(Regions(), ", "))
}

func findDay(id, english string) (day, bool) {
	for _, c := range countries() {
		for _, d := range c.days {
			if d.id == id && d.en == english {
				return d, true
			}
		}
	}
	return day{}, false
}

// holiday is the day that a word of a region means.
func (c country) holiday(r region, word string) Holiday {
	word, on, other := strings.Cut(word, "=")
	word, _, _ = strings.Cut(word, "~")
	id, years, _ := strings.Cut(word, "@")
	since, through, _ := strings.Cut(years, "-")
	i := slices.IndexFunc(c.days, func(d day) bool { return d.id == id })
	h := Holiday{ID: id, Name: c.days[i].en, On: c.days[i].on, Observed: c.days[i].observed}
	if other {
		h.On = on
	}
	if moves, ok := r.moves[id]; ok {
		h.Observed = moves
	}
	h.Since, _ = strconv.Atoi(since)
	h.Through, _ = strconv.Atoi(through)
	return h
}

// find is the word of an ID, which may be any day of the region.
func (r region) find(id string) string {
	for _, word := range slices.Concat(r.others, r.days) {
		if wordID(word) == id {
			return word
		}
	}
	return ""
}

func (r region) ids() (list []string) {
	for _, word := range slices.Concat(r.days, r.others) {
		if id := wordID(word); !slices.Contains(list, id) {
			list = append(list, id)
		}
	}
	return list
}

func wordID(word string) string {
	if i := strings.IndexAny(word, "@=~"); i >= 0 {
		return word[:i]
	}
	return word
}
