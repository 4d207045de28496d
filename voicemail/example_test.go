package voicemail_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/phone"
	"github.com/afterbeep/afterbeep/voicemail"
)

var (
	boxID = voicemail.BoxID{Tenant: "acme", Mailbox: "sales"}
	asked = voicemail.Request{
		Key:    "call-7/record",
		Call:   phone.Call{ID: "call-7", Tenant: "acme", Caller: phone.Party{Name: "Zoé"}},
		Divert: phone.Divert{Mailbox: "sales", Outcome: phone.NoAnswer},
		Codec:  pcm.PCMU, Rate: 8000,
	}
)

func exit(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

// A caller leaves a message of four seconds; the owner is told, lists it and
// listens.
func Example() {
	ctx := context.Background()
	memory := voicemail.NewMemory()
	boxes, err := voicemail.New(memory, memory, memory, &voicemail.Options{
		Notifiers: map[string]voicemail.Notifier{"mail": func(_ context.Context, n voicemail.Notice) error {
			fmt.Println("mail:", n.Kind, n.Message.Length, "new:", n.Counts.New)
			return nil
		}},
	})
	exit(err)
	exit(boxes.PutBox(ctx, phone.Actor{}, voicemail.Box{ID: boxID, Settings: voicemail.Settings{MaxMessages: 100}}))

	capture, err := boxes.Begin(ctx, asked) // here the greeting plays
	exit(err)
	receipt, err := capture.Record(ctx, frames(speech(4*time.Second)), "#")
	exit(err)
	fmt.Println(receipt.State, receipt.Stop, receipt.Length)
	_, err = boxes.Work(ctx)
	exit(err)

	page, err := boxes.Messages(ctx, phone.Actor{}, boxID, voicemail.Query{})
	exit(err)
	for _, m := range page.Messages {
		fmt.Println(m.Folder, m.Call.Caller.Name, m.Length)
		wav, err := boxes.Open(ctx, phone.Actor{}, boxID, m.ID)
		exit(err)
		clip, err := pcm.ReadWAV(wav, 0)
		exit(errors.Join(err, wav.Close()))
		fmt.Println(len(clip.Samples), "samples")
	}
	// Output:
	// saved hangup 4s
	// mail: created 4s new: 1
	// inbox Zoé 4s
	// 32000 samples
}

// A process dies while a caller speaks; the next one finds the sound.
func ExampleService_Recover() {
	ctx := context.Background()
	path, err := os.MkdirTemp("", "voicemail")
	exit(err)
	defer func() { exit(os.RemoveAll(path)) }()
	root, err := os.OpenRoot(path)
	exit(err)
	defer func() { exit(root.Close()) }()

	dir, err := voicemail.OpenDir(root)
	exit(err)
	boxes, err := voicemail.New(dir, dir, dir, nil)
	exit(err)
	exit(boxes.PutBox(ctx, phone.Actor{}, voicemail.Box{ID: boxID}))
	ctxOfProcess, kill := context.WithCancel(ctx)
	capture, err := boxes.Begin(ctxOfProcess, asked)
	exit(err)
	for f := range frames(speech(3 * time.Second)) {
		_, err := capture.Write(f)
		exit(err)
	}
	waitForSpool(ctx, dir, 3*time.Second)
	kill()
	exit(dir.Close()) // all that is left is on the disk

	dir, err = voicemail.OpenDir(root)
	exit(err)
	defer func() { exit(dir.Close()) }()
	boxes, err = voicemail.New(dir, dir, dir, nil)
	exit(err)
	report, err := boxes.Recover(ctx)
	exit(err)
	fmt.Println("recovered:", report.Recovered)
	page, err := boxes.Messages(ctx, phone.Actor{}, boxID, voicemail.Query{})
	exit(err)
	for _, m := range page.Messages {
		fmt.Println(m.Stop, "partial:", m.Partial, "length:", m.Length)
	}
	// Output:
	// recovered: 1
	// crash partial: true length: 3s
}

// waitForSpool waits until d of sound is on the disk, as it is in a call.
func waitForSpool(ctx context.Context, s voicemail.Spool, d time.Duration) {
	for ; ; runtime.Gosched() {
		ids, err := s.Names(ctx)
		exit(err)
		for _, id := range ids {
			r, err := s.Read(ctx, id)
			exit(err)
			_, n, err := voicemail.ReadTake(r, 1<<30)
			_ = r.Close() // only read
			if err == nil && n >= int(d/(20*time.Millisecond)) {
				return
			}
		}
	}
}

// recordings are blobs in a place of the host's own. The other sockets stay
// with the directory.
type recordings struct {
	voicemail.Blobs // what is not replaced
	stored          []string
}

func (r *recordings) Put(ctx context.Context, tenant phone.TenantID, key string, data io.Reader, size int64) error {
	id, _, _ := strings.Cut(key, ".")
	r.stored = append(r.stored, fmt.Sprintf("tenant %s, message id of %d letters, %d bytes", tenant, len(id), size))
	return r.Blobs.Put(ctx, tenant, key, data, size)
}

// A host brings its own storage for recordings; voicemailtest.TestBlobs proves
// it.
func ExampleBlobs() {
	ctx := context.Background()
	memory := voicemail.NewMemory()
	mine := &recordings{Blobs: memory}
	boxes, err := voicemail.New(memory, mine, memory, nil)
	exit(err)
	exit(boxes.PutBox(ctx, phone.Actor{}, voicemail.Box{ID: boxID}))
	capture, err := boxes.Begin(ctx, asked)
	exit(err)
	_, err = capture.Record(ctx, frames(speech(2*time.Second)))
	exit(err)
	for _, s := range mine.stored {
		fmt.Println(s)
	}
	// Output:
	// tenant acme, message id of 36 letters, 16058 bytes
}

// A webhook host: the platform records, and the file arrives later.
func ExampleService_Ingest() {
	ctx := context.Background()
	memory := voicemail.NewMemory()
	boxes, err := voicemail.New(memory, memory, memory, nil)
	exit(err)
	exit(boxes.PutBox(ctx, phone.Actor{}, voicemail.Box{ID: boxID}))
	exit(boxes.Expect(ctx, asked))
	file := new(strings.Builder)
	exit(pcm.WriteWAV(file, speech(2*time.Second), pcm.PCM16))
	for range 2 { // webhooks come twice
		receipt, err := boxes.Ingest(ctx, asked, strings.NewReader(file.String()))
		exit(err)
		fmt.Println(receipt.State, receipt.Length)
	}
	page, err := boxes.Messages(ctx, phone.Actor{}, boxID, voicemail.Query{})
	exit(err)
	fmt.Println(len(page.Messages), "message")
	// Output:
	// saved 2s
	// saved 2s
	// 1 message
}
