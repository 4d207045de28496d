package voicemail

import "time"

// Report says what a pass of [Service.Work] or [Service.Recover] has done.
type Report struct {
	Recovered   int       `json:"recovered,omitempty"`   // captures of dead processes that are messages now
	Discarded   int       `json:"discarded,omitempty"`   // those that were not worth keeping
	Stranded    int       `json:"stranded,omitempty"`    // those whose sound this node can not read; they stay
	Released    int       `json:"released,omitempty"`    // captures without sound whose room is free again
	Overdue     int       `json:"overdue,omitempty"`     // expected recordings that have not come
	Transcribed int       `json:"transcribed,omitempty"` // transcripts that became final
	Notified    int       `json:"notified,omitempty"`    // notices delivered
	Purged      int       `json:"purged,omitempty"`      // messages that left the bin for good
	Failed      int       `json:"failed,omitempty"`      // attempts that failed; they are tried again
	Next        time.Time `json:"next,omitzero"`         // when something is due again; zero: nothing is planned
}
