// Package template fills placeholders into short texts that people hear or
// read: auto-replies and the scripts of greetings.
//
// # Placeholders
//
// {name} stands for a value. {name|there} has a fallback for when there is no
// value; without one nothing is put in, and the space that would be left over
// goes too. Two braces are one: {{ and }}. An unknown name is an [*Error] with
// its position, so that no contact is ever called "{nmae}".
//
// # Language
//
// Dates are written as the language writes them, and with plain spaces and
// apostrophes, because a no-break space or a curly apostrophe halves what fits
// into a text message. French words elide before a value that begins with a
// vowel: "de {business}" is "d'Acme", and "de Bell".
package template
