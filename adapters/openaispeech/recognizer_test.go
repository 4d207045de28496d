package openaispeech_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/adapters/openaispeech"
	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/transcript"
)

const key = "key-0123456789"

// server answers every call with handle and ends with the test.
func server(t testing.TB, handle http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(handle)
	t.Cleanup(s.Close)
	return s
}

// saying answers with a status and a JSON body.
func saying(status int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func newRecognizer(t testing.TB, base string, o openaispeech.Options) *openaispeech.Recognizer {
	t.Helper()
	r, err := openaispeech.New(base, &o)
	require.NoError(t, err)
	return r
}

func refused(t testing.TB, err error, kind transcript.ErrorKind) {
	t.Helper()
	var refusal *transcript.Error
	require.ErrorAs(t, err, &refusal)
	require.Equal(t, kind, refusal.Kind, "%v", err)
}

func tone(rate int, d time.Duration) pcm.Clip { return pcm.Tone(rate, d, 440) }

// asked is what a server was asked.
type asked struct {
	path, authorization string
	length              int64
	header              http.Header
	fields              map[string][]string
	fileName, fileType  string
	clip                pcm.Clip
}

// hear reads a request as a server does.
func hear(t testing.TB, r *http.Request) asked {
	a := asked{path: r.URL.Path, authorization: r.Header.Get("Authorization"), length: r.ContentLength, header: r.Header}
	assert.Equal(t, http.MethodPost, r.Method)
	body, err := io.ReadAll(r.Body)
	assert.NoError(t, err)
	assert.Len(t, body, int(r.ContentLength))
	_, boundary, _ := strings.Cut(r.Header.Get("Content-Type"), "boundary=")
	form, err := multipart.NewReader(bytes.NewReader(body), boundary).ReadForm(64 << 20)
	if !assert.NoError(t, err) {
		return a
	}
	a.fields = form.Value
	file := form.File["file"][0]
	a.fileName, a.fileType = file.Filename, file.Header.Get("Content-Type")
	sound, err := file.Open()
	assert.NoError(t, err)
	a.clip, err = pcm.ReadWAV(sound, time.Hour)
	assert.NoError(t, err)
	return a
}

func TestWhatIsSent(t *testing.T) {
	clip := tone(8000, 1500*time.Millisecond)
	hints := transcript.Hints{
		Languages:  []language.Tag{language.CanadianFrench, language.French},
		Vocabulary: []string{"Zoé Tremblay", " ", "Chicou\x00timi\r\n", strings.Repeat("x", 600), "after"},
		Tenant:     "tenant", Mailbox: "mailbox",
	}
	for name, c := range map[string]struct {
		path   string
		o      openaispeech.Options
		hints  transcript.Hints
		want   string
		fields map[string][]string
		clip   pcm.Clip
	}{
		"everything": {
			"",
			openaispeech.Options{APIKey: key},
			hints, "/v1/audio/transcriptions",
			map[string][]string{
				"model": {"whisper-1"}, "temperature": {"0"}, "response_format": {"verbose_json"},
				"timestamp_granularities[]": {"word", "segment"}, "language": {"fr"}, "prompt": {"Zoé Tremblay, Chicou timi"},
			},
			clip,
		},
		"no hints, a model without times, another path and rate": {
			"/asr/v2/",
			openaispeech.Options{Model: "gpt-4o-transcribe", Plain: true, Rate: 16000},
			transcript.Hints{Languages: []language.Tag{language.French, language.English}},
			"/asr/v2/audio/transcriptions",
			map[string][]string{"model": {"gpt-4o-transcribe"}, "temperature": {"0"}, "response_format": {"json"}},
			clip.Resample(16000),
		},
	} {
		t.Run(name, func(t *testing.T) {
			var got asked
			s := server(t, func(w http.ResponseWriter, r *http.Request) {
				got = hear(t, r)
				saying(200, `{"text":"oui"}`)(w, r)
			})
			answer, err := newRecognizer(t, s.URL+c.path, c.o).Recognize(t.Context(), clip, c.hints)
			require.NoError(t, err)
			assert.Equal(t, "oui", answer.Text)
			assert.Equal(t, c.want, got.path)
			assert.Equal(t, c.fields, got.fields)
			assert.Equal(t, c.clip, got.clip)
			assert.Equal(t, "audio.wav", got.fileName)
			assert.Equal(t, "audio/wav", got.fileType)
			assert.Empty(t, got.header.Get("Idempotency-Key"))
			if c.o.APIKey == "" {
				assert.Empty(t, got.authorization)
			} else {
				assert.Equal(t, "Bearer "+key, got.authorization)
			}
		})
	}
}

// Each server in its own manner: the same message, with times.
func TestServers(t *testing.T) {
	for file, want := range map[string]struct {
		text  string
		tag   language.Tag
		word  int
		start time.Duration
	}{
		"openai":         {"Hi, it's Dana from the clinic. Call me at 555-0182 before five o'clock — thanks!", language.English, 9, 2900 * time.Millisecond},
		"whisper-cpp":    {"Salut, c'est les gros\n haltères de l'été.", language.CanadianFrench, 0, 100 * time.Millisecond},
		"faster-whisper": {"¿Dónde está? Llámame.", language.Spanish, 2, 1500 * time.Millisecond},
	} {
		t.Run(file, func(t *testing.T) {
			body, err := os.ReadFile("testdata/" + file + ".json")
			require.NoError(t, err)
			s := server(t, saying(200, string(body)))
			got, err := newRecognizer(t, s.URL, openaispeech.Options{}).Recognize(t.Context(), tone(16000, 7*time.Second),
				transcript.Hints{Languages: []language.Tag{language.English, language.CanadianFrench}})
			require.NoError(t, err)
			require.NoError(t, got.Check())
			assert.Equal(t, want.text, got.Text)
			assert.Equal(t, want.tag, got.Language)
			assert.Equal(t, want.start, got.Words[want.word].Start)
		})
	}
}

func TestNotSent(t *testing.T) {
	s := server(t, func(http.ResponseWriter, *http.Request) { t.Error("asked") })
	r := newRecognizer(t, s.URL, openaispeech.Options{MaxUpload: 44 + 16000, Rate: 16000})

	got, err := r.Recognize(t.Context(), tone(8000, 99*time.Millisecond), transcript.Hints{})
	require.NoError(t, err)
	assert.Zero(t, got)

	_, err = r.Recognize(t.Context(), tone(8000, 501*time.Millisecond), transcript.Hints{})
	refused(t, err, transcript.Unsupported)

	_, err = r.Recognize(t.Context(), pcm.Clip{Samples: make([]int16, 9000)}, transcript.Hints{})
	refused(t, err, transcript.Unsupported)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = r.Recognize(ctx, tone(8000, time.Second), transcript.Hints{})
	refused(t, err, transcript.Retry)
	require.ErrorIs(t, err, context.Canceled)
}

func TestTheLimitOfUploadsIsTheFile(t *testing.T) {
	s := server(t, saying(200, `{"text":"ok"}`))
	r := newRecognizer(t, s.URL, openaispeech.Options{MaxUpload: 44 + 16000, Rate: 16000})
	_, err := r.Recognize(t.Context(), tone(8000, 500*time.Millisecond), transcript.Hints{})
	require.NoError(t, err)
}

func TestConcurrentCallsDoNotMix(t *testing.T) {
	s := server(t, func(w http.ResponseWriter, r *http.Request) {
		samples := len(hear(t, r).clip.Samples)
		saying(200, fmt.Sprintf(`{"text":"%d"}`, samples))(w, r)
	})
	r := newRecognizer(t, s.URL, openaispeech.Options{})
	var group sync.WaitGroup
	for i := range 16 {
		group.Go(func() {
			got, err := r.Recognize(t.Context(), pcm.Clip{Rate: 8000, Samples: make([]int16, 8000+i)}, transcript.Hints{})
			assert.NoError(t, err)
			assert.Equal(t, fmt.Sprint(8000+i), got.Text)
		})
	}
	group.Wait()
}

func TestNewRefuses(t *testing.T) {
	good := "https://speech.example.com"
	for name, c := range map[string]struct {
		base string
		o    openaispeech.Options
	}{
		"no base":             {"", openaispeech.Options{}},
		"no scheme":           {"speech.example.com", openaispeech.Options{}},
		"another scheme":      {"file:///etc/passwd", openaispeech.Options{}},
		"no host":             {"http:///v1", openaispeech.Options{}},
		"a user":              {"https://a:b@speech.example.com", openaispeech.Options{}},
		"a query":             {good + "?key=x", openaispeech.Options{}},
		"a control character": {good + "/\n", openaispeech.Options{}},
		"a key of two lines":  {good, openaispeech.Options{APIKey: "a\r\nX: y"}},
		"a model of control":  {good, openaispeech.Options{Model: "a\n"}},
		"a long model":        {good, openaispeech.Options{Model: strings.Repeat("a", 257)}},
		"a rate":              {good, openaispeech.Options{Rate: 7999}},
		"a time-out":          {good, openaispeech.Options{Timeout: -1}},
		"bytes":               {good, openaispeech.Options{MaxBytes: -1}},
		"too many bytes":      {good, openaispeech.Options{MaxBytes: transcript.MaxImport + 1}},
		"upload":              {good, openaispeech.Options{MaxUpload: -1}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := openaispeech.New(c.base, &c.o)
			require.ErrorIs(t, err, openaispeech.ErrOption)
			assert.NotContains(t, err.Error(), "key=x")
		})
	}
	r, err := openaispeech.New(good, &openaispeech.Options{APIKey: key})
	require.NoError(t, err)
	assert.NotContains(t, fmt.Sprintf("%v %+v %#v", r, r, *r), key)
	_, err = openaispeech.New(good, nil)
	require.NoError(t, err)
}
