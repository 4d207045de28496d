// Package softphone is a telephone for scripts: it places and takes SIP calls,
// says clips, presses keys, waits for a beep and remembers what it hears. It
// is made for demonstrations and tests on the machine itself, not for people.
//
// # A caller
//
//	p, err := softphone.New(ctx, &softphone.Options{Number: "+15145550100", Name: "Ada"})
//	call, err := p.Dial(ctx, "sip:100@127.0.0.1:5060", nil) // somebody answered
//	err = call.WaitHeard(ctx, time.Second)                  // a second of the menu
//	err = call.SendDigits(ctx, "2")
//	err = call.WaitBeep(ctx, 640)
//	err = call.SendAudio(ctx, message)
//	err = call.Hangup(ctx)
//
// Everything blocks until it has happened or ctx is done, and takes the time
// that it takes: a message of three seconds takes three seconds. An operation
// that the other end cuts short by hanging up is [ErrEnded].
//
// # A callee
//
// [Phone.Register] makes a registrar ring the phone, [Phone.Accept] waits for
// a call, and the [Incoming] is rung, answered or declined. [Phone.Answer] does
// all of it for one call.
//
// The phone shares its transport and its RTP with the host beside it. What
// both get wrong, neither sees: the host's tests have sipp for that.
package softphone
