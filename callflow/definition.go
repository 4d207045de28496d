package callflow

import (
	"github.com/afterbeep/afterbeep/phone"
)

// FormVersion is the version of the JSON form of a flow that this release
// writes. A form without "v" is of version 1.
const FormVersion = 1

// Definition is a flow as people draw it: steps with names, and edges named
// by the outcome that takes them. It is data; [Compile] checks it and makes a
// [Flow] of it. All of it is part of the digest.
//
// Its JSON form is the one that [Parse] reads, in canonical order.
type Definition struct {
	// Start is the name of the first step.
	Start string
	// Steps holds the steps by name, at most [MaxSteps]. A name is 1 to 48
	// letters, digits, dots, dashes and underscores.
	Steps map[string]Node
}

// Node is one step of a [Definition] and the edges that leave it.
type Node struct {
	// Step is what happens here: [Ring], [Hours], [Menu], [Language], [Play],
	// [Voicemail] or [Hangup].
	Step Step
	// Department is where the caller is from this step on; it becomes
	// Divert.Department when the step is entered. Empty leaves it as it is. At
	// most 64 bytes.
	Department string
	// Next names the step that follows each outcome. The doc comment of each
	// step lists its outcomes, which of them must be wired, and where the
	// others go.
	Next map[phone.Outcome]string
}

// Step is one of the kinds of steps of this package. The set is closed to
// other packages, so that a flow that compiles is a flow that runs.
type Step interface {
	// kind is the name in the JSON form.
	kind() string
	// walk shows each field to c, and is the step with what c put there.
	walk(c codec) Step
	// outcomes are the edges that may leave the step.
	outcomes() []exit
	// check reports what is wrong with the fields, and sets the defaults.
	check(c *checker) Step
}

// exit is one outcome of a step. An outcome that is not wired takes the edge
// of falls; when that is empty too it must be wired, unless it ends the call.
type exit struct {
	on    phone.Outcome
	falls phone.Outcome
	ends  bool
}
