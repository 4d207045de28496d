package openaispeech

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/afterbeep/afterbeep/transcript"
)

const (
	maxRefusal = 64 << 10 // bytes that are read of an error's body
	maxCode    = 64
	maxWait    = 24 * time.Hour
)

// StatusError is an answer with a status other than 200. It is what a
// [*transcript.Error] wraps; find it with [errors.As].
type StatusError struct {
	Status int    // of HTTP
	Code   string // the server's word for it, such as "insufficient_quota"; may be empty
	// RetryAfter is the wait that the server asked for (RFC 9110, 10.2.3), at
	// most 24 hours. Zero: it asked for none.
	RetryAfter time.Duration
}

// Error names status and code.
func (e *StatusError) Error() string {
	text := "openaispeech: the server answered " + strconv.Itoa(e.Status)
	if e.Code != "" {
		text += " (" + e.Code + ")"
	}
	if e.RetryAfter > 0 {
		text += fmt.Sprintf(", try again in %v", e.RetryAfter)
	}
	return text
}

// refusal makes an error of an answer that is not 200.
func refusal(answer *http.Response) error {
	// A body that breaks off costs only the code.
	data, _ := io.ReadAll(io.LimitReader(answer.Body, maxRefusal))
	cause := &StatusError{Status: answer.StatusCode, Code: code(data), RetryAfter: wait(answer.Header)}
	return &transcript.Error{Kind: kind(cause), Err: cause}
}

func kind(e *StatusError) transcript.ErrorKind {
	switch e.Status {
	case http.StatusPaymentRequired:
		return transcript.Quota
	case http.StatusTooManyRequests:
		if strings.Contains(e.Code, "quota") || strings.Contains(e.Code, "billing") {
			return transcript.Quota
		}
		return transcript.Retry
	case http.StatusRequestTimeout, http.StatusConflict, http.StatusTooEarly:
		return transcript.Retry
	case http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity:
		return transcript.Unsupported
	}
	if e.Status >= 500 {
		return transcript.Retry
	}
	return transcript.Permanent
}

// code is the machine's word in {"error":{"code":…,"type":…}}. Anything that
// does not look like one, of small letters, is left out: it may be text or a key.
func code(data []byte) string {
	var body struct {
		Error struct {
			Code, Type any
		}
	}
	// Other shapes, {"error":"…"} and {"detail":[…]}, have no code.
	_ = json.Unmarshal(data, &body)
	for _, v := range []any{body.Error.Code, body.Error.Type} {
		if word, ok := v.(string); ok && word != "" && len(word) <= maxCode && strings.Trim(word, "abcdefghijklmnopqrstuvwxyz_") == "" {
			return word
		}
	}
	return ""
}

// wait reads Retry-After. A date counts from the Date of the answer, so that no
// clock of ours has to be right.
func wait(header http.Header) time.Duration {
	text := header.Get("Retry-After")
	if seconds, err := strconv.ParseInt(text, 10, 64); err == nil {
		return time.Duration(min(max(seconds, 0), int64(maxWait/time.Second))) * time.Second
	}
	until, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	now, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		return 0
	}
	return min(max(until.Sub(now), 0), maxWait)
}
