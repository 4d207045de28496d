package callflow

import (
	"strings"
)

// graph reports what is wrong with the shape of the flow: steps that no call
// comes to, steps from which no call ends, cycles in which nothing waits.
func (c *checker) graph(f *Flow) {
	reached := f.reached()
	ending := f.ending()
	for i := range f.nodes {
		c.enter(f.nodes[i].name)
		switch {
		case f.start >= 0 && !reached[i]:
			c.warnf(Unreachable, "", "wire it, or remove it", "no call comes here")
		case !ending[i]:
			c.fail(Trapped, "", "no call ends from here", "wire one outcome to a step that ends, such as a hangup or a voicemail")
		}
	}
	c.leave()
	c.bursts(f)
}

// reached marks the steps that can be reached from the start.
func (f *Flow) reached() []bool {
	marks := make([]bool, len(f.nodes))
	if f.start < 0 {
		return marks
	}
	marks[f.start] = true
	for open := []int{f.start}; len(open) > 0; {
		n := &f.nodes[open[len(open)-1]]
		open = open[:len(open)-1]
		for _, e := range n.edges {
			if e.to >= 0 && !marks[e.to] {
				marks[e.to] = true
				open = append(open, e.to)
			}
		}
	}
	return marks
}

// ending marks the steps from which an end can be reached. An answered ring
// does not count: it is luck. An edge that is reported elsewhere does.
func (f *Flow) ending() []bool {
	marks := make([]bool, len(f.nodes))
	for changed := true; changed; {
		changed = false
		for i := range f.nodes {
			if !marks[i] && f.nodes[i].ends(marks) {
				marks[i], changed = true, true
			}
		}
	}
	return marks
}

func (n *node) ends(marks []bool) bool {
	if _, hangup := n.step.(Hangup); hangup {
		return true
	}
	for _, e := range n.edges {
		if e.to < 0 || marks[e.to] {
			return true
		}
	}
	return false
}

// bursts follows the steps that do not wait, and reports where they form a
// cycle or a chain of more than Limits.Burst.
func (c *checker) bursts(f *Flow) {
	const open = -1
	depth := make([]int, len(f.nodes)) // of the chain that begins here; zero is not known yet
	var trail []int
	var visit func(i int) int
	visit = func(i int) int {
		n := &f.nodes[i]
		if n.waits() {
			return 0
		}
		if depth[i] == open {
			c.cycle(f, trail, i)
			return 0
		}
		if depth[i] > 0 {
			return depth[i]
		}
		depth[i] = open
		trail = append(trail, i)
		longest := 0
		for _, e := range n.edges {
			if e.to >= 0 {
				longest = max(longest, visit(e.to))
			}
		}
		trail = trail[:len(trail)-1]
		depth[i] = longest + 1
		return depth[i]
	}
	for i := range f.nodes {
		if n := visit(i); n >= f.limits.Burst {
			c.enter(f.nodes[i].name)
			c.failf(OverLimit, "", "let the caller hear something on the way", "%d steps follow without waiting, fewer than %d may", n, f.limits.Burst)
			break
		}
	}
	c.leave()
}

func (c *checker) cycle(f *Flow, trail []int, to int) {
	for trail[0] != to {
		trail = trail[1:]
	}
	names := make([]string, 0, len(trail)+1)
	for _, i := range trail[:min(len(trail), 8)] {
		names = append(names, f.nodes[i].name)
	}
	c.enter(f.nodes[to].name)
	c.failf(BusyLoop, "", "put a step that waits into it, such as a menu or a ring",
		"nothing waits in the cycle %s", strings.Join(append(names, f.nodes[to].name), " → "))
	c.leave()
}
