package callflow

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/afterbeep/afterbeep/phone"
)

// Command is one thing for the host to do. It holds all that the host needs to
// know; its JSON form carries the action as a tagged object:
//
//	{"id":2,"slot":1,"call":"c1","step":"menu","at":"…","wait":true,
//	 "action":{"do":"collect","prompt":"welcome","keys":["1","2"],"first":"5s","between":"3s"}}
type Command struct {
	// ID is the number of the turn, which [Input.Command] answers. The
	// commands of one turn share it; their actions tell them apart.
	ID uint32
	// Slot is the number of the visit of the step: it grows each time a step
	// is entered, and stays while a menu asks again.
	Slot   uint32
	Tenant phone.TenantID
	Call   string
	Step   string
	// At is when the flow decided this, by the clock of the input; the same
	// when the command is rebuilt.
	At time.Time
	// Wait is true for the awaited command of the turn. The others are
	// performed, in order, and not waited for.
	Wait bool
	// Divert is why the caller is here, as of now.
	Divert phone.Divert
	Action Action
}

// Key is the idempotency key of the slot, unique within the tenant: the call
// and the visit. Prepare, Record and Release of one visit share it, and so
// does every repetition of them, on whatever node.
func (c Command) Key() string {
	key := make([]byte, 0, len(c.Call)+1+10)
	key = append(append(key, c.Call...), '/')
	return string(strconv.AppendUint(key, uint64(c.Slot), 10))
}

// commandJSON is the JSON form of a Command.
type commandJSON struct {
	ID     uint32          `json:"id"`
	Slot   uint32          `json:"slot"`
	Tenant phone.TenantID  `json:"tenant,omitempty"`
	Call   string          `json:"call"`
	Step   string          `json:"step,omitempty"`
	At     time.Time       `json:"at,omitzero"`
	Wait   bool            `json:"wait,omitempty"`
	Divert phone.Divert    `json:"divert,omitzero"`
	Action json.RawMessage `json:"action,omitempty"`
}

// MarshalJSON implements [json.Marshaler].
func (c Command) MarshalJSON() ([]byte, error) {
	form := commandJSON{
		ID: c.ID, Slot: c.Slot, Tenant: c.Tenant, Call: c.Call, Step: c.Step,
		At: c.At, Wait: c.Wait, Divert: c.Divert,
	}
	if c.Action != nil {
		w := writer{}
		w.open()
		w.member("do", c.Action.do())
		c.Action.fields(&w)
		form.Action = w.close()
	}
	return json.Marshal(form)
}

// UnmarshalJSON implements [json.Unmarshaler]. It is strict about the action:
// an unknown one, or an unknown field of one, is an error.
func (c *Command) UnmarshalJSON(data []byte) error {
	var form commandJSON
	if err := json.Unmarshal(data, &form); err != nil {
		return err
	}
	read := Command{
		ID: form.ID, Slot: form.Slot, Tenant: form.Tenant, Call: form.Call, Step: form.Step,
		At: form.At, Wait: form.Wait, Divert: form.Divert,
	}
	if len(form.Action) > 0 {
		action, report := readAction(form.Action)
		if err := report.Err(); err != nil {
			return err
		}
		read.Action = action
	}
	*c = read
	return nil
}

func readAction(data []byte) (Action, Report) {
	c := checker{}
	object := c.object(data)
	if object == nil {
		return nil, c.report
	}
	r := reader{c: &c, object: object}
	var name string
	r.text("do", &name)
	for _, action := range actions() {
		if action.do() == name {
			action = action.fields(&r)
			r.rest()
			return action, c.report
		}
	}
	c.failf(UnknownKind, "do", "use one of package callflow's actions", "no action is called %s", quote(name))
	return nil, c.report
}
