// Package hours answers "are we open?", right at every minute of every zone,
// and says why and until when.
//
// A [Spec] is opening hours as people write them. [New] checks it and makes a
// [Schedule], a small immutable value:
//
//	holidays, err := hours.Holidays("CA-QC")
//	...
//	schedule, err := hours.New(hours.Spec{
//		Zone:     "America/Toronto",
//		Week:     hours.MondayToFriday(hours.Span{From: 9 * 60, To: 17 * 60}),
//		Holidays: holidays,
//	})
//	...
//	now := schedule.At(time.Now())
//	if !now.Open() {
//		fmt.Println(now.Kind, now.Label, now.Until)
//	}
//
// Everything in this package is a value or a pure function. Nothing reads a
// clock, starts a goroutine or keeps state of a package. [New] reads the zone
// from the zone database, and that is all the I/O there is.
//
// # The rule
//
// The local wall clock decides. A schedule is open at an instant when a clock
// on a wall in its zone shows a time that lies in one of its spans. All else
// follows from that:
//
//   - a span that begins or ends in a gap (clocks go forward) begins or ends at
//     the first instant after it;
//   - when clocks go back, both passes of a repeated time count;
//   - of a day that the zone skipped (Apia, 30 December 2011) only what reaches
//     past its midnight is ever seen.
//
// The answers are compiled: the changes of the zone cut time into stretches of
// one offset, in which the wall clock is mere addition. No instant is ever
// made by time.Date from a local time, whose answer in a gap is unspecified
// (in Havana it gives 23:00 of the day before). [Civil.In] is the safe way to
// make an instant of a date and a time.
//
// # Days
//
// Each day has one plan: that of an exception when there is one for its date,
// otherwise of a holiday, otherwise of its day of the week. A plan has any
// number of half-open spans, in minutes. A span belongs to the day on which it
// begins, so that Saturday 22:00-30:00 is closed again on Sunday at 6, also
// when that Sunday is a holiday. Without any hours in the week, a schedule is
// always open on all other days, and says so by [SourceAlways].
//
// A [Situation] says what the time is ([Kind]), which plan said so ([Source]),
// its label and ID, and until when. Between two spans of a day is a break.
// Before and after them it is closed; on a day without spans it is weekend,
// holiday, or what the exception says. A flow that needs branches of its own
// chooses by Kind or by ID.
//
// # Holidays
//
// A [Holiday] is data: a rule for its date ([ParseRule]), and to which day it
// moves ([ParseObserved]). It moves only when the week has no hours on the day
// on which it falls, and that day stays a holiday too: a shop that works on
// Saturdays is closed on the Saturday, an office on the day to which the
// holiday moved. That is how the law of Québec puts it for 24 June, and nobody
// loses two working days to one holiday.
//
// [Holidays] has the calendars of Canada and all its provinces and
// territories, of the United States and of France with Alsace-Moselle. Other
// countries come by [ImportCalendar]. Orthodox, lunar and lunisolar rules are
// left out on purpose: import them as dates.
//
// # JSON
//
// A Spec has a strict JSON form. Unknown and repeated fields, overlaps,
// unknown zones, from ≥ to: each is a [*Problem] with a JSON pointer and what
// would be right, all of them reported at once. [Parse] reads
//
//	{
//	  "zone": "America/Toronto",
//	  "week": {
//	    "monday": ["09:00-12:00", "13:00-17:00"],
//	    "saturday": ["22:00-30:00"]
//	  },
//	  "weekend": ["saturday", "sunday"],
//	  "exceptions": [
//	    {"date": "2026-12-24", "label": "Christmas Eve", "spans": ["09:00-12:00"]},
//	    {"date": "2026-12-28", "through": "2026-12-31", "id": "winter", "kind": "closed"}
//	  ],
//	  "holidays": [
//	    {"id": "fete-nationale", "name": "Fête nationale", "on": "06-24", "observed": "sunday +1"}
//	  ]
//	}
//
// Only "zone" is required. Dates have no zone and no time, so that saving them
// again does not shift them.
//
// # Overrides
//
// An [Override] is the switch on the wall: open or closed by hand, until an
// instant or until the next opening. It is state of the host and no part of
// the Spec; [Schedule.With] applies it.
//
// # Limits
//
// [MaxSpecBytes] of JSON, [MaxSpans] a day, [MaxExceptions], [MaxHolidays],
// [MaxLabelBytes]; [ImportOptions] for iCalendar. Answers are built half a year
// at a time when they are first asked for, in some 30 microseconds, and a
// schedule keeps four such pages of some 5 kB: its memory does not depend on
// how far the questions reach. They are right from 1970 to 2199. Beyond, they
// are as right as the zone database, but "never" then means not within ten
// years.
//
// # The zone database
//
// Rules of zones change several times a year. This package uses the database
// that the Go runtime finds: ZONEINFO, the files of the system, or what the
// program has embedded. A program for hosts without one adds
//
//	import _ "time/tzdata"
//
// to its main package, at the cost of some 450 kB; a library should not decide
// that, and this one does not. Without any database [New] reports
// [CodeZone] and never falls back on UTC. A schedule keeps the rules with which
// it was made: build it again after an update of the database.
//
// # Design
//
// Where this differs from the first sketch of the API: Situation has an ID, so
// that nothing needs to be chosen by a label in some language. Week and Days
// are named types, for the sake of their JSON. Exception has Through, for a
// closure of many days. Holiday has Through and Spans, for laws that end and
// for half days that come back. Override has From, which "until the next
// opening" needs. [Holidays] takes the IDs of the days that a law leaves to the
// employer, such as Easter Monday in Québec. [Schedule.NextOpening] is beside
// NextOpen, because "until the next opening", said while open, is not now.
//
// BENCHMARKS.md has the measurements.
package hours
