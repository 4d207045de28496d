package transcript_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"
	"pgregory.net/rapid"

	"github.com/afterbeep/afterbeep/phone"
	"github.com/afterbeep/afterbeep/transcript"
)

var heldLanguage = language.English

// spoken is text with a second for each word.
func spoken(text string) transcript.Transcript {
	t := transcript.Plain(text, language.English)
	for i := range t.Words {
		t.Words[i].Start = time.Duration(i) * time.Second
		t.Words[i].End = t.Words[i].Start + 800*time.Millisecond
		t.Words[i].Confidence = 0.5
	}
	return t
}

func TestCorrect(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	ann := phone.Actor{Kind: phone.Person, ID: "ann"}
	heard := transcript.NewDocument(spoken("please call a stair at the office"), "engine")
	for name, c := range map[string]struct {
		text  string
		words []string
		times []time.Duration // starts
	}{
		"nothing changed":   {"please call a stair at the office", nil, []time.Duration{0, 1, 2, 3, 4, 5, 6}},
		"one for one":       {"please call our stair at the office", nil, []time.Duration{0, 1, 2, 3, 4, 5, 6}},
		"two become one":    {"please call Alistair at the office", nil, []time.Duration{0, 1, 2, 4, 5, 6}},
		"a word taken out":  {"call a stair at the office", nil, []time.Duration{1, 2, 3, 4, 5, 6}},
		"only case changed": {"Please call a stair at the Office.", nil, []time.Duration{0, 1, 2, 3, 4, 5, 6}},
	} {
		doc, err := heard.Correct(ann, at, c.text)
		require.NoError(t, err, name)
		got := doc.Current()
		require.NoError(t, got.Check(), name)
		assert.Equal(t, c.text, got.Text)
		require.Len(t, got.Words, len(c.times), name)
		for i, w := range got.Words {
			assert.Equal(t, c.times[i]*time.Second, w.Start, "%s: %s", name, got.Word(i))
		}
		assert.Equal(t, ann, doc.Revisions[0].Author)
		assert.Empty(t, heard.Revisions, "the document before is unchanged")
	}
	doc, err := heard.Correct(ann, at, "please call a very very nice stair at the office")
	require.NoError(t, err)
	for _, w := range doc.Current().Words[3:6] { // put in: they share the pause
		assert.GreaterOrEqual(t, w.Start, 2800*time.Millisecond)
		assert.LessOrEqual(t, w.End, 3*time.Second)
	}
	_, err = heard.Correct(ann, at, string(make([]byte, transcript.MaxText+1)))
	require.ErrorIs(t, err, transcript.ErrTooLong)

	data, err := json.Marshal(doc)
	require.NoError(t, err)
	var again transcript.Document
	require.NoError(t, json.Unmarshal(data, &again))
	assert.Equal(t, doc, again)
}

func TestCorrectHoldsTogether(t *testing.T) {
	t.Parallel()
	word := rapid.SampledFrom([]string{"a", "b", "c", "dé", "e,", "(f)", "'g"})
	sentence := rapid.Custom(func(t *rapid.T) string {
		var out strings.Builder
		for _, w := range rapid.SliceOfN(word, 0, 12).Draw(t, "words") {
			out.WriteString(w + " ")
		}
		return out.String()
	})
	rapid.Check(t, func(r *rapid.T) {
		first := spoken(sentence.Draw(r, "heard"))
		if n := len(first.Words); n > 2 {
			first.Segments = []transcript.Segment{{From: 0, To: n / 2, Speaker: "a"}, {From: n / 2, To: n, Speaker: "b"}}
		}
		doc := transcript.NewDocument(first, "")
		for range 3 {
			var err error
			doc, err = doc.Correct(phone.Actor{}, time.Time{}, sentence.Draw(r, "written"))
			require.NoError(r, err)
			got := doc.Current()
			require.NoError(r, got.Check())
			last := time.Duration(0)
			for i, w := range got.Words {
				require.GreaterOrEqual(r, w.Start, last, "times in order: word %d", i)
				last = w.Start
			}
		}
	})
}

