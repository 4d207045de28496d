// Package softphone is a telephone for scripts: it places and takes SIP calls,
// says clips, presses keys, waits for a beep and remembers what it hears.
package softphone
