// Package examples names the programs below it. Each runs with go run from the
// root of the repository, explains itself with -h, and is tested as a user would
// use it.
//
//   - frontdesk: the whole office. With -demo it places real SIP calls to itself
//     and tells the story of each; without, it takes calls from any softphone.
//   - filter: the profanity filter and the language detector of package
//     transcript, on standard input.
//   - hours: opening hours and holidays at the command line, and a year as a
//     picture.
//   - reply: events in, decisions about auto-replies out, as JSON lines.
package examples
