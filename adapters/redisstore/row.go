package redisstore

import (
	"encoding/binary"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/afterbeep/afterbeep/autoreply"
	"github.com/afterbeep/afterbeep/phone"
)

// A row is a string: a head of six fields, 8 bytes each, and the entry in the
// code of package autoreply. The scripts read the head only, and compare its
// bytes; a number of Lua has 53 bits and would forget the last digits of an
// instant.
//
//	 0  place among the due keys, never later than due
//	 8  place among the expiries, never later than expires
//	16  revision  big-endian
//	24  due       an instant, or zeros for never
//	32  expires   an instant
//	40  nonce     of the swap that wrote the row
//	48  entry
//
// The places are the scripts' own; a client sends what comes after them.
const (
	field  = 8
	places = 2 * field
	head   = 6 * field
)

// instant is t as a number that sorts as the instants do: nanoseconds since
// 1970, moved so that none is negative, and none zero. What lies before 1678 or
// after 2261 stays at the end of that range.
func instant(t time.Time) uint64 {
	n := t.UnixNano()
	switch year := t.UTC().Year(); {
	case year < 1678:
		n = math.MinInt64 + 1
	case year > 2261:
		n = math.MaxInt64
	}
	return uint64(n) ^ 1<<63
}

// after is the first member of a sorted set that comes later than t.
func after(t time.Time) string {
	at := instant(t)
	if at != math.MaxUint64 { // what lies beyond the range is never early
		at++
	}
	return string(binary.BigEndian.AppendUint64([]byte{'('}, at))
}

// encode is the revision before next, and the row without its places.
func encode(next autoreply.Entry, nonce uint64) (before, row string, err error) {
	var due uint64
	if !next.Due.IsZero() {
		due = instant(next.Due)
	}
	b := make([]byte, 0, 256)
	b = binary.BigEndian.AppendUint64(b, uint64(next.Revision-1))
	b = binary.BigEndian.AppendUint64(b, uint64(next.Revision))
	b = binary.BigEndian.AppendUint64(b, due)
	b = binary.BigEndian.AppendUint64(b, instant(next.Expires))
	b = binary.BigEndian.AppendUint64(b, nonce)
	b, err = next.AppendBinary(b)
	if err != nil {
		return "", "", final{fmt.Errorf("redisstore: swap: %w", err)}
	}
	if n := len(b) - (head - places + field); n > MaxEntry {
		return "", "", tooLarge("an entry", n, MaxEntry)
	}
	both := string(b)
	return both[:field], both[field:], nil
}

func decode(row []byte) (autoreply.Entry, error) {
	var e autoreply.Entry
	if len(row) < head {
		return e, fmt.Errorf("%w: %d bytes", autoreply.ErrRow, len(row))
	}
	err := e.UnmarshalBinary(row[head:])
	return e, err
}

// name is k as one string behind a prefix: two lengths say where the fields
// end, so that no two keys have the same name.
func name(prefix string, k autoreply.Key) string {
	b := make([]byte, 0, 128)
	b = append(b, prefix...)
	b = append(strconv.AppendInt(b, int64(len(k.Tenant)), 10), ':')
	b = append(strconv.AppendInt(b, int64(len(k.Line)), 10), ':')
	b = append(b, k.Tenant...)
	b = append(b, k.Line...)
	b = append(b, k.Contact...)
	return string(b)
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
