package main

import (
	"context"
	"errors"
	"time"

	"github.com/afterbeep/afterbeep/adapters/siphost/softphone"
)

// scene is one call of the demo.
type scene struct {
	title        string
	at           string // on the wall of the office: "2026-06-16 10:05"
	number, name string
	before       func(ctx context.Context, d *demo) error // something that happened first
	act          func(ctx context.Context, d *demo, c *softphone.Call) error
}

// scenes are the stories that are told. The callers are real SIP calls over
// loopback; their sound is in the folder callers.
func scenes() []scene {
	return []scene{
		{
			title: "In business hours: Luc chooses French and support by keypad, nobody answers, he leaves a message",
			at:    "2026-06-16 10:05", number: "+15145550123", name: "Luc Gagnon",
			act: func(ctx context.Context, d *demo, c *softphone.Call) error {
				return errors.Join(d.press(ctx, c, "1", "2"), d.leaveMessage(ctx, c, "luc"))
			},
		},
		{
			title: "After hours: Amélie hears that the shop is closed, in French, and leaves a message",
			at:    "2026-06-16 19:30", number: "+15145550134", name: "Amélie Roy",
			act: func(ctx context.Context, d *demo, c *softphone.Call) error {
				return d.leaveMessage(ctx, c, "amelie")
			},
		},
		{
			title: "On the Fête nationale: Emma hears the holiday greeting, in English, as her card says",
			at:    "2026-06-24 11:00", number: "+14385550145", name: "Emma Clark",
			act: func(ctx context.Context, d *demo, c *softphone.Call) error {
				return d.leaveMessage(ctx, c, "emma")
			},
		},
		{
			title: "Somebody answers: Noah chooses English and sales, and Paul picks up",
			at:    "2026-06-25 10:20", number: "+14505550156", name: "Noah",
			act: conversation,
		},
		{
			title: "Zoé hangs up during the beep: no message, but she is answered by text",
			at:    "2026-06-25 19:45", number: "+15145550167", name: "Zoé",
			act: func(ctx context.Context, d *demo, c *softphone.Call) error {
				return errors.Join(c.WaitTone(ctx, beepHz), c.Hangup(ctx))
			},
		},
		{
			title: "Zoé calls again within three hours: the message is kept, and no second text goes out",
			at:    "2026-06-25 21:15", number: "+15145550167", name: "Zoé",
			act: func(ctx context.Context, d *demo, c *softphone.Call) error {
				return d.leaveMessage(ctx, c, "luc-again")
			},
		},
		{
			title: "Sam was called back by the team ten minutes ago, calls again and hangs up in the menu: no text",
			at:    "2026-06-26 11:40", number: "+14505550178", name: "Sam",
			before: func(ctx context.Context, d *demo) error {
				return d.calledBack(ctx, "+14505550178", 10*time.Minute)
			},
			act: func(ctx context.Context, d *demo, c *softphone.Call) error {
				return errors.Join(c.WaitHeard(ctx, 500*time.Millisecond), c.Hangup(ctx))
			},
		},
	}
}