func TestCheck(t *testing.T) {
	t.Parallel()
	good := spoken("un été")
	require.NoError(t, good.Check())
	for name, spoil := range map[string]func(*transcript.Transcript){
		"past the end":        func(t *transcript.Transcript) { t.Words[1].To = 99 },
		"overlap":             func(t *transcript.Transcript) { t.Words[1].From = 1 },
		"backwards":           func(t *transcript.Transcript) { t.Words[0].To = -1 },
		"inside a character":  func(t *transcript.Transcript) { t.Words[1].From = 4 },
		"ends before it":      func(t *transcript.Transcript) { t.Words[1].End = 0 },
		"negative":            func(t *transcript.Transcript) { t.Words[0].Start = -1 },
		"confidence":          func(t *transcript.Transcript) { t.Words[0].Confidence = 2 },
		"segments with a gap": func(t *transcript.Transcript) { t.Segments = []transcript.Segment{{From: 1, To: 2}} },
		"segments too short":  func(t *transcript.Transcript) { t.Segments = []transcript.Segment{{From: 0, To: 1}} },
	} {
		bad := spoken("un été")
		spoil(&bad)
		require.ErrorIs(t, bad.Check(), transcript.ErrInvalid, name)
	}
	require.ErrorIs(t, transcript.Transcript{Text: string(make([]byte, transcript.MaxText+1))}.Check(), transcript.ErrTooLong)
}

func TestSearch(t *testing.T) {
	t.Parallel()
	s := spoken("Élodie called about the café, elodie! 418 ... ****")
	assert.Equal(t, [][2]int{{0, 1}, {5, 6}}, s.Search("elodie"))
	assert.Equal(t, [][2]int{{0, 1}, {5, 6}}, s.Search("e\u0301LODIE"))
	assert.Equal(t, [][2]int{{3, 5}}, s.Search("the CAFE"))
	assert.Equal(t, [][2]int{{6, 7}}, s.Search("418"))
	for _, query := range []string{"fé", " ", "", "819", "?", "****", "...", "elodie called elodie"} {
		assert.Empty(t, s.Search(query), query)
	}
	assert.Empty(t, spoken("a \u0301 b").Search("\u0300"), "a mark alone is no word")
	s = spoken("l'hostie de c’te affaire, rappelle-moi au 418-555-0123 rappelle moi")
	assert.Equal(t, [][2]int{{0, 1}}, s.Search("hostie"))
	assert.Equal(t, [][2]int{{0, 2}}, s.Search("l'hostie de"))
	assert.Equal(t, [][2]int{{2, 4}}, s.Search("c'te affaire"))
	assert.Equal(t, [][2]int{{4, 5}, {7, 9}}, s.Search("rappelle moi"))
	assert.Equal(t, [][2]int{{4, 5}, {7, 9}}, s.Search("rappelle-moi"))
	assert.Equal(t, [][2]int{{6, 7}}, s.Search("555 0123"))

	filter, err := transcript.NewFilter(language.CanadianFrench, nil)
	require.NoError(t, err)
	angry := spoken("mon tabarnak de char")
	assert.Len(t, angry.Search("tabarnak"), 1)
	assert.Empty(t, filter.Transcript(angry).Search("tabarnak"), "who may read the filtered text only, may search that only")
}

// Words that never had a time do not make those beside them go back.
func TestCorrectWithoutSomeTimes(t *testing.T) {
	t.Parallel()
	heard := spoken("one two three four")
	heard.Words[2].Start, heard.Words[2].End = 0, 0
	doc, err := transcript.NewDocument(heard, "").Correct(phone.Actor{}, time.Time{}, "one two three more four \xff\xff end")
	require.NoError(t, err)
	got := doc.Current()
	assert.Equal(t, "one two three more four \uFFFD end", got.Text)
	require.NoError(t, got.Check())
	inOrder(t, got, 3800*time.Millisecond)
	assert.Equal(t, 1800*time.Millisecond, got.Words[2].Start)
	assert.Equal(t, 3*time.Second, got.Words[3].End)
	assert.Equal(t, 3800*time.Millisecond, got.Words[6].End)

	doc, err = transcript.NewDocument(transcript.Plain("no times", language.English), "").Correct(phone.Actor{}, time.Time{}, "no times at all")
	require.NoError(t, err)
	for _, w := range doc.Current().Words {
		assert.Zero(t, w.End)
	}
	_, err = doc.Correct(phone.Actor{}, time.Time{}, strings.Repeat("a ", transcript.MaxWords+1))
	require.ErrorIs(t, err, transcript.ErrTooLong)
}

