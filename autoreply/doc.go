// Package autoreply sends a text to a caller whom nobody answered: one text,
// at the right moment, never two.
package autoreply
