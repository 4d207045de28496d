package openaispeech_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/afterbeep/afterbeep/adapters/openaispeech"
	"github.com/afterbeep/afterbeep/transcript"
)

func TestStatuses(t *testing.T) {
	openAI := func(kind, code string) string {
		return fmt.Sprintf(`{"error":{"message":"Incorrect key %s: said secret words","type":%q,"param":null,"code":%q}}`, key, kind, code)
	}
	for name, c := range map[string]struct {
		status int
		body   string
		header []string
		kind   transcript.ErrorKind
		want   openaispeech.StatusError
	}{
		"quota":              {429, openAI("insufficient_quota", "insufficient_quota"), nil, transcript.Quota, openaispeech.StatusError{Code: "insufficient_quota"}},
		"quota by type":      {429, `{"error":{"type":"insufficient_quota","code":null}}`, nil, transcript.Quota, openaispeech.StatusError{Code: "insufficient_quota"}},
		"billing":            {429, openAI("x", "billing_hard_limit_reached"), nil, transcript.Quota, openaispeech.StatusError{Code: "billing_hard_limit_reached"}},
		"payment":            {402, ``, nil, transcript.Quota, openaispeech.StatusError{}},
		"too fast":           {429, openAI("requests", "rate_limit_exceeded"), []string{"Retry-After", "20"}, transcript.Retry, openaispeech.StatusError{Code: "rate_limit_exceeded", RetryAfter: 20 * time.Second}},
		"until a date":       {503, ``, []string{"Date", "Mon, 02 Jan 2006 15:04:05 GMT", "Retry-After", "Mon, 02 Jan 2006 15:06:05 GMT"}, transcript.Retry, openaispeech.StatusError{RetryAfter: 2 * time.Minute}},
		"a date gone by":     {503, ``, []string{"Date", "Mon, 02 Jan 2006 15:04:05 GMT", "Retry-After", "Mon, 02 Jan 2006 15:00:05 GMT"}, transcript.Retry, openaispeech.StatusError{}},
		"a year":             {503, ``, []string{"Retry-After", "31536000"}, transcript.Retry, openaispeech.StatusError{RetryAfter: 24 * time.Hour}},
		"a negative wait":    {503, ``, []string{"Retry-After", "-5"}, transcript.Retry, openaispeech.StatusError{}},
		"a wait of words":    {503, ``, []string{"Retry-After", "soon"}, transcript.Retry, openaispeech.StatusError{}},
		"server error":       {500, `{"error":"failed to process audio"}`, nil, transcript.Retry, openaispeech.StatusError{}},
		"bad gateway":        {502, `<html>`, nil, transcript.Retry, openaispeech.StatusError{}},
		"time-out":           {408, ``, nil, transcript.Retry, openaispeech.StatusError{}},
		"bad audio":          {400, openAI("invalid_request_error", "audio_too_short"), nil, transcript.Unsupported, openaispeech.StatusError{Code: "audio_too_short"}},
		"too large":          {413, `{}`, nil, transcript.Unsupported, openaispeech.StatusError{}},
		"other format":       {415, `{}`, nil, transcript.Unsupported, openaispeech.StatusError{}},
		"FastAPI":            {422, `{"detail":[{"loc":["body","file"],"msg":"secret"}]}`, nil, transcript.Unsupported, openaispeech.StatusError{}},
		"wrong key":          {401, openAI("invalid_request_error", key), nil, transcript.Permanent, openaispeech.StatusError{Code: "invalid_request_error"}},
		"forbidden":          {403, ``, nil, transcript.Permanent, openaispeech.StatusError{}},
		"no such page":       {404, `{"error":{"code":"model_not_found"}}`, nil, transcript.Permanent, openaispeech.StatusError{Code: "model_not_found"}},
		"nothing to see":     {204, ``, nil, transcript.Permanent, openaispeech.StatusError{}},
		"a code of text":     {500, `{"error":{"code":"what somebody said"}}`, nil, transcript.Retry, openaispeech.StatusError{}},
		"a code of a number": {500, `{"error":{"code":500}}`, nil, transcript.Retry, openaispeech.StatusError{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := server(t, saying(c.status, c.body, c.header...))
			_, err := newRecognizer(t, s.URL, openaispeech.Options{APIKey: key}).Recognize(t.Context(), tone(8000, time.Second), transcript.Hints{})
			refused(t, err, c.kind)
			var status *openaispeech.StatusError
			require.ErrorAs(t, err, &status)
			c.want.Status = c.status
			assert.Equal(t, c.want, *status)
			for _, hidden := range []string{key, "secret", "somebody"} {
				assert.NotContains(t, err.Error(), hidden)
			}
			assert.Contains(t, err.Error(), fmt.Sprint(c.status))
		})
	}
}

