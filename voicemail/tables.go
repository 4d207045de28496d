package voicemail

import (
	"cmp"
	"slices"
	"strings"

	"github.com/afterbeep/afterbeep/phone"
)

// tables are the rows of a Store in memory, for Memory and for Dir. They do
// not lock. A stored row is never changed, only replaced.
type tables struct {
	boxes    map[BoxID]*boxTable
	captures map[rowID]*CaptureRow
	tasks    map[rowID]*Task
	due      []*Task // ordered by compareTasks
}

type rowID struct {
	tenant phone.TenantID
	id     string
}

type boxTable struct {
	box      *Box
	messages map[string]*Message
	byNumber []*Message // ascending
	bySeq    []*Message // ascending
}

func newTables() *tables {
	return &tables{
		boxes:    make(map[BoxID]*boxTable),
		captures: make(map[rowID]*CaptureRow),
		tasks:    make(map[rowID]*Task),
	}
}

func (c CaptureRow) rowID() rowID { return rowID{c.Request.Call.Tenant, c.Request.Key} }

func (t Task) rowID() rowID { return rowID{t.Box.Tenant, t.ID} }

func compareTasks(a, b *Task) int {
	return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Seq, b.Seq), strings.Compare(a.ID, b.ID),
		cmp.Compare(a.Box.Tenant, b.Box.Tenant))
}

func compareNumber(m *Message, n int) int { return cmp.Compare(m.Number, n) }

func compareSeq(m *Message, n int) int { return cmp.Compare(m.Seq, n) }

// next returns b with the revisions that its rows get, or ErrConflict.
func (t *tables) next(b Batch) (Batch, error) {
	seen := make(map[any]bool, len(b.Boxes)+len(b.Captures)+len(b.Messages)+len(b.Tasks))
	ok := true
	check := func(key any, revision, stored int) int {
		ok = ok && revision == stored && !seen[key]
		seen[key] = true
		return revision + 1
	}
	b.Boxes, b.Captures = slices.Clone(b.Boxes), slices.Clone(b.Captures)
	b.Messages, b.Tasks = slices.Clone(b.Messages), slices.Clone(b.Tasks)
	for i := range b.Boxes {
		row := b.Boxes[i].clone()
		stored := 0
		if old := t.boxes[row.ID]; old != nil && old.box != nil {
			stored = old.box.Revision
		}
		row.Revision = check(row.ID, row.Revision, stored)
		b.Boxes[i] = row
	}
	for i := range b.Captures {
		row := &b.Captures[i]
		stored := 0
		if old := t.captures[row.rowID()]; old != nil {
			stored = old.Revision
		}
		row.Revision = check(row.rowID(), row.Revision, stored)
	}
	for i := range b.Messages {
		row := b.Messages[i].clone()
		stored := 0
		if box := t.boxes[row.Box]; box != nil && box.messages[row.ID] != nil {
			stored = box.messages[row.ID].Revision
		}
		row.Revision = check(messageKey{row.Box, row.ID}, row.Revision, stored)
		b.Messages[i] = row
	}
	for i := range b.Tasks {
		row := &b.Tasks[i]
		stored := 0
		if old := t.tasks[row.rowID()]; old != nil {
			stored = old.Revision
		}
		row.Revision = check(taskKey(row.rowID()), row.Revision, stored)
	}
	if !ok {
		return Batch{}, ErrConflict
	}
	return b, nil
}

type messageKey struct {
	box BoxID
	id  string
}

type taskKey rowID

// put stores rows as they are. It is also how a journal is read back.
func (t *tables) put(b Batch) {
	for i := range b.Boxes {
		t.table(b.Boxes[i].ID).box = &b.Boxes[i]
	}
	for i := range b.Captures {
		row := &b.Captures[i]
		if row.Gone {
			delete(t.captures, row.rowID())
			continue
		}
		t.captures[row.rowID()] = row
	}
	for i := range b.Messages {
		t.table(b.Messages[i].Box).put(&b.Messages[i])
	}
	for i := range b.Tasks {
		t.putTask(&b.Tasks[i])
	}
}

func (t *tables) table(id BoxID) *boxTable {
	box := t.boxes[id]
	if box == nil {
		box = &boxTable{messages: make(map[string]*Message)}
		t.boxes[id] = box
	}
	return box
}

func (b *boxTable) put(m *Message) {
	if old := b.messages[m.ID]; old != nil {
		b.byNumber = remove(b.byNumber, old.Number, compareNumber)
		b.bySeq = remove(b.bySeq, old.Seq, compareSeq)
		delete(b.messages, m.ID)
	}
	if m.Gone {
		return
	}
	b.messages[m.ID] = m
	b.byNumber = insert(b.byNumber, m, m.Number, compareNumber)
	b.bySeq = insert(b.bySeq, m, m.Seq, compareSeq)
}

func insert(list []*Message, m *Message, n int, order func(*Message, int) int) []*Message {
	i, _ := slices.BinarySearchFunc(list, n, order)
	return slices.Insert(list, i, m)
}

func remove(list []*Message, n int, order func(*Message, int) int) []*Message {
	if i, ok := slices.BinarySearchFunc(list, n, order); ok {
		return slices.Delete(list, i, i+1)
	}
	return list
}

// pick returns the messages with these ids, by ascending Number.
func (b *boxTable) pick(ids []string) []*Message {
	var list []*Message
	for _, id := range ids {
		if m := b.messages[id]; m != nil {
			list = insert(list, m, m.Number, compareNumber)
		}
	}
	return slices.Compact(list)
}

func (t *tables) putTask(row *Task) {
	if old := t.tasks[row.rowID()]; old != nil {
		if i, ok := slices.BinarySearchFunc(t.due, old, compareTasks); ok {
			t.due = slices.Delete(t.due, i, i+1)
		}
		delete(t.tasks, row.rowID())
	}
	if row.Done {
		return
	}
	t.tasks[row.rowID()] = row
	i, _ := slices.BinarySearchFunc(t.due, row, compareTasks)
	t.due = slices.Insert(t.due, i, row)
}

// all returns every row, in pieces of at most n.
func (t *tables) all(n int, yield func(Batch) bool) {
	var b Batch
	rows := 0
	flush := func(force bool) bool {
		if rows++; rows < n && !force {
			return true
		}
		out := b
		b, rows = Batch{}, 0
		return yield(out)
	}
	for _, box := range t.boxes {
		if box.box != nil {
			b.Boxes = append(b.Boxes, *box.box)
		}
		for _, m := range box.byNumber {
			b.Messages = append(b.Messages, *m)
			if !flush(false) {
				return
			}
		}
		if !flush(false) {
			return
		}
	}
	for _, c := range t.captures {
		b.Captures = append(b.Captures, *c)
		if !flush(false) {
			return
		}
	}
	for _, task := range t.due {
		b.Tasks = append(b.Tasks, *task)
		if !flush(false) {
			return
		}
	}
	flush(true)
}
