// Package phonenumbers reads phone numbers as people of any region write them.
// It is a [phone.NationalParser] for the whole world, on top of the metadata of
// libphonenumber in github.com/nyaruka/phonenumbers; package phone itself knows
// North America only and downloads nothing of this.
//
// # Reading
//
// [Parse] is the socket: set it wherever afterbeep asks for a NationalParser.
// The region is where the number was written or dialled, an ISO 3166-1 code. A
// number that begins with a plus needs none.
//
// # What is refused, and why
//
// A number that its country does not hand out is an error, a
// [*phone.NumberError] like every other one: a typing mistake that is found
// while it is typed costs nothing, a text to a stranger does. The tables are
// those of the release of the library; a range that was opened since is unknown
// to them. A host that reads numbers from the network, where they are in use by
// definition, takes [phone.ParseNumber] for those.
//
// # Traps
//
// Two things that the library does are undone here:
//
//   - A short code is no number. The library makes +1911 of 911 in the US and
//     +122395 of 22395; Parse asks for short codes first, and never makes an
//     international number of up to six digits that its country does not know.
//   - It looks for a number anywhere in a text. Parse wants the whole text to
//     be one, and names the first byte that does not belong to it.
//
// Letters on the keys (1-800-FLOWERS) count if the result exists; a text that
// begins with a letter is a sender's name or a withheld number, as package
// phone reads it. An extension is dropped: [phone.Number] has none.
//
// # Cost
//
// The tables are compressed inside the program, about 7 MB, and unpacked by
// region at the first use, which takes some 80 µs; a number takes 15 to 30 µs.
// Parse keeps nothing, and is safe for concurrent use.
//
// # Zones
//
// [Zone] guesses the contact's time zone for the quiet hours of package
// autoreply, and only where the number leaves no choice. A mobile number goes
// where its owner goes: what the host knows of a contact comes first.
package phonenumbers
