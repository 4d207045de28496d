package transcript_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/transcript"
)

func newFilter(t testing.TB, locale string, o *transcript.FilterOptions) *transcript.Filter {
	t.Helper()
	f, err := transcript.NewFilter(language.MustParse(locale), o)
	require.NoError(t, err)
	return f
}

func TestModes(t *testing.T) {
	t.Parallel()
	for mode, want := range map[transcript.Mode]string{
		"":                "les ****** de ***** là",
		transcript.Mask:   "les ****** de ***** là",
		transcript.First:  "les e***** de m**** là",
		transcript.Vowels: "les *nc*l* de m*rd* là",
		transcript.Fixed:  "les **** de **** là",
		transcript.Remove: "les de là",
		transcript.Tag:    "les enculé de merde là",
	} {
		assert.Equal(t, want, newFilter(t, "fr", &transcript.FilterOptions{Mode: mode}).Text("les enculé de merde là"), mode)
	}
	assert.Equal(t, " ", newFilter(t, "en", &transcript.FilterOptions{Mode: transcript.Remove}).Text("fuck  shit"))
}

func TestSpansTell(t *testing.T) {
	t.Parallel()
	f := newFilter(t, "fr-CA", &transcript.FilterOptions{Mode: transcript.Tag, Least: transcript.Mild})
	assert.Equal(t, []transcript.Span{
		{From: 2, To: 8, Severity: transcript.Medium, Category: "sacre", Lemma: "hostie"},
		{From: 12, To: 20, Severity: transcript.Strong, Category: "sacre", Lemma: "tabarnak"},
		{From: 22, To: 34, Severity: transcript.Mild, Category: "euphemism", Lemma: "tabarnouche"},
	}, f.AppendSpans(nil, "l'hostie de tabarnak, tabarnouette!"))
}

func TestFallback(t *testing.T) {
	t.Parallel()
	for locale, profane := range map[string]string{
		"en-GB": "wanker", "en-CA": "asshole", "fr-BE": "connard", "fr-CA": "connard", "es-MX": "chingada", "es-419": "mierda", "fr-FR": "putain",
	} {
		assert.NotContains(t, newFilter(t, locale, nil).Text("ah "+profane+" oui"), profane, locale)
	}
	assert.Equal(t, "tabarnak", newFilter(t, "fr", nil).Text("tabarnak"), "not a word of France")
	_, err := transcript.NewFilter(language.Japanese, nil)
	require.ErrorIs(t, err, transcript.ErrNoLexicon)
	f := newFilter(t, "ja", &transcript.FilterOptions{Words: []transcript.Term{{Text: "くそ"}}})
	assert.Equal(t, "**、お電話ください", f.Text("くそ、お電話ください"))
}

func TestHostTerms(t *testing.T) {
	t.Parallel()
	f := newFilter(t, "en", &transcript.FilterOptions{
		Words: []transcript.Term{{Text: "Acme Rival"}, {Text: "zork", Severity: transcript.Mild}, {Text: "Grommet", Exact: true, Category: "brand"}, {Text: "fini", Language: language.French}},
		Allow: []transcript.Term{{Text: "Bitch Creek"}, {Text: "wanker", Language: language.English}, {Text: "dildo"}},
	})
	for in, want := range map[string]string{
		"call acme rival today":       "call **** ***** today",
		"two acme rivals":             "two **** ******",
		"zork":                        "zork", // too mild
		"a grommet or two grommets":   "a ******* or two grommets",
		"c'est fini":                  "c'est fini",
		"we met at bitch creek bitch": "we met at bitch creek *****",
		"mr wanker":                   "mr wanker",
		"dildo and dildos":            "dildo and dildos",
		"shit":                        "****",
	} {
		assert.Equal(t, want, f.Text(in))
	}
	fr := newFilter(t, "fr-CA", &transcript.FilterOptions{Words: []transcript.Term{{Text: "Vidéotron"}}, Allow: []transcript.Term{{Text: "câlisse"}}})
	assert.Equal(t, "********* et ********* câlisse ******", fr.Text("videotron et Vidéotron câlisse crisse"))
	for name, o := range map[string]transcript.FilterOptions{
		"mode":      {Mode: "loud"},
		"severity":  {Least: 4},
		"empty":     {Words: []transcript.Term{{Text: " - "}}},
		"long":      {Words: []transcript.Term{{Text: strings.Repeat("a", 101)}}},
		"too many":  {Allow: make([]transcript.Term, transcript.MaxTerms+1)},
		"languages": {Also: make([]language.Tag, transcript.MaxLanguages+1)},
	} {
		_, err := transcript.NewFilter(language.English, &o)
		require.ErrorIs(t, err, transcript.ErrOptions, name)
	}
}

