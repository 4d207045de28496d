// Package transcript holds timed words: what a recogniser heard, what a person
// corrected, and what a profanity filter shows of it.
package transcript
