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
	s := spoken("Élodie called about the café, elodie!")
	assert.Equal(t, [][2]int{{0, 1}, {5, 6}}, s.Search("elodie"))
	assert.Equal(t, [][2]int{{3, 5}}, s.Search("the CAFE"))
	assert.Empty(t, s.Search("fé"))
	assert.Empty(t, s.Search(" "))
}
