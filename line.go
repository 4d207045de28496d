package afterbeep

import (
	"errors"
	"fmt"

	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/phone"
)

// maxSchedules is how many schedules a line may name.
const maxSchedules = 32

// Line names what belongs to a phone number. It is data of the host; the desk
// asks for it with the socket [Sockets.Line] whenever a node takes a call up.
type Line struct {
	Tenant  phone.TenantID  `json:"tenant,omitempty"`
	ID      phone.LineID    `json:"id"`
	Number  phone.Number    `json:"number,omitzero"`
	Shared  bool            `json:"shared,omitempty"` // several people answer it; do not disturb never silences it
	Mailbox phone.MailboxID `json:"mailbox"`
	// Flow is the digest of the flow that new calls begin on. A call that is
	// under way stays on the flow it began on.
	Flow string `json:"flow"`
	// Schedules are the names of opening hours that the flow refers to, each
	// asked of [Sockets.Schedule]; a call keeps the first answer of each.
	Schedules []string `json:"schedules,omitempty"`
	// Greetings is the name of the greeting set, for [Sockets.Greetings].
	Greetings string `json:"greetings,omitempty"`
	// Languages of the callers, the main one first: the language of who has
	// neither a preference nor chosen one by a key. Other settings of a line
	// take effect where they belong, see [Settings].
	Languages []language.Tag `json:"languages,omitempty"`
}

// Check reports every problem of the line, joined.
func (l Line) Check() error {
	var problems []error
	if l.ID == "" {
		problems = append(problems, errors.New("/id: missing"))
	}
	if l.Mailbox == "" {
		problems = append(problems, errors.New("/mailbox: missing"))
	}
	if l.Flow == "" {
		problems = append(problems, errors.New("/flow: missing"))
	}
	if len(l.Schedules) > maxSchedules {
		problems = append(problems, fmt.Errorf("/schedules: %d names, at most %d", len(l.Schedules), maxSchedules))
	}
	for _, name := range append(l.Schedules, l.Greetings) {
		if len(name) > maxText {
			problems = append(problems, fmt.Errorf("a name of %d bytes, at most %d", len(name), maxText))
		}
	}
	problems = append(problems, Settings{Languages: l.Languages}.problems("")...)
	if len(problems) == 0 {
		return nil
	}
	return fmt.Errorf("afterbeep: line %q: %w", l.ID, errors.Join(problems...))
}
