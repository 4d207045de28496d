package redisstore

import (
	"context"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"
)

// index is one of the sorted sets: its members are instants followed by keys.
// A member may stand earlier than its row says, see swap.lua.
type index struct {
	set   string
	place int // of the field of a row that tells where its key stands
}

// member of an index that stands where its row says.
type member struct{ at, key string }

// settleBatch is how many members are moved by one script, so that it does not
// hold the server up.
const settleBatch = 100

// page reads the first members until an instant, at most limit, and compares
// each with its row. Those that stand too early, or are nobody's, are moved to
// where they belong, and left out; moved says whether there were any. more says
// that there may be others behind the page.
func (l *Ledger) page(ctx context.Context, x index, until time.Time, limit int) (found []member, moved, more bool, err error) {
	members, err := l.client.ZRangeByLex(ctx, x.set, &redis.ZRangeBy{Min: "-", Max: after(until), Count: int64(limit)}).Result()
	if err != nil || len(members) == 0 {
		return nil, false, false, err
	}
	heads := make([]*redis.StringCmd, len(members))
	_, err = l.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, m := range members {
			_, key := split(m)
			heads[i] = p.GetRange(ctx, l.rows+key, 0, head-1)
		}
		return nil
	})
	if err != nil {
		return nil, false, false, err
	}
	var wrong []string
	for i, m := range members {
		at, key := split(m)
		if x.stands(heads[i].Val(), at) {
			found = append(found, member{at, key})
			continue
		}
		wrong = append(wrong, m)
	}
	for some := range slices.Chunk(wrong, settleBatch) {
		if err := l.settleAll(ctx, x, some); err != nil {
			return nil, false, false, err
		}
	}
	return found, len(wrong) > 0, len(members) == limit, nil
}

// stands reports whether a row says of itself what its member says.
func (x index) stands(row, at string) bool {
	const value = 3 * field // from the place to the instant
	return len(row) == head && row[x.place:x.place+field] == at && row[x.place+value:x.place+value+field] == at
}

func (l *Ledger) settleAll(ctx context.Context, x index, members []string) error {
	keys, args := []string{x.set}, []any{x.place}
	for _, m := range members {
		_, key := split(m)
		keys, args = append(keys, l.rows+key), append(args, m)
	}
	return l.settle.Run(ctx, l.client, keys, args...).Err()
}
