package voicemail_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/phone"
	"github.com/afterbeep/afterbeep/voicemail"
)

func TestADirectoryIsReadBack(t *testing.T) {
	dir := t.TempDir()
	d := openDir(t, dir)
	f := newOffice(t, d, voicemail.Settings{MaxMessages: 50}, voicemail.Options{Transcriber: transcriber("hello", nil)})
	for i := range 10 {
		f.leave(key(i), 2*time.Second)
	}
	f.workUntil(time.Minute)
	before := f.list(voicemail.Query{})
	tasks, err := d.Due(t.Context(), f.at.Now().Add(1e6*time.Hour), 1000)
	require.NoError(t, err)
	require.NoError(t, d.Close())

	again := openDir(t, dir)
	f2 := newOffice(t, again, voicemail.Settings{MaxMessages: 50}, voicemail.Options{})
	asJSON(t, before, f2.list(voicemail.Query{}))
	tasks2, err := again.Due(t.Context(), f.at.Now().Add(1e6*time.Hour), 1000)
	require.NoError(t, err)
	asJSON(t, tasks, tasks2)
	assert.Equal(t, 2*time.Second, f2.listen(before.Messages[0].ID).Duration())
}

func asJSON(t *testing.T, want, got any) {
	t.Helper()
	a, err := json.Marshal(want)
	require.NoError(t, err)
	b, err := json.Marshal(got)
	require.NoError(t, err)
	require.JSONEq(t, string(a), string(b))
}

func TestADirectoryHasOneProcess(t *testing.T) {
	dir := t.TempDir()
	d := openDir(t, dir)
	root, err := os.OpenRoot(dir)
	require.NoError(t, err)
	defer func() { require.NoError(t, root.Close()) }()
	_, err = voicemail.OpenDir(root)
	require.ErrorIs(t, err, voicemail.ErrLocked)
	require.NoError(t, d.Close())
	d, err = voicemail.OpenDir(root)
	require.NoError(t, err)
	require.NoError(t, d.Close())
}

func TestRecordingsAreFilesThatAnyPlayerPlays(t *testing.T) {
	dir := t.TempDir()
	f := newOffice(t, openDir(t, dir), voicemail.Settings{}, voicemail.Options{})
	r := f.leave("k", 2*time.Second)
	files, err := filepath.Glob(filepath.Join(dir, "blobs", "acme", r.Message+".*.wav"))
	require.NoError(t, err)
	require.Len(t, files, 1)
	data, err := os.ReadFile(files[0])
	require.NoError(t, err)
	clip, err := pcm.ReadWAV(bytes.NewReader(data), 0)
	require.NoError(t, err)
	assert.Equal(t, 2*time.Second, clip.Duration())
	info, err := os.Stat(files[0])
	require.NoError(t, err)
	assert.Zero(t, info.Mode().Perm()&0o077, "for nobody else")
}

// Names from outside never leave the directory, and never reach a file name
// as they are.
func TestHostileNames(t *testing.T) {
	dir := t.TempDir()
	f := newOffice(t, openDir(t, filepath.Join(dir)), voicemail.Settings{}, voicemail.Options{})
	for i, evil := range []string{"../../evil", "/evil", "a\x00b", "evil\r\nBcc: x", "\u202egnp.exe", strings.Repeat("x", 80), "con", "."} {
		f.box = voicemail.BoxID{Tenant: phone.TenantID(evil), Mailbox: phone.MailboxID(evil)}
		require.NoError(t, f.PutBox(t.Context(), phone.Actor{}, voicemail.Box{ID: f.box}))
		req := f.request(evil)
		req.Call.ID = evil
		req.Call.Caller.Name = evil + strings.Repeat("é", 5000) + "\xff"
		c, err := f.Begin(t.Context(), req)
		require.NoError(t, err, i)
		r, err := c.Record(t.Context(), frames(speech(2*time.Second)))
		require.NoError(t, err, i)
		assert.Equal(t, 2*time.Second, f.listen(r.Message).Duration())
		m := f.list(voicemail.Query{}).Messages[0]
		assert.LessOrEqual(t, len(m.Call.Caller.Name), 256)
		assert.True(t, strings.HasPrefix(m.Call.Caller.Name, evil), "the name is kept for people to see")
	}
	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		inside, relErr := filepath.Rel(dir, path)
		require.NoError(t, relErr)
		assert.Regexp(t, `^(\.|lock|journal|tmp|spool|blobs)(/[a-z0-9%][a-z0-9%._-]*){0,2}$`, filepath.ToSlash(inside))
		return err
	})
	require.NoError(t, err)
	_, err = os.Stat(filepath.Join(dir, "..", "evil"))
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestFileNames(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := string(rapid.SliceOfN(rapid.Byte(), 0, voicemail.MaxName).Draw(t, "name"))
		file := voicemail.FileName(name)
		require.LessOrEqual(t, len(file), 255)
		require.NotContains(t, file, "/")
		require.NotContains(t, file, "\\")
		require.Equal(t, strings.ToLower(file), file, "one file on systems that ignore case")
		require.NotEqual(t, byte('.'), file[0])
		require.NotEqual(t, byte('.'), file[len(file)-1])
		back, ok := voicemail.NameOf(file)
		require.True(t, ok)
		require.Equal(t, name, back)
	})
	for _, alien := range []string{"%", "%4", "%zz", "A", "%61", ".x", "", "x%2d"} {
		_, ok := voicemail.NameOf(alien)
		assert.False(t, ok, alien)
	}
}