func TestSegmentsByLanguage(t *testing.T) {
	t.Parallel()
	f := newFilter(t, "fr-CA", &transcript.FilterOptions{Also: []language.Tag{language.English}})
	text := "une bite ici the mosquito bite hurts bullshit"
	s := transcript.Plain(text, language.CanadianFrench)
	s.Segments = []transcript.Segment{{From: 0, To: 3}, {From: 3, To: len(s.Words), Language: language.English}}
	require.NoError(t, s.Check())
	got := f.Transcript(s)
	assert.Equal(t, "une **** ici the mosquito bite hurts ********", got.Text)
	require.NoError(t, got.Check())
	assert.Equal(t, s.Segments, got.Segments)
	assert.Equal(t, "crisse and ****", newFilter(t, "en", nil).Text("crisse and shit"))
	assert.Equal(t, "****** and ****", f.Text("crisse and shit"), "bare text: in any of them")
}

func TestTimedWords(t *testing.T) {
	t.Parallel()
	in := transcript.Transcript{Text: "c'est un trou du cul, ok", Words: []transcript.Word{
		{From: 0, To: 5, Start: 0, End: time.Second},
		{From: 6, To: 8, Start: time.Second, End: 2 * time.Second},
		{From: 9, To: 13, Start: 2 * time.Second, End: 3 * time.Second},
		{From: 14, To: 16, Start: 3 * time.Second, End: 4 * time.Second},
		{From: 17, To: 20, Start: 4 * time.Second, End: 5 * time.Second},
		{From: 22, To: 24, Start: 5 * time.Second, End: 6 * time.Second},
	}}
	before := in.Text
	out := newFilter(t, "fr", &transcript.FilterOptions{Mode: transcript.Remove}).Transcript(in)
	require.NoError(t, out.Check())
	require.Len(t, out.Words, 6)
	assert.Equal(t, in.Words[4].Start, out.Words[4].Start, "the time stays as a gap")
	assert.Empty(t, out.Word(4))
	assert.Equal(t, "ok", out.Word(5))
	assert.Equal(t, before, in.Text)
	// An engine that cuts words into pieces: no piece gives the word away.
	pieces := transcript.Transcript{Text: "merdique oui", Words: []transcript.Word{{From: 0, To: 4}, {From: 4, To: 8}, {From: 9, To: 12}}}
	got := newFilter(t, "fr", &transcript.FilterOptions{Mode: transcript.Fixed}).Transcript(pieces)
	require.NoError(t, got.Check())
	assert.Equal(t, "**** oui", got.Text)
	assert.Equal(t, "oui", got.Word(2))
}

