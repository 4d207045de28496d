// Package siphost is a SIP host for afterbeep: it answers INVITEs, plays,
// records, collects keys and rings phones, over UDP, with RTP in G.711.
package siphost