func batches(n int) []voicemail.Batch {
	var all []voicemail.Batch
	for i := range n {
		box := voicemail.Box{ID: voicemail.BoxID{Mailbox: "sales"}, Revision: i + 1, Seq: i + 1, Counts: voicemail.Counts{New: i + 1}}
		m := voicemail.Message{Box: box.ID, ID: fmt.Sprint("m", i), Number: i + 1, Seq: i + 1, Revision: 1, Folder: voicemail.Inbox}
		all = append(all, voicemail.Batch{Boxes: []voicemail.Box{box}, Messages: []voicemail.Message{m}})
	}
	return all
}

// A crash may leave any beginning of the file: every batch is whole or absent,
// and the journal goes on from there.
func TestAJournalTornAtEveryByte(t *testing.T) {
	whole := voicemail.JournalOf(batches(4)...)
	var ends []int
	for n := range 5 {
		ends = append(ends, len(voicemail.JournalOf(batches(n)...)))
	}
	dir := t.TempDir()
	id := voicemail.BoxID{Mailbox: "sales"}
	for cut := 0; cut <= len(whole); cut++ {
		complete := 0
		for complete < 4 && ends[complete+1] <= cut {
			complete++
		}
		n, got, err := voicemail.ReadJournal(whole[:cut])
		require.NoError(t, err)
		require.Len(t, got, complete)
		if cut >= ends[0] {
			require.Equal(t, int64(ends[complete]), n)
		}
		if cut%29 != 0 && !slices.Contains(ends, cut) && !slices.Contains(ends, cut+1) {
			continue // the disk is slow; the reading is what matters
		}
		require.NoError(t, os.WriteFile(filepath.Join(dir, "journal"), whole[:cut], 0o600))
		reopen := func(want int) {
			d := openDir(t, dir)
			box, err := d.Box(t.Context(), id)
			if want == 0 {
				require.ErrorIs(t, err, voicemail.ErrNotFound)
			} else {
				require.NoError(t, err)
				p, err := d.Messages(t.Context(), id, voicemail.Query{})
				require.NoError(t, err)
				require.Len(t, p.Messages, want)
				require.Equal(t, want, p.Counts.New)
			}
			box.ID = id
			box.Counts.New++
			require.NoError(t, d.Apply(t.Context(), voicemail.Batch{
				Boxes:    []voicemail.Box{box},
				Messages: []voicemail.Message{{Box: id, ID: fmt.Sprint("new", want), Number: 100 + want, Folder: voicemail.Inbox}},
			}))
			require.NoError(t, d.Close())
		}
		reopen(complete)
		reopen(complete + 1) // what was written after the tear is there
	}
}

// A flipped bit ends the journal there; it is never believed.
func TestAJournalWithAFlippedBit(t *testing.T) {
	whole := voicemail.JournalOf(batches(3)...)
	for i := range whole {
		broken := bytes.Clone(whole)
		broken[i] ^= 0x10
		n, got, err := voicemail.ReadJournal(broken)
		if i < len(voicemail.JournalOf()) {
			require.Error(t, err, "not our file")
			continue
		}
		require.NoError(t, err)
		require.Less(t, len(got), 3)
		require.LessOrEqual(t, n, int64(i))
		for k, b := range got {
			asJSON(t, batches(3)[k], b)
		}
	}
}

func TestTheJournalIsCompacted(t *testing.T) {
	dir := t.TempDir()
	d := openDir(t, dir)
	id := voicemail.BoxID{Mailbox: "sales"}
	text := strings.Repeat("a long transcript ", 8000)
	var largest int64
	for i := range 150 {
		m := voicemail.Message{
			Box: id, ID: "m", Number: 1, Seq: i + 1, Revision: i, Folder: voicemail.Inbox,
			Transcript: voicemail.Transcript{State: voicemail.TranscriptDone, Text: text + fmt.Sprint(i)},
		}
		box := voicemail.Box{ID: id, Revision: i, Seq: i + 1}
		task := voicemail.Task{ID: "t", Box: id, Revision: i, Due: time.Unix(int64(i), 0).UTC()}
		c := voicemail.CaptureRow{Request: voicemail.Request{Key: "k", Call: phone.Call{ID: fmt.Sprint(i)}}, Revision: i}
		require.NoError(t, d.Apply(t.Context(), voicemail.Batch{
			Boxes: []voicemail.Box{box}, Messages: []voicemail.Message{m}, Tasks: []voicemail.Task{task}, Captures: []voicemail.CaptureRow{c},
		}))
		info, err := os.Stat(filepath.Join(dir, "journal"))
		require.NoError(t, err)
		largest = max(largest, info.Size())
	}
	assert.Less(t, largest, int64(6<<20), "22 MB were written")
	require.NoError(t, d.Close())
	d = openDir(t, dir)
	p, err := d.Messages(t.Context(), id, voicemail.Query{})
	require.NoError(t, err)
	require.Len(t, p.Messages, 1)
	assert.Equal(t, text+"149", p.Messages[0].Transcript.Text)
	c, err := d.Capture(t.Context(), "", "k")
	require.NoError(t, err)
	assert.Equal(t, "149", c.Request.Call.ID)
	due, err := d.Due(t.Context(), time.Unix(1000, 0), 10)
	require.NoError(t, err)
	require.Len(t, due, 1)
	assert.Equal(t, 150, due[0].Revision)
}

func TestADirectoryOfSomethingElse(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "journal"), []byte("the diary of somebody else"), 0o600))
	root, err := os.OpenRoot(dir)
	require.NoError(t, err)
	defer func() { require.NoError(t, root.Close()) }()
	_, err = voicemail.OpenDir(root)
	require.ErrorContains(t, err, "not a journal of this version")
	data, err := os.ReadFile(filepath.Join(dir, "journal"))
	require.NoError(t, err)
	assert.Equal(t, "the diary of somebody else", string(data))
}
