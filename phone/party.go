package phone

// Party is one end of a call or a text.
//
// Name and URI come from the network. They are hostile text: escape them for
// every output, and never use them in a path, a command or a query.
type Party struct {
	Number Number `json:"number,omitzero"`
	Name   string `json:"name,omitempty"`
	URI    string `json:"uri,omitempty"`
}

// Actor is who did something: the zero value is nobody in particular. It
// matters because a caller whom a person of the team has just called or written
// to gets no auto-reply, while replies and campaigns do not count (product rule:
// Quo help, "Auto-replies").
type Actor struct {
	Kind ActorKind `json:"kind,omitempty"`
	ID   string    `json:"id,omitempty"` // the host's own identifier
}

// ActorKind tells people from machines. Only what a person did counts as
// contact with a caller (the recent-contact rule of autoreply).
type ActorKind string

// The kinds of actors.
const (
	Person  ActorKind = "person"  // a member of the team, by hand
	Machine ActorKind = "machine" // an automation: an auto-reply, a campaign, a bot
	System  ActorKind = "system"  // the phone system itself
)
