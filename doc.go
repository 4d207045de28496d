// Package afterbeep is what happens after the beep.
package afterbeep
