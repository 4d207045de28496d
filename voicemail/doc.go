// Package voicemail keeps the messages that callers leave, and loses none.
package voicemail