func TestDiff(t *testing.T) {
	t.Parallel()
	old := spoken("please call a stair at the office")
	for text, want := range map[string][]transcript.Change{
		"Please call a stair at the office.":       nil,
		"please call Alistair at the office":       {{Old: [2]int{2, 4}, New: [2]int{2, 3}}},
		"call a stair at the office now":           {{Old: [2]int{0, 1}, New: [2]int{0, 0}}, {Old: [2]int{7, 7}, New: [2]int{6, 7}}},
		"please do call a stair at the old office": {{Old: [2]int{1, 1}, New: [2]int{1, 2}}, {Old: [2]int{6, 6}, New: [2]int{7, 8}}},
		"": {{Old: [2]int{0, 7}}},
	} {
		assert.Equal(t, want, transcript.Diff(old, transcript.Plain(text, language.English)), text)
	}
}

func TestWithinAndTimes(t *testing.T) {
	t.Parallel()
	s := spoken("un été, là") // bytes 0–2, 3–8, 10–13
	for bytes, want := range map[[2]int][2]int{
		{0, 2}: {0, 1}, {3, 8}: {1, 2}, {1, 4}: {0, 2}, {8, 10}: {2, 2}, {0, 99}: {0, 3}, {7, 11}: {1, 3}, {-5, 0}: {0, 0}, {99, 100}: {3, 3},
	} {
		first, end := s.Within(bytes[0], bytes[1])
		assert.Equal(t, want, [2]int{first, end}, bytes)
	}
	from, to, ok := s.Times(1, 3)
	assert.True(t, ok)
	assert.Equal(t, []time.Duration{time.Second, 2800 * time.Millisecond}, []time.Duration{from, to})
	for _, r := range [][2]int{{1, 1}, {5, 9}, {-3, 0}, {2, 1}} {
		_, _, ok := s.Times(r[0], r[1])
		assert.False(t, ok, r)
	}
}

func TestFit(t *testing.T) {
	t.Parallel()
	s := spoken("one two three four")
	assert.Equal(t, s, s.Fit(time.Hour))
	starts := func(t transcript.Transcript) (out []time.Duration) {
		for _, w := range t.Words {
			out = append(out, w.Start.Round(10*time.Millisecond), w.End.Round(10*time.Millisecond))
		}
		return out
	}
	const ms = time.Millisecond
	assert.Equal(t, []time.Duration{0, 800 * ms, 1000 * ms, 1130 * ms, 1130 * ms, 1330 * ms, 1330 * ms, 1500 * ms}, starts(s.Fit(1500*ms)), "what begins after the end shares what is left")
	assert.Equal(t, make([]time.Duration, 8), starts(s.Fit(-1)))
	s.Words[1].Start, s.Words[1].End = 900*time.Second, 901*time.Second
	s.Words[3].Start, s.Words[3].End = 0, 0
	assert.Equal(t, []time.Duration{0, 800 * ms, 800 * ms, 2000 * ms, 2000 * ms, 2800 * ms, 2800 * ms, 3500 * ms}, starts(s.Fit(3500*ms)))
	bad := transcript.Transcript{Text: "x", Words: []transcript.Word{{From: -9, To: 1 << 40, Start: -5, End: -9}, {From: 7, To: 2}}}
	assert.NotPanics(t, func() { bad.Fit(time.Second) }, "what does not hold together stays a matter of Check")
	assert.Zero(t, transcript.Transcript{}.Fit(time.Second).Text)
}
