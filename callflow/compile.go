package callflow

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"time"

	"github.com/afterbeep/afterbeep/phone"
)

// The edges of a compiled node that lead to no step.
const (
	toEnd    = -1 // the call ends
	toNobody = -2 // not wired, or wired to a step that is not there
)

// Compile checks a flow that was built in Go, and returns it compiled with a
// report of all problems. The flow is nil exactly when Report.Err is not: a
// warning, or a check that did not run, does not stop it. d is not kept.
func Compile(d Definition, e *Env) (*Flow, Report) {
	return newChecker(e).compile(d, e)
}

func (c *checker) compile(d Definition, e *Env) (*Flow, Report) {
	f := &Flow{index: make(map[string]int, len(d.Steps))}
	if e != nil {
		f.schedules = e.Schedules
		f.limits = e.Limits
	}
	c.limits(&f.limits)
	if len(d.Steps) > MaxSteps {
		c.failf(OverLimit, "steps", "split the flow", "%d steps, at most %d", len(d.Steps), MaxSteps)
		return nil, c.report.sorted()
	}
	names := sortedKeys(d.Steps)
	for i, name := range names {
		f.index[name] = i
	}
	canonical := Definition{Start: d.Start, Steps: make(map[string]Node, len(names))}
	f.nodes = make([]node, len(names))
	for i, name := range names {
		c.enter(name)
		n := c.checkNode(name, d.Steps[name])
		canonical.Steps[name] = n
		f.nodes[i] = c.wire(f, name, n)
	}
	c.leave()
	c.start(f, d)
	c.graph(f)
	c.size(f)
	c.notRun()
	if c.errors > 0 {
		return nil, c.report.sorted()
	}
	data, err := json.Marshal(canonical)
	if err != nil { // names that passed the checks can always be written
		c.fail(BadValue, "", err.Error(), "")
		return nil, c.report.sorted()
	}
	sum := sha256.Sum256(data)
	f.digest = hex.EncodeToString(sum[:16])
	return f, c.report.sorted()
}

func (c *checker) enter(name string) { c.step, c.base = name, "/steps/"+pointer(name) }
func (c *checker) leave()            { c.step, c.base = "", "" }

func (c *checker) limits(l *Limits) {
	set := func(name string, n *int, normal, most int) {
		if *n == 0 {
			*n = normal
		}
		if *n < 1 || *n > most {
			c.failf(OverLimit, "", "keep it in that range", "Env.Limits.%s %d is not between 1 and %d", name, *n, most)
		}
	}
	set("Steps", &l.Steps, 200, 10_000)
	set("Visits", &l.Visits, 20, 1000)
	set("Burst", &l.Burst, 64, 1000)
	c.span("", &l.Life, 4*time.Hour, time.Minute, 7*24*time.Hour)
}

func (c *checker) checkNode(name string, n Node) Node {
	c.name("", name)
	c.plain("department", n.Department, maxDepartment)
	if n.Step == nil {
		c.fail(UnknownKind, "kind", "a step without a kind", "one of "+kindNames())
		n.Step = opaque{}
	}
	n.Step = n.Step.check(c)
	return n
}

// wire resolves the edges of one node and reports those that are missing, lead
// nowhere or are never taken.
func (c *checker) wire(f *Flow, name string, n Node) node {
	compiled := node{name: name, department: n.Department, step: n.Step}
	compiled.prepare()
	if _, unread := n.Step.(opaque); unread {
		for _, on := range sortedKeys(n.Next) {
			compiled.edges = append(compiled.edges, edge{on, c.target(f, on, n.Next[on])})
		}
		compiled.edges = append(compiled.edges, edge{"", toEnd})
		return compiled
	}
	exits := n.Step.outcomes()
	for _, x := range exits {
		compiled.edges = append(compiled.edges, edge{x.on, c.resolve(f, n, x)})
	}
	for _, on := range sortedKeys(n.Next) {
		if compiled.edge(on) != toNobody || hasExit(exits, on) {
			continue
		}
		fix := "remove it"
		if _, ring := n.Step.(Ring); ring && on == phone.Answered {
			fix = "remove it: the session is over when somebody answers"
		}
		c.failf(UnknownOutcome, "next/"+pointer(string(on)), fix, "a step of kind %s never ends with %s", n.Step.kind(), quote(string(on)))
	}
	return compiled
}

func hasExit(exits []exit, on phone.Outcome) bool {
	for _, x := range exits {
		if x.on == on {
			return true
		}
	}
	return false
}

func (c *checker) resolve(f *Flow, n Node, x exit) int {
	if to, wired := n.Next[x.on]; wired {
		return c.target(f, x.on, to)
	}
	if to, wired := n.Next[x.falls]; wired && x.falls != "" {
		if i, there := f.index[to]; there {
			return i
		}
		return toNobody // reported where it is wired
	}
	if x.ends {
		return toEnd
	}
	if x.falls == "" {
		c.failf(UnwiredOutcome, "next", "name the step that follows "+quote(string(x.on)),
			"nothing follows the outcome %s", quote(string(x.on)))
	}
	return toNobody // what it falls to is reported
}

func (c *checker) target(f *Flow, on phone.Outcome, to string) int {
	if i, there := f.index[to]; there {
		return i
	}
	c.failf(MissingStep, "next/"+pointer(string(on)), "correct the name, or add the step", "there is no step %s", quote(to))
	return toNobody
}

func (c *checker) start(f *Flow, d Definition) {
	i, there := f.index[d.Start]
	switch {
	case d.Start == "":
		c.fail(MissingField, "start", "no first step", "the name of a step")
	case !there:
		c.failf(MissingStep, "start", "correct the name, or add the step", "there is no step %s", quote(d.Start))
	}
	f.start = i
	if !there {
		f.start = toNobody
	}
}

// size reports a flow whose sessions could outgrow MaxSession by what the flow
// itself puts in them.
func (c *checker) size(f *Flow) {
	const others = 1600 // ids, clip, message and the names of fields, at a usual length
	asked := map[string]bool{}
	department := 0
	for i := range f.nodes {
		if h, ok := f.nodes[i].step.(Hours); ok {
			asked[h.Schedule] = true
		}
		department = max(department, quoted(f.nodes[i].department))
	}
	if len(asked) > MaxSchedules {
		c.failf(OverLimit, "steps", "split the flow", "%d schedules, at most %d", len(asked), MaxSchedules)
	}
	visits := len(f.nodes) * (1 + len(strconv.Itoa(f.limits.Visits)))
	if n := others + visits + department + len(asked)*(140+maxName+2*maxLabel); n > MaxSession {
		c.failf(OverLimit, "steps", "use fewer steps or schedules", "a session could take %d bytes, at most %d", n, MaxSession)
	}
}
