package voicemail

import (
	"slices"
	"strconv"
	"time"

	"github.com/afterbeep/afterbeep/phone"
)

func (t *tables) dueTasks(before time.Time, limit int) []Task {
	var tasks []Task
	for _, task := range t.due {
		if task.Due.After(before) || len(tasks) >= limit {
			break
		}
		tasks = append(tasks, *task)
	}
	return tasks
}

func (t *tables) page(id BoxID, q Query) (Page, error) {
	box := t.boxes[id]
	if box == nil || box.box == nil {
		return Page{}, ErrNotFound
	}
	p := Page{Seq: box.box.Seq, Counts: box.box.Counts}
	if q.Since > 0 {
		i, _ := slices.BinarySearchFunc(box.bySeq, q.Since+1, compareSeq)
		for _, m := range box.bySeq[i:min(len(box.bySeq), i+q.Size())] {
			p.Messages = append(p.Messages, m.clone())
		}
		return p, nil
	}
	list := box.byNumber
	if len(q.IDs) > 0 {
		list = box.pick(q.IDs)
	}
	i := len(list)
	if q.After != "" {
		n, err := strconv.Atoi(q.After)
		if err != nil {
			return Page{}, ErrNotFound
		}
		i, _ = slices.BinarySearchFunc(list, n, compareNumber)
	}
	for i--; i >= 0; i-- {
		m := list[i]
		if !q.Match(m) {
			continue
		}
		if len(p.Messages) == q.Size() {
			p.Next = strconv.Itoa(p.Messages[len(p.Messages)-1].Number)
			break
		}
		p.Messages = append(p.Messages, m.clone())
	}
	return p, nil
}

func (t *tables) boxRow(id BoxID) (Box, error) {
	box := t.boxes[id]
	if box == nil || box.box == nil {
		return Box{}, ErrNotFound
	}
	return box.box.clone(), nil
}

func (t *tables) captureRow(tenant phone.TenantID, key string) (CaptureRow, error) {
	row := t.captures[rowID{tenant, key}]
	if row == nil {
		return CaptureRow{}, ErrNotFound
	}
	return *row, nil
}
