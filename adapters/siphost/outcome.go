package siphost

import (
	"errors"
	"slices"

	"github.com/emiago/sipgo/sip"

	"github.com/afterbeep/afterbeep/adapters/siphost/ua"
	"github.com/afterbeep/afterbeep/phone"
)

// outcomeOf is what a refusal means. rang tells whether the phone rang first:
// a phone that rang and then gave up was there, but nobody answered.
func outcomeOf(err error, rang bool) phone.Outcome {
	absent := phone.Unavailable
	if rang {
		absent = phone.NoAnswer
	}
	var refused *ua.StatusError
	if !errors.As(err, &refused) {
		return phone.NoAnswer // the ring time is over, or the caller has gone
	}
	switch code := refused.Code; {
	case code == sip.StatusBusyHere, code == sip.StatusGlobalBusyEverywhere:
		return phone.Busy
	case code == sip.StatusGlobalDecline, code == sip.StatusForbidden:
		return phone.Declined
	case code == sip.StatusRequestTimeout, code == sip.StatusTemporarilyUnavailable, code == sip.StatusRequestTerminated:
		return absent
	case code == sip.StatusNotFound, code == sip.StatusGone, code == sip.StatusAddressIncomplete,
		code == sip.StatusGlobalDoesNotExistAnywhere, code >= 300 && code < 400:
		return phone.Unavailable
	}
	return phone.Failed
}

// verdict is the outcome of a ring that nobody answered: the one that says
// most about a person. A phone that rang to the end outweighs one that was
// not there.
func verdict(ended []phone.Outcome) phone.Outcome {
	for _, outcome := range []phone.Outcome{phone.NoAnswer, phone.Declined, phone.Busy, phone.Unavailable} {
		if slices.Contains(ended, outcome) {
			return outcome
		}
	}
	return phone.Failed
}