func TestAlreadyMasked(t *testing.T) {
	t.Parallel()
	f := newFilter(t, "en", nil)
	for _, text := range []string{"oh f*** off", "what the ****", "that is bull****", "you a**hole", "sh*t happens", "f**k", "****ing hell", "b***h", "s***'s broken", "*** that", "oh <profanity> no", "[bleep] you", "[ __ ] you", "a [expletive] mess", "you motherf*****"} {
		spans := f.AppendSpans(nil, text)
		require.NotEmpty(t, spans, text)
		assert.Equal(t, "masked", spans[0].Category, text)
		assert.Equal(t, text, f.Text(text), "left as it is")
	}
	assert.Equal(t, "oh <profanity>*****</profanity> no", f.Text("oh <profanity>blimy</profanity> no"))
	for _, text := range []string{"press *69", "dial *67 first", "then press * or #", "**21*5550145#", "5 * 3", "a*b", "**important** note", "*note", "##", "5***** hotel", "2*2*2", "#1 in town", "<b>bold</b>", "[music]", "tell ** him", "the code went to ***-***-5521", "card ****.****.****.1234", "***/**/1987"} {
		assert.Empty(t, f.AppendSpans(nil, text), text)
		assert.Equal(t, text, f.Text(text))
	}
	assert.Equal(t, "***********", f.Text("**fucking**"), "emphasis hides nothing")
}

func TestCleanTextCostsNothing(t *testing.T) {
	f := newFilter(t, "fr-CA", nil)
	clean := text(voicemailQuebec, 4<<10)
	var spans []transcript.Span
	assert.Zero(t, testing.AllocsPerRun(20, func() { spans = f.AppendSpans(spans[:0], clean) }))
	assert.Zero(t, testing.AllocsPerRun(20, func() { _ = f.Text(clean) }))
	profane := salt(clean, "câlisse")
	spans = f.AppendSpans(spans[:0], profane)
	assert.Zero(t, testing.AllocsPerRun(20, func() { spans = f.AppendSpans(spans[:0], profane) }))
}

func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	f := newFilter(t, "en", nil)
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for range 200 {
				assert.Equal(t, "**** this ****", f.Text("fuck this shit"))
			}
		})
	}
	wait.Wait()
}

func TestResident(t *testing.T) {
	for _, locale := range []string{"en", "fr", "fr-CA", "es"} {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		f := newFilter(t, locale, nil)
		runtime.GC()
		runtime.ReadMemStats(&after)
		size := int64(after.HeapAlloc) - int64(before.HeapAlloc)
		t.Logf("%s: %d KiB", locale, size>>10)
		assert.Less(t, size, int64(2<<20), locale)
		runtime.KeepAlive(f)
	}
}

