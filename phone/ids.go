package phone

// TenantID is the customer whose data this is. It is part of every key and of
// every socket method in afterbeep. The empty tenant is legal: it is the only
// one of a host that serves a single customer.
type TenantID string

// LineID is a phone number as a thing that is owned and configured: it has
// hours, a flow, a mailbox and settings. It is the host's own identifier.
type LineID string

// MailboxID is a voicemail box within a tenant, in the host's own words.
type MailboxID string

// ContactKey is who a text would go to. A host that knows that two numbers
// belong to one person gives both the same key; otherwise it is the canonical
// form of the number (see [Event.ContactKey]).
type ContactKey string
