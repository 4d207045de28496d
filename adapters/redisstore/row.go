package redisstore

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/phone"
)

// A row is a string: a head of four fields, 16 bytes each, and the entry as
// JSON. The scripts read the head only, and compare its bytes; a number of Lua
// has 53 bits and would forget the last digits of an instant.
//
//	 0  revision  hexadecimal
//	16  due       an instant, or dashes for never
//	32  expires   an instant
//	48  nonce     of the swap that wrote the row
//	64  entry
const (
	field = 16
	head  = 4 * field
	never = "----------------"
)

func revision(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%016x", n)
}

// instant is t in 16 hexadecimal digits that sort as the instants do:
// nanoseconds since 1970, moved so that none is negative. What lies before
// 1678 or after 2261 stays at the end of that range.
func instant(t time.Time) string {
	var n int64
	switch year := t.UTC().Year(); {
	case year < 1678:
		n = math.MinInt64
	case year > 2261:
		n = math.MaxInt64
	default:
		n = t.UnixNano()
	}
	return fmt.Sprintf("%016x", uint64(n)^1<<63)
}

// after is the first member of a sorted set that comes later than t.
func after(t time.Time) string {
	at := instant(t)
	if at == strings.Repeat("f", field) {
		return "(" + at // what lies beyond the range is never early
	}
	n, _ := strconv.ParseUint(at, 16, 64) // instant wrote it
	return fmt.Sprintf("(%016x", n+1)
}

func encode(next autoreply.Entry, nonce string) (string, error) {
	text, err := json.Marshal(next)
	if err != nil {
		return "", final{fmt.Errorf("redisstore: swap: %w", err)}
	}
	if len(text) > MaxEntry {
		return "", tooLarge("an entry", len(text), MaxEntry)
	}
	due := never
	if !next.Due.IsZero() {
		due = instant(next.Due)
	}
	return revision(next.Revision) + due + instant(next.Expires) + nonce + string(text), nil
}

func decode(row []byte) (autoreply.Entry, error) {
	var e autoreply.Entry
	if len(row) < head {
		return e, fmt.Errorf("%w: %d bytes", autoreply.ErrRow, len(row))
	}
	if err := json.Unmarshal(row[head:], &e); err != nil {
		return autoreply.Entry{}, fmt.Errorf("%w: %w", autoreply.ErrRow, err)
	}
	if e.V > autoreply.EntryVersion {
		return autoreply.Entry{}, fmt.Errorf("%w: version %d, this release knows %d", autoreply.ErrRow, e.V, autoreply.EntryVersion)
	}
	return e, nil
}

// name is k as one string: two lengths say where the fields end, so that no
// two keys have the same name.
func name(k autoreply.Key) string {
	var b strings.Builder
	b.Grow(8 + len(k.Tenant) + len(k.Line) + len(k.Contact))
	b.WriteString(strconv.Itoa(len(k.Tenant)))
	b.WriteByte(':')
	b.WriteString(strconv.Itoa(len(k.Line)))
	b.WriteByte(':')
	b.WriteString(string(k.Tenant))
	b.WriteString(string(k.Line))
	b.WriteString(string(k.Contact))
	return b.String()
}

func unname(text string) (autoreply.Key, error) {
	tenant, rest, _ := strings.Cut(text, ":")
	line, rest, ok := strings.Cut(rest, ":")
	t, errT := strconv.Atoi(tenant)
	l, errL := strconv.Atoi(line)
	if !ok || errT != nil || errL != nil || t < 0 || l < 0 || t > len(rest) || l > len(rest)-t {
		return autoreply.Key{}, fmt.Errorf("%w: a key of %d bytes", autoreply.ErrRow, len(text))
	}
	return autoreply.Key{
		Tenant: phone.TenantID(rest[:t]), Line: phone.LineID(rest[t : t+l]), Contact: phone.ContactKey(rest[t+l:]),
	}, nil
}

// split takes a member of a sorted set apart.
func split(member string) (at, key string) {
	n := min(field, len(member))
	return member[:n], member[n:]
}
