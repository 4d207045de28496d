// Package greeting chooses what a caller hears before the beep, and says why.
package greeting