func TestFaults(t *testing.T) {
	for name, c := range map[string]struct {
		handle http.HandlerFunc
		kind   transcript.ErrorKind
		err    error
	}{
		"a body cut off": {func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, `{"text":"secret`)
		}, transcript.Retry, io.ErrUnexpectedEOF},
		"a connection cut off": {func(http.ResponseWriter, *http.Request) {
			panic(http.ErrAbortHandler)
		}, transcript.Retry, nil},
		"a page instead": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = io.WriteString(w, `<html>log in to the secret network`)
		}, transcript.Retry, openaispeech.ErrAnswer},
		"an endless refusal": {func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusInternalServerError)
			for r.Context().Err() == nil {
				if _, err := w.Write(bytes.Repeat([]byte(" "), 4096)); err != nil {
					return
				}
			}
		}, transcript.Retry, nil},
		"JSON that says that it is a page": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			_, _ = io.WriteString(w, `{"text":"secret"}`)
		}, transcript.Retry, openaispeech.ErrAnswer},
		"JSON of something else": {saying(200, `{"status":"secret"}`), transcript.Retry, openaispeech.ErrAnswer},
		"an answer too large":    {saying(200, `{"text":"`+strings.Repeat("a", 2000)+`"}`), transcript.Permanent, transcript.ErrTooLong},
		"an endless answer": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			for r.Context().Err() == nil {
				if _, err := w.Write(bytes.Repeat([]byte(" "), 4096)); err != nil {
					return
				}
			}
		}, transcript.Permanent, transcript.ErrTooLong},
		"a redirection that changes the request": {func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodGet {
				saying(200, `{"text":"of another request"}`)(w, r)
				return
			}
			http.Redirect(w, r, "/elsewhere", http.StatusFound)
		}, transcript.Permanent, nil},
		"a redirection in a ring": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, r.URL.Path, http.StatusTemporaryRedirect)
		}, transcript.Permanent, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := server(t, c.handle)
			_, err := newRecognizer(t, s.URL, openaispeech.Options{MaxBytes: 1000, APIKey: key}).Recognize(t.Context(), tone(8000, time.Second), transcript.Hints{})
			refused(t, err, c.kind)
			if c.err != nil {
				require.ErrorIs(t, err, c.err)
			}
			assert.NotContains(t, err.Error(), "secret")
			assert.NotContains(t, err.Error(), key)
		})
	}
}

func TestNobodyAnswers(t *testing.T) {
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := listener.Addr().String()
	require.NoError(t, listener.Close())
	_, err = newRecognizer(t, "http://"+address, openaispeech.Options{}).Recognize(t.Context(), tone(8000, time.Second), transcript.Hints{})
	refused(t, err, transcript.Retry)
	_, ok := errors.AsType[*net.OpError](err)
	assert.True(t, ok, "%v", err)
}

// The audio and the key go to the host that was named, and to no other.
func TestRedirections(t *testing.T) {
	var mutex sync.Mutex
	var visits []string
	visit := func(name string, next http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			mutex.Lock()
			defer mutex.Unlock()
			visits = append(visits, name)
			next(w, r)
		}
	}
	other := server(t, visit("other", saying(200, `{"text":"stolen"}`)))
	away := server(t, visit("away", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL+"/?token=secret", http.StatusTemporaryRedirect)
	}))
	_, err := newRecognizer(t, away.URL, openaispeech.Options{}).Recognize(t.Context(), tone(8000, time.Second), transcript.Hints{})
	refused(t, err, transcript.Permanent)
	assert.NotContains(t, err.Error(), "secret")

	within := server(t, visit("within", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/moved" {
			assert.Len(t, hear(t, r).clip.Samples, 8000)
			saying(200, `{"text":"found"}`)(w, r)
			return
		}
		_, _ = io.Copy(io.Discard, r.Body)
		http.Redirect(w, r, "/moved", http.StatusPermanentRedirect)
	}))
	got, err := newRecognizer(t, within.URL, openaispeech.Options{}).Recognize(t.Context(), tone(8000, time.Second), transcript.Hints{})
	require.NoError(t, err)
	assert.Equal(t, "found", got.Text)

	mutex.Lock()
	defer mutex.Unlock()
	assert.Equal(t, []string{"away", "within", "within"}, visits)
}

// A server that never answers is left when the context ends or time is up.
func TestPatienceEnds(t *testing.T) {
	arrived, over := make(chan struct{}, 2), make(chan struct{})
	s := server(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"text":`)
		_ = http.NewResponseController(w).Flush()
		arrived <- struct{}{}
		<-over
	})
	t.Cleanup(func() { close(over) }) // before the server waits for its handlers

	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-arrived
		cancel()
	}()
	_, err := newRecognizer(t, s.URL, openaispeech.Options{}).Recognize(ctx, tone(8000, time.Second), transcript.Hints{})
	refused(t, err, transcript.Retry)
	require.ErrorIs(t, err, context.Canceled)

	_, err = newRecognizer(t, s.URL, openaispeech.Options{Timeout: 50 * time.Millisecond}).Recognize(t.Context(), tone(8000, time.Second), transcript.Hints{})
	refused(t, err, transcript.Retry)
	require.ErrorIs(t, err, context.DeadlineExceeded)
}

// clientFunc is a host's own transport.
type clientFunc func(*http.Request) (*http.Response, error)

func (f clientFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// Whatever a transport calls the end of a context, the caller finds it.
func TestTheClientIsTheHosts(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	client := &http.Client{Transport: clientFunc(func(*http.Request) (*http.Response, error) {
		cancel()
		return nil, errors.New("stream closed")
	})}
	r := newRecognizer(t, "http://speech.example.com", openaispeech.Options{Client: client})
	_, err := r.Recognize(ctx, tone(8000, time.Second), transcript.Hints{})
	refused(t, err, transcript.Retry)
	require.ErrorIs(t, err, context.Canceled)
}
