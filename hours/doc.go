// Package hours answers "are we open?", right at every minute of every zone,
// and says why and until when.
package hours
