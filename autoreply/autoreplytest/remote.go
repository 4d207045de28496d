package autoreplytest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/phone"
)

// request asks a process for a Load, or with a row for a Swap.
type request struct {
	Key  autoreply.Key    `json:"key"`
	Next *autoreply.Entry `json:"next,omitempty"`
}

type answer struct {
	Entry    autoreply.Entry `json:"entry"`
	Conflict bool            `json:"conflict,omitempty"`
	Err      string          `json:"err,omitempty"`
}

// serve answers requests on one ledger, one after the other, until in ends.
func serve(ctx context.Context, l autoreply.Ledger, in io.Reader, out io.Writer) error {
	dec, enc := json.NewDecoder(in), json.NewEncoder(out)
	for {
		var r request
		if err := dec.Decode(&r); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		var a answer
		var err error
		if r.Next == nil {
			a.Entry, err = l.Load(ctx, r.Key)
		} else {
			err = l.Swap(ctx, r.Key, *r.Next)
		}
		switch {
		case errors.Is(err, autoreply.ErrConflict):
			a.Conflict = true
		case err != nil:
			a.Err = err.Error()
		}
		if err := enc.Encode(a); err != nil {
			return err
		}
	}
}

// remote is a ledger in another process, as far as [Linear] needs one.
type remote struct {
	mu  sync.Mutex
	enc *json.Encoder
	dec *json.Decoder
}

func (r *remote) ask(q request) (autoreply.Entry, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var a answer
	if err := errors.Join(r.enc.Encode(q), r.dec.Decode(&a)); err != nil {
		return autoreply.Entry{}, fmt.Errorf("the other process: %w", err)
	}
	switch {
	case a.Conflict:
		return autoreply.Entry{}, autoreply.ErrConflict
	case a.Err != "":
		return autoreply.Entry{}, errors.New(a.Err)
	}
	return a.Entry, nil
}

// Load implements [autoreply.Ledger].
func (r *remote) Load(_ context.Context, k autoreply.Key) (autoreply.Entry, error) {
	return r.ask(request{Key: k})
}

// Swap implements [autoreply.Ledger].
func (r *remote) Swap(_ context.Context, k autoreply.Key, next autoreply.Entry) error {
	_, err := r.ask(request{k, &next})
	return err
}

// Due implements [autoreply.Ledger]; Linear does not ask for it.
func (*remote) Due(context.Context, time.Time, int) ([]autoreply.Key, error) {
	return nil, errors.ErrUnsupported
}

// Erase implements [autoreply.Ledger]; Linear does not ask for it.
func (*remote) Erase(context.Context, autoreply.Key) error { return errors.ErrUnsupported }

// EraseTenant implements [autoreply.Ledger]; Linear does not ask for it.
func (*remote) EraseTenant(context.Context, phone.TenantID) error { return errors.ErrUnsupported }

// linearApart is [Linear] over this process and two others.
func linearApart(ctx context.Context, l autoreply.Ledger, place string) (err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // ends those that still run
	const workers, calls = 6, 60
	handles := []autoreply.Ledger{l}
	var others [2]*racer
	for i := range others {
		if others[i], err = begin(ctx, serveVariable, place); err != nil {
			return err
		}
		handles = append(handles, &remote{enc: json.NewEncoder(others[i].in), dec: json.NewDecoder(others[i].out)})
	}
	err = Linear(ctx, workers, calls, handles...)
	for _, o := range others {
		err = errors.Join(err, o.in.Close(), o.cmd.Wait())
	}
	return err
}

// serveAsChild is a process of linearApart.
func serveAsChild(place string, open func(place string) (autoreply.Ledger, error)) error {
	l, err := open(place)
	if err != nil {
		return err
	}
	return serve(context.Background(), l, os.Stdin, os.Stdout) // the process that asks ends this one
}
