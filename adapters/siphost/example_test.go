package siphost_test

import (
	"context"
	"fmt"
	"time"

	"github.com/afterbeep/afterbeep/adapters/siphost"
	"github.com/afterbeep/afterbeep/adapters/siphost/softphone"
	"github.com/afterbeep/afterbeep/callflow"
	"github.com/afterbeep/afterbeep/pcm"
	"github.com/afterbeep/afterbeep/phone"
)

// An answering machine, and somebody who calls it.
func Example() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	host, err := siphost.Listen(&siphost.Options{Addr: "127.0.0.1:0"}) // any free port
	if err != nil {
		fmt.Println(err)
		return
	}
	served := make(chan error, 1)
	go func() {
		served <- host.Serve(ctx, func(ctx context.Context, call phone.Call, leg *siphost.Leg) error {
			if result, err := leg.Play(ctx, pcm.Beep(8000), nil); err != nil || result.HungUp {
				return err
			}
			length := time.Duration(0)
			for frame := range leg.Frames(ctx) {
				length = frame.At + 20*time.Millisecond
			}
			fmt.Println(call.Caller.Name, "left", length.Round(time.Second))
			return nil
		})
	}()

	if err := leaveMessage(ctx, "sip:100@"+host.Addr().String()); err != nil {
		fmt.Println(err)
	}
	cancel() // calls in progress are hung up, and handlers finish
	fmt.Println(<-served)
	// Output:
	// Ada left 1s
	// <nil>
}

func leaveMessage(ctx context.Context, to string) error {
	ada, err := softphone.New(ctx, &softphone.Options{Number: "+15145550100", Name: "Ada"})
	if err != nil {
		return err
	}
	defer func() { _ = ada.Close() }() // the call is over by then
	call, err := ada.Dial(ctx, to, nil)
	if err != nil {
		return err
	}
	if err := call.WaitBeep(ctx, 640); err != nil {
		return err
	}
	if err := call.SendAudio(ctx, pcm.Tone(8000, time.Second, 440)); err != nil {
		return err
	}
	return call.Hangup(ctx)
}

// A ring is one command: the result says who answered, or why nobody did.
func ExampleLeg_Do() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	host, err := siphost.Listen(&siphost.Options{Addr: "127.0.0.1:0", Contacts: map[string][]string{"sales": nil}})
	if err != nil {
		fmt.Println(err)
		return
	}
	go func() {
		_ = host.Serve(ctx, func(ctx context.Context, _ phone.Call, leg *siphost.Leg) error {
			result, err := leg.Do(ctx, callflow.Command{Wait: true, Action: callflow.Ring{Targets: []string{"sales"}, For: 20 * time.Second}})
			fmt.Println(result.Outcome)
			if err == nil {
				_, err = leg.Do(ctx, callflow.Command{Action: callflow.Hangup{Outcome: result.Outcome}})
			}
			return err
		})
	}()
	fmt.Println(leaveMessage(ctx, "sip:100@"+host.Addr().String()))
	// Output:
	// unavailable
	// softphone: refused with 480 "Temporarily Unavailable"
}