// TestFaultsOfPeers: what was found broken elsewhere.
func TestFaultsOfPeers(t *testing.T) {
	t.Parallel()
	en, fr, es := newFilter(t, "en", nil), newFilter(t, "fr", nil), newFilter(t, "es", nil)
	for name, c := range map[string]struct {
		f        *transcript.Filter
		in, want string
	}{
		"a ligature before the word panics":    {en, "ﷺ shit", "ﷺ ****"},
		"fractions before the word hide it":    {en, "½ fuck ¾", "½ **** ¾"},
		"a typesetter's ligature hides it":     {en, "ﬁne shit", "ﬁne ****"},
		"a decomposed accent moves the mask":   {en, "cafe\u0301 shit", "cafe\u0301 ****"},
		"two of them move it twice":            {en, "e\u0301le\u0300ve shit now", "e\u0301le\u0300ve **** now"},
		"an invalid byte is replaced":          {en, "\xff fuck", "\xff ****"},
		"detection and masking disagree":       {en, "a shitty assembly of asses", "a ****** assembly of *****"},
		"a word with punctuation is not found": {en, "oh shit! sorry", "oh ****! sorry"},
		"case, accents and commas are lost":    {en, "Émile's café: Hello, World!", "Émile's café: Hello, World!"},
		"4 is an a and 5 is an s":              {en, "call 455 555 0145", "call 455 555 0145"},
		"numbers":                              {en, "45 45 and 96 96 and 4050035", "45 45 and 96 96 and 4050035"},
		"culo in vehículo":                     {es, "conozco el vehículo", "conozco el vehículo"},
		"retard means late":                    {fr, "il habite en retard", "il habite en retard"},
		"a border inside assécher":             {fr, "faire assécher la salle", "faire assécher la salle"},
		"an emoji moves the mask":              {en, "🤣bummer 🤣 fuck", "🤣bummer 🤣 ****"},
		"words run together":                   {en, "hot water has stephanie saturday systems exist", "hot water has stephanie saturday systems exist"},
		"the space is swallowed":               {en, "is this shit", "is this ****"},
		"Scunthorpe":                           {en, "scunthorpe therapeutic button assault assessment", "scunthorpe therapeutic button assault assessment"},
		"Cyrillic panics":                      {en, "Привет fuck", "Привет ****"},
		"the same harmless word twice panics":  {en, "documentdocument", "documentdocument"},
		"bare fu":                              {en, "fu manchu and kung-fu", "fu manchu and kung-fu"},
		"names that hold a word":               {en, "harshit and akshita and dick van dyke", "harshit and akshita and dick van dyke"},
		"am is Turkish":                        {en, "who i am here", "who i am here"},
		"over the border of words":             {en, "miss you but it's", "miss you but it's"},
		"gueule du tigre":                      {fr, "la gueule du tigre", "la gueule du tigre"},
		"Spanish by translation":               {es, "el coche negro va recto", "el coche negro va recto"},
		"everyday French":                      {fr, "une bonne grosse veuve veut bosser", "une bonne grosse veuve veut bosser"},
		"accented words are not found":         {fr, "bâtard enculé pédé", "****** ****** ****"},
		"and in capitals, and decomposed":      {fr, "ENCULE\u0301 BÂTARD", "****** ******"},
		"Fanny":                                {en, "Fanny is here", "Fanny is here"},
	} {
		assert.Equal(t, c.want, c.f.Text(c.in), name)
		for cut := 1; cut < 8; cut += 3 {
			assert.Equal(t, c.want, stream(t, c.f, c.in, cut), "%s: as a stream", name)
		}
	}
}

// TestStreamLosesNothing: a peer drops what was not ended by a line, and keeps
// the caller's slice.
func TestStreamLosesNothing(t *testing.T) {
	t.Parallel()
	f := newFilter(t, "en", nil)
	var out strings.Builder
	w := f.Writer(&out)
	buf := []byte("hello ")
	for _, part := range []string{"hello ", "dear ", "world\n"} {
		n, err := w.Write(append(buf[:0], part...))
		require.NoError(t, err)
		assert.Equal(t, len(part), n)
	}
	require.NoError(t, w.Close())
	assert.Equal(t, "hello dear world\n", out.String())
	_, err := w.Write([]byte("x"))
	require.Error(t, err)
	require.NoError(t, w.Close())
}

// TestStreamIsPrompt: words come out when they are certain, not at the end.
func TestStreamIsPrompt(t *testing.T) {
	t.Parallel()
	f := newFilter(t, "en", nil)
	var out strings.Builder
	w := f.Writer(&out)
	_, err := w.Write([]byte("oh shit. that is " + strings.Repeat("very ", 30)))
	require.NoError(t, err)
	assert.True(t, strings.HasPrefix(out.String(), "oh ****. that is very very"), out.String())
	require.NoError(t, w.Close())
}

// TestProse holds that a book gives no false alarm.
func TestProse(t *testing.T) {
	t.Parallel()
	root, err := exec.Command("go", "env", "GOROOT").Output()
	require.NoError(t, err)
	data, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "src", "testdata", "Isaac.Newton-Opticks.txt"))
	if err != nil {
		t.Skip("no GOROOT with its test data")
	}
	f := newFilter(t, "en", nil)
	for _, s := range f.AppendSpans(nil, string(data)) {
		t.Errorf("%q: %+v", data[max(0, s.From-40):min(len(data), s.To+40)], s)
	}
}
