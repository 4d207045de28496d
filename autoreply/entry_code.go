package autoreply

import (
	"time"

	"github.com/afterbeep/afterbeep/phone"
)

// The code of a row: one byte that names it, then the fields that are not
// zero, each behind its tag, in the order of the tags. A tag is never used
// again for something else.
//
//	number   zigzag varint
//	instant  zigzag varint of seconds since 1970, varint of nanoseconds
//	text     varint of its length, its bytes
//	list     varint of its length, its members
//	event    its fields behind tags of their own, then a zero
const entryCode = 1

const (
	tagV = iota + 1
	tagRevision
	tagDue
	tagExpires
	tagState
	tagSlot
	tagBorn
	tagToken
	tagAttempt
	tagProtect
	tagRule
	tagText
	tagPending
	tagDeferred
	tagSent
	tagEarlier
	tagReplies
	tagTouched
	tagHeard
	tagConsentAt
	tagConsentOut
	tagSeen
)

// AppendBinary appends the row to b in the code that ledgers keep: a quarter
// of the bytes of its JSON, written and read without reflection. Instants lose
// their zone, not their nanoseconds. An instant that JSON could not say either,
// or a list of more than a thousand members, is an error that wraps [ErrRow],
// and b comes back as it was. It implements [encoding.BinaryAppender].
func (e Entry) AppendBinary(b []byte) ([]byte, error) {
	w := codeWriter{b: append(b, entryCode)}
	w.number(tagV, e.V)
	w.number(tagRevision, e.Revision)
	w.instant(tagDue, e.Due)
	w.instant(tagExpires, e.Expires)
	w.text(tagState, string(e.State))
	w.number(tagSlot, e.Slot)
	w.instant(tagBorn, e.Born)
	w.text(tagToken, e.Token)
	w.number(tagAttempt, e.Attempt)
	w.instant(tagProtect, e.Protect)
	w.text(tagRule, e.Rule)
	w.text(tagText, e.Text)
	if w.list(tagPending, len(e.Pending)) {
		for i := range e.Pending {
			w.event(&e.Pending[i])
		}
	}
	w.instant(tagDeferred, e.Deferred)
	w.instant(tagSent, e.Sent)
	if w.list(tagEarlier, len(e.Earlier)) {
		for _, at := range e.Earlier {
			w.at(at)
		}
	}
	w.number(tagReplies, e.Replies)
	w.instant(tagTouched, e.Touched)
	w.text(tagHeard, e.Heard)
	w.instant(tagConsentAt, e.Consent.At)
	w.flag(tagConsentOut, e.Consent.Out)
	if w.list(tagSeen, len(e.Seen)) {
		for i := range e.Seen {
			w.bytes(e.Seen[i].Hash)
			w.at(e.Seen[i].At)
		}
	}
	if w.err != nil {
		return b, w.err
	}
	return w.b, nil
}

// UnmarshalBinary makes e the row that AppendBinary wrote, of this release or
// an earlier one. An error wraps [ErrRow] and leaves e as it was: a newer
// release wrote the row, or nobody did. The row keeps nothing of data. It
// implements [encoding.BinaryUnmarshaler].
func (e *Entry) UnmarshalBinary(data []byte) error {
	r := codeReader{s: string(data)} // all texts of the row are parts of it
	if code := r.byte(); r.err == nil && code != entryCode {
		r.fail("code %d, this release knows %d", code, entryCode)
	}
	var row Entry
	last := byte(0)
	for r.more() {
		tag := r.byte()
		if tag <= last {
			r.fail("tag %d after %d", tag, last)
			break
		}
		last = tag
		row.field(&r, tag)
	}
	if r.err == nil {
		*e = row
	}
	return r.err
}

func (e *Entry) field(r *codeReader, tag byte) {
	switch tag {
	case tagV:
		if e.V = r.number(); e.V > EntryVersion {
			r.fail("version %d, this release knows %d", e.V, EntryVersion)
		}
	case tagRevision:
		e.Revision = r.number()
	case tagDue:
		e.Due = r.instant()
	case tagExpires:
		e.Expires = r.instant()
	case tagState:
		e.State = State(r.text())
	case tagSlot:
		e.Slot = r.number()
	case tagBorn:
		e.Born = r.instant()
	case tagToken:
		e.Token = r.text()
	case tagAttempt:
		e.Attempt = r.number()
	case tagProtect:
		e.Protect = r.instant()
	case tagRule:
		e.Rule = r.text()
	case tagText:
		e.Text = r.text()
	case tagPending:
		e.Pending = make([]phone.Event, r.list())
		for i := range e.Pending {
			r.event(&e.Pending[i])
		}
	case tagDeferred:
		e.Deferred = r.instant()
	case tagSent:
		e.Sent = r.instant()
	case tagEarlier:
		e.Earlier = make([]time.Time, r.list())
		for i := range e.Earlier {
			e.Earlier[i] = r.instant()
		}
	case tagReplies:
		e.Replies = r.number()
	case tagTouched:
		e.Touched = r.instant()
	case tagHeard:
		e.Heard = r.text()
	case tagConsentAt:
		e.Consent.At = r.instant()
	case tagConsentOut:
		e.Consent.Out = true
	case tagSeen:
		e.Seen = make([]Mark, r.list())
		for i := range e.Seen {
			e.Seen[i] = Mark{Hash: r.text(), At: r.instant()}
		}
	default:
		r.fail("unknown tag %d", tag)
	}
}
