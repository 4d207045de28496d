package transcript

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"
)

// automaton is the smallest deterministic automaton over the words of a
// lexicon: one row of columns a state. State 0 is dead, state 1 the start.
type automaton struct {
	next   []uint16 // state<<6 | class
	accept []uint16 // by state: an index into the sets of rules, 0 for none
}

const start = 1

var errStates = fmt.Errorf("%w: too many words for one filter", ErrOptions)

// form is a word as a sequence of classes, with the rules it triggers.
type form struct {
	word string
	set  uint16
}

type edge struct {
	class byte
	to    int32
}

type node struct {
	edges  []edge
	accept uint16
}

// builder of the automaton: words arrive sorted; whatever is behind the common
// prefix with the last word is final and merged with its equal (Daciuk et al.,
// Incremental Construction of Minimal Acyclic Finite-State Automata, 2000).
type minimiser struct {
	nodes    []node
	register map[string]int32
	path     []int32 // nodes of the last word
	last     string
	key      []byte
	free     []int32
}

func build(forms []form) (*automaton, error) {
	slices.SortFunc(forms, func(a, b form) int { return strings.Compare(a.word, b.word) })
	m := &minimiser{nodes: make([]node, 1, 4096), register: make(map[string]int32, 4096), path: []int32{0}}
	for _, f := range forms {
		m.add(f)
	}
	m.fold(0)
	return m.table()
}

func (m *minimiser) add(f form) {
	common := 0
	for common < len(f.word) && common < len(m.last) && f.word[common] == m.last[common] {
		common++
	}
	m.fold(common)
	for _, c := range []byte(f.word[common:]) {
		id := m.fresh()
		from := m.path[len(m.path)-1]
		m.nodes[from].edges = append(m.nodes[from].edges, edge{c, id})
		m.path = append(m.path, id)
	}
	m.nodes[m.path[len(m.path)-1]].accept = f.set
	m.last = f.word
}

func (m *minimiser) fresh() int32 {
	if n := len(m.free); n > 0 {
		id := m.free[n-1]
		m.free = m.free[:n-1]
		m.nodes[id].edges, m.nodes[id].accept = m.nodes[id].edges[:0], 0
		return id
	}
	m.nodes = append(m.nodes, node{})
	return int32(len(m.nodes) - 1)
}

// fold merges the nodes of the path that lie deeper than depth.
func (m *minimiser) fold(depth int) {
	for len(m.path) > depth+1 {
		id := m.path[len(m.path)-1]
		m.path = m.path[:len(m.path)-1]
		m.key = binary.LittleEndian.AppendUint16(m.key[:0], m.nodes[id].accept)
		for _, e := range m.nodes[id].edges {
			m.key = append(m.key, e.class)
			m.key = binary.LittleEndian.AppendUint32(m.key, uint32(e.to))
		}
		if twin, ok := m.register[string(m.key)]; ok {
			parent := m.nodes[m.path[len(m.path)-1]].edges
			parent[len(parent)-1].to = twin
			m.free = append(m.free, id)
			continue
		}
		m.register[string(m.key)] = id
	}
}

func (m *minimiser) table() (*automaton, error) {
	number := make([]uint16, len(m.nodes))
	count := 1 // 0 is dead
	var visit func(id int32)
	var order []int32
	visit = func(id int32) {
		if number[id] != 0 || count > math.MaxUint16 {
			return
		}
		number[id] = uint16(count)
		count++
		order = append(order, id)
		for _, e := range m.nodes[id].edges {
			visit(e.to)
		}
	}
	visit(0)
	if count > math.MaxUint16 {
		return nil, errStates
	}
	a := &automaton{next: make([]uint16, count*columns), accept: make([]uint16, count)}
	for _, id := range order {
		s := number[id]
		a.accept[s] = m.nodes[id].accept
		for _, e := range m.nodes[id].edges {
			a.next[int(s)<<6|int(e.class)] = number[e.to]
		}
	}
	return a, nil
}
