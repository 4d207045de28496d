package callflow

import (
	"slices"
	"strings"

	"github.com/afterbeep/afterbeep/phone"
)

// Parse reads the JSON form of a flow and compiles it; see [Compile]. It is
// strict: an unknown field, a field that comes twice and a value of the wrong
// type are problems. A form that can be read in part is checked in part, so
// that all problems come at once.
//
//	{"start": "hours", "steps": {
//	  "hours": {"kind": "hours", "schedule": "main", "next": {"open": "team", "closed": "box"}},
//	  "team":  {"kind": "ring", "targets": ["amy", "bo"], "for": "25s", "next": {"no-answer": "box"}},
//	  "box":   {"kind": "voicemail", "mailbox": "office", "next": {"full": "sorry"}},
//	  "sorry": {"kind": "play", "prompt": "mailbox-full", "next": {"done": "bye"}},
//	  "bye":   {"kind": "hangup"}}}
func Parse(data []byte, e *Env) (*Flow, Report) {
	c := newChecker(e)
	d, ok := c.definition(data)
	if !ok {
		return nil, c.report
	}
	return c.compile(d, e)
}

// UnmarshalJSON reads the form that [Parse] reads, as strictly, without
// checking the flow. The error is a [*ReportError].
func (d *Definition) UnmarshalJSON(data []byte) error {
	c := newChecker(nil)
	read, _ := c.definition(data)
	if err := c.report.sorted().Err(); err != nil {
		return err
	}
	*d = read
	return nil
}

// MarshalJSON writes the form that [Parse] reads: members in a fixed order,
// names sorted, defaults left out.
func (d Definition) MarshalJSON() ([]byte, error) {
	w := &writer{}
	w.open()
	version := FormVersion
	w.count("v", &version)
	w.member("start", d.Start)
	w.name("steps")
	w.open()
	for _, name := range sortedKeys(d.Steps) {
		w.name(name)
		d.Steps[name].write(w)
	}
	w.close()
	return w.close(), nil
}

func (n Node) write(w *writer) {
	w.open()
	if n.Step != nil {
		w.member("kind", n.Step.kind())
		n.Step.walk(w)
	}
	w.text("department", &n.Department)
	if len(n.Next) > 0 {
		w.name("next")
		w.open()
		for _, on := range sortedKeys(n.Next) {
			w.member(string(on), n.Next[on])
		}
		w.close()
	}
	w.close()
}

func sortedKeys[K ~string, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// kinds are the zero steps, by the names of the JSON form.
func kinds() []Step {
	return []Step{Ring{}, Hours{}, Menu{}, Language{}, Play{}, Voicemail{}, Hangup{}}
}

// definition reads the form. It reports false when there is nothing to check.
func (c *checker) definition(data []byte) (Definition, bool) {
	object := c.object(data)
	if object == nil {
		return Definition{}, false
	}
	d := Definition{Steps: map[string]Node{}}
	version := FormVersion
	r := reader{c: c, object: object}
	r.count("v", &version)
	r.text("start", &d.Start)
	steps, ok := take[map[string]any](&r, "steps", "an object of steps")
	r.rest()
	if version > FormVersion {
		c.failf(BadValue, "v", "update afterbeep", "version %d of the form, this release reads up to %d", version, FormVersion)
		return d, false
	}
	if !ok {
		if object["steps"] == nil {
			c.fail(MissingField, "steps", "no steps", "an object of steps")
		}
		return d, false
	}
	for _, name := range sortedKeys(steps) {
		c.enter(name)
		d.Steps[name] = c.node(steps[name])
	}
	c.leave()
	return d, true
}

func (c *checker) node(value any) Node {
	object, ok := value.(map[string]any)
	if !ok {
		c.failf(BadValue, "", "an object with a kind", "%s is no step", typeName(value))
		return Node{Step: opaque{}}
	}
	n := Node{Step: opaque{}}
	r := reader{c: c, object: object}
	var kind string
	r.text("kind", &kind)
	r.text("department", &n.Department)
	n.Next = c.next(&r)
	for _, step := range kinds() {
		if step.kind() == kind {
			n.Step = step.walk(&r)
			r.rest()
			return n
		}
	}
	if kind == "" {
		c.fail(MissingField, "kind", "a step without a kind", "one of "+kindNames())
	} else {
		c.failf(UnknownKind, "kind", "one of "+kindNames(), "no step is of kind %s", quote(kind))
	}
	return n
}

func (c *checker) next(r *reader) map[phone.Outcome]string {
	object, ok := take[map[string]any](r, "next", "an object of outcomes and names of steps")
	if !ok {
		return nil
	}
	next := make(map[phone.Outcome]string, len(object))
	for _, on := range sortedKeys(object) {
		name, ok := object[on].(string)
		if !ok {
			c.failf(BadValue, "next/"+pointer(on), "the name of a step", "%s is not right here", typeName(object[on]))
			continue
		}
		next[phone.Outcome(on)] = name
	}
	return next
}

func kindNames() string {
	var names []string
	for _, step := range kinds() {
		names = append(names, step.kind())
	}
	return strings.Join(names, ", ")
}

// opaque stands for a step that could not be read and was reported: checks of
// its surroundings go on.
type opaque struct{}

func (opaque) kind() string          { return "" }
func (o opaque) walk(codec) Step     { return o }
func (opaque) outcomes() []exit      { return nil }
func (o opaque) check(*checker) Step { return o }
