package autoreply

import "time"

// ShardRows is how many rows a shard has when a ledger is full, on average.
const ShardRows = shardRows

// Turns does what Sweep, Snapshot or Due do under each lock, and tells of each
// turn how long it took and how many rows and places it looked at.
func Turns(m *Memory, turn func(shard int)) (holds []time.Duration, visited []uint64) {
	for i := range m.shards {
		before, begun := m.shards[i].table.visited, time.Now()
		turn(i)
		holds = append(holds, time.Since(begun))
		visited = append(visited, m.shards[i].table.visited-before)
	}
	return holds, visited
}

// SweepTurn is the turn of Sweep on a shard, SnapshotTurn that of Snapshot.
func SweepTurn(m *Memory, now time.Time) func(int) {
	return func(i int) { m.sweep(&m.shards[i], now) }
}

func SnapshotTurn(m *Memory) func(int) {
	var rows []settled
	return func(i int) { _, rows = m.save(nil, rows[:0], &m.shards[i]) }
}

// Visited is how many rows and places a change of k has to answer for.
func Visited(m *Memory, k Key) uint64 {
	at := m.place(&k)
	return m.shard(&at).table.visited
}
