// Package siphost is a SIP host for afterbeep: it answers calls, plays,
// records, collects keys, rings phones and joins people, over UDP, with RTP in
// G.711. Signalling stands on emiago/sipgo, descriptions on pion/sdp, packets
// on pion/rtp.
//
// # A host
//
// [Listen] binds, [Host.Serve] takes calls, each in its own goroutine, and
// gives its handler a [phone.Call] and a [Leg]:
//
//	host, err := siphost.Listen(&siphost.Options{Prompt: prompts, Contacts: phones})
//	if err != nil {
//		return err // the port is taken, an option is wrong
//	}
//	return host.Serve(ctx, func(ctx context.Context, call phone.Call, leg *siphost.Leg) error {
//		return desk.Serve(ctx, call, leg)
//	})
//
// A Leg is what the desk wants of a blocking host. It performs callflow's
// Answer, Ring, Collect, Play of a prompt and Hangup; [Leg.Play] plays a clip,
// [Leg.Frames] delivers what the caller says, [Leg.Format] in which codec.
// Prepare, Record and Release belong to whoever keeps messages.
//
// The caller's hangup is never an error and never ends a context: it is
// HungUp in the result, and the end of the frames. BYE and CANCEL are taken at
// any moment.
//
// # Phones
//
// A ring reaches the phones of a name: the SIP URIs in [Options].Contacts and
// whoever registered. All are rung at once; the first 200 wins, the others get
// a CANCEL, or a BYE when they answered in the same moment. An unanswered
// caller gets a 180 meanwhile, an answered one hears a ringback tone. What
// becomes of a ring that nobody answers:
//
//   - 486 and 600 are busy; 603 and 403 are declined;
//   - 408, 480 and 487 are no-answer from a phone that rang before, and
//     unavailable from one that did not; 404, 410, 484, 604 and redirections
//     are unavailable, and so is a name without a phone;
//   - the end of the ring time is no-answer; anything else is failed;
//   - of several phones, the first of no-answer, declined, busy, unavailable
//     and failed that any of them came to.
//
// Who answered and the caller are joined by relaying their sound, recoded when
// their codecs differ, and their keys. The conversation belongs to the host
// from there on: Do returns, the handler may return, the call ends when one of
// the two hangs up. [Leg.Wait] waits for that.
//
// # Sound
//
// Frames of 20 ms leave on a monotonic schedule. What arrives is put in order
// over 100 ms at most, and placed by its RTP timestamps: what was lost, and
// what a telephone did not send because nobody spoke, is a gap, not a shift. A
// timestamp never counts for more than the clock on the wall allows, so nobody
// can send hours of silence in a packet.
//
// Keys come as events (RFC 4733, counted once each), by INFO
// (application/dtmf-relay and application/dtmf), and in the sound itself when
// [Options].Inband says so.
//
// # Safety
//
// The default address is a loopback one. There, sound for other machines is
// refused, and anybody may register; elsewhere nobody may register without a
// password (MD5 digest with nonces that count once: all that SIP telephones
// speak). A datagram that is not SIP is dropped before it reaches sipgo, and
// counted. Nothing is sent to a media address before the caller has confirmed
// the answer, so that a forged INVITE is not a weapon. Sound is taken from the
// described address and from the caller's own only. The number in From is what
// the caller says it is; P-Asserted-Identity counts from [Options].Trusted
// peers. Calls, their length, registrations and headers are bounded.
//
// # Try it
//
// With the host on its default address, baresip from Debian calls it:
//
//	apt-get install --no-install-recommends baresip-core
//	baresip -e "/uanew sip:anna@127.0.0.1;regint=60;outbound=\"sip:127.0.0.1:5060\"" -e "/dial sip:100@127.0.0.1"
//
// Any softphone on the same machine does: no password, UDP, PCMU or PCMA.
// Package softphone beside this one is a telephone for scripts and tests.
//
// # Not here
//
// TCP, TLS, SRTP, wideband codecs, call transfer (REFER), session timers,
// early media and RTCP. A telephone behind a NAT is heard, because sound is
// answered where it comes from.
//
// # Decisions
//
// Dialogs are our own (package ua), on sipgo's transactions: sipgo's dialogs
// give up after ten responses, lose a 200 that crosses a CANCEL, and confirm
// an answer that was never acknowledged. Sound, timers and registrations go by
// the real clock: they are promises on the network. [Options].Clock stamps the
// calls only, so that a demonstration can tell the story of another day.
// Answer and Hangup take their round trip even when a flow does not wait for
// them: what comes next relies on it. A call's ID is a hash of Call-ID and
// both tags: a Call-ID is hostile, and some clients use one again.
package siphost
