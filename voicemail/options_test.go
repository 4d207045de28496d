package voicemail_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/phone"
	"github.com/afterbeep/afterbeep/voicemail"
)

func TestEveryWrongOptionIsReported(t *testing.T) {
	m := voicemail.NewMemory()
	_, err := voicemail.New(nil, m, m, &voicemail.Options{
		Lease: time.Millisecond, Sync: time.Hour, Prompt: []string{"nobody"},
		Notifiers: map[string]voicemail.Notifier{"": nil},
		Limits:    voicemail.Limits{Captures: -1, Length: 5 * time.Hour, Frame: 1 << 30, Work: -1},
	})
	for _, want := range []string{"required", "lease", "sync", "prompt", "channel", "captures", "length", "frame", "work"} {
		require.ErrorContains(t, err, want)
	}
	_, err = voicemail.New(m, m, m, nil)
	require.NoError(t, err)
}

func TestSettingsThatCanNotBeMeant(t *testing.T) {
	f := newOffice(t, voicemail.NewMemory(), voicemail.Settings{}, voicemail.Options{})
	for _, set := range []voicemail.Settings{
		{MaxMessages: -1}, {MaxBytes: -1}, {MaxLength: -time.Second}, {Wait: -1}, {Announce: "soon"},
	} {
		require.Error(t, f.PutBox(t.Context(), phone.Actor{}, voicemail.Box{ID: f.box, Settings: set}))
	}
	for _, id := range []voicemail.BoxID{{}, {Mailbox: phone.MailboxID(strings.Repeat("x", 81))}, {Tenant: "\xff", Mailbox: "a"}} {
		require.Error(t, f.PutBox(t.Context(), phone.Actor{}, voicemail.Box{ID: id}))
	}
}

func TestIdsThatNoFileCanHave(t *testing.T) {
	for _, id := range []string{"", "UPPER", "a/b", "a.b", "-a", strings.Repeat("a", 49), "é"} {
		f := newOffice(t, voicemail.NewMemory(), voicemail.Settings{}, voicemail.Options{NewID: func(time.Time) string { return id }})
		_, err := f.Begin(t.Context(), f.request("k"))
		require.ErrorContains(t, err, "new id", id)
	}
}

func TestTheIdTellsItsInstant(t *testing.T) {
	f := newOffice(t, voicemail.NewMemory(), voicemail.Settings{}, voicemail.Options{})
	id := f.leave("k", 2*time.Second).Message
	ms := strings.ReplaceAll(id, "-", "")[:12]
	assert.Equal(t, "019efac9f500", ms, "UUIDv7 of 2026-06-24 18:00:00 UTC")
	assert.Equal(t, byte('7'), id[14])
}

func TestJSONIsForPeople(t *testing.T) {
	set := voicemail.Settings{
		MaxLength: 90 * time.Second, MinSpeech: -1, EndSilence: 1500 * time.Millisecond, Announce: voicemail.WithTranscript,
		Language: language.CanadianFrench,
	}
	data, err := json.Marshal(set)
	require.NoError(t, err)
	assert.JSONEq(t, `{"maxLength":"1m30s","minSpeech":"-1ns","endSilence":"1.5s","announce":"with-transcript","language":"fr-CA"}`, string(data))
	var back voicemail.Settings
	require.NoError(t, json.Unmarshal(data, &back))
	assert.Equal(t, set, back)
	require.Error(t, json.Unmarshal([]byte(`{"maxLength":"long"}`), &back))

	f := newOffice(t, voicemail.NewMemory(), voicemail.Settings{}, voicemail.Options{})
	r := f.leave("k", 2*time.Second)
	m := f.list(voicemail.Query{}).Messages[0]
	data, err = json.Marshal(m)
	require.NoError(t, err)
	assert.Contains(t, string(data), `"length":"2s"`)
	var message voicemail.Message
	require.NoError(t, json.Unmarshal(data, &message))
	assert.Equal(t, m, message)
	data, err = json.Marshal(r)
	require.NoError(t, err)
	var receipt voicemail.Receipt
	require.NoError(t, json.Unmarshal(data, &receipt))
	assert.Equal(t, r, receipt)
}

// The owner may seek as browsers do.
func TestARecordingCanBeSought(t *testing.T) {
	each(t, func(t *testing.T, s stores) {
		f := newOffice(t, s, voicemail.Settings{}, voicemail.Options{})
		id := f.leave("k", 2*time.Second).Message
		r, err := f.Open(t.Context(), phone.Actor{}, f.box, id)
		require.NoError(t, err)
		defer func() { require.NoError(t, r.Close()) }()
		end, err := r.Seek(0, 2)
		require.NoError(t, err)
		assert.Equal(t, f.list(voicemail.Query{}).Messages[0].Bytes, end)
		n, err := r.Read(make([]byte, 10))
		assert.Zero(t, n)
		require.ErrorContains(t, err, "EOF")
		_, err = r.Seek(-1, 0)
		require.Error(t, err)
		at, err := r.Seek(8, 0)
		require.NoError(t, err)
		assert.Equal(t, int64(8), at)
		buf := make([]byte, 4)
		_, err = r.Read(buf)
		require.NoError(t, err)
		assert.Equal(t, "WAVE", string(buf))
		at, err = r.Seek(-12, 1)
		require.NoError(t, err)
		assert.Zero(t, at)
		_, err = r.Read(buf)
		require.NoError(t, err)
		assert.Equal(t, "RIFF", string(buf))
	})
}

// A damaged recording is an error for that message only.
func TestADamagedRecording(t *testing.T) {
	m := voicemail.NewMemory()
	f := newOffice(t, m, voicemail.Settings{}, voicemail.Options{})
	bad, good := f.leave("a", 2*time.Second).Message, f.leave("b", 2*time.Second).Message
	for _, msg := range f.list(voicemail.Query{IDs: []string{bad}}).Messages {
		require.NoError(t, m.Delete(t.Context(), f.box.Tenant, msg.Blob))
		require.NoError(t, m.Put(t.Context(), f.box.Tenant, msg.Blob, strings.NewReader("RIFF"), 4))
	}
	r, err := f.Open(t.Context(), phone.Actor{}, f.box, bad)
	require.NoError(t, err)
	_, err = r.Read(make([]byte, 100))
	require.NoError(t, err)
	_, err = r.Read(make([]byte, 100))
	require.ErrorContains(t, err, "ends at 4")
	require.NoError(t, r.Close())
	assert.Equal(t, 2*time.Second, f.listen(good).Duration())
	assert.Len(t, f.list(voicemail.Query{}).Messages, 2)
}
