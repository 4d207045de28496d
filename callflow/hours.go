package callflow

// Hours asks a schedule and follows its answer. The first answer of each
// schedule is kept in the session: a call that began in the open stays there,
// even if it is still in the menu at closing time. It is also what
// Divert.Situation says.
//
// Outcomes: open and closed must be wired; break, weekend and holiday take the
// edge of closed unless they are wired. A schedule that the flow was not given
// (see [Flow.With]) is the zero one, which is always open.
type Hours struct {
	// Schedule is the name of a schedule. The schedule itself is no part of
	// the flow or its digest. Required; at most 48 bytes, and at most
	// [MaxSchedules] different ones in a flow.
	Schedule string
}

// MaxSchedules is how many different schedules one flow may ask.
const MaxSchedules = 8

func (Hours) kind() string { return "hours" }

func (h Hours) walk(c codec) Step {
	c.text("schedule", &h.Schedule)
	return h
}

func (Hours) outcomes() []exit {
	return []exit{
		{on: Open},
		{on: Closed},
		{on: Break, falls: Closed},
		{on: Weekend, falls: Closed},
		{on: Holiday, falls: Closed},
	}
}

func (h Hours) check(c *checker) Step {
	if c.required("schedule", h.Schedule) {
		c.name("schedule", h.Schedule)
		c.known(c.schedules, UnknownSchedule, "schedule", "schedule", h.Schedule)
	}
	return h
}
