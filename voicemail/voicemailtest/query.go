package voicemailtest

import (
	"fmt"
	"slices"

	"github.com/afterbeep/afterbeep/phone"
	"github.com/afterbeep/afterbeep/voicemail"
)

func ids(messages []voicemail.Message) []string {
	var list []string
	for _, m := range messages {
		list = append(list, m.ID)
	}
	return list
}

func checkQueries(t tb, s voicemail.Store) {
	b := voicemail.Batch{Boxes: []voicemail.Box{newBox("t")}}
	for n := 1; n <= 8; n++ {
		m := newMessage("t", n)
		switch n {
		case 3:
			m.Deleted = instant
		case 4:
			m.Folder = "work"
		case 5:
			m.Call.Caller.Number = number("+15145550199")
		case 6:
			m.Call.Caller.Number, m.Heard = phone.Number{}, instant
		case 7:
			m.Folder, m.Deleted = "work", instant
		}
		b.Messages = append(b.Messages, m)
	}
	must(t, s.Apply(t.Context(), b), "create")
	tests := []struct {
		q    voicemail.Query
		want []string
	}{
		{voicemail.Query{}, []string{"m8", "m6", "m5", "m4", "m2", "m1"}},
		{voicemail.Query{Folder: voicemail.Inbox}, []string{"m8", "m6", "m5", "m2", "m1"}},
		{voicemail.Query{Folder: "work"}, []string{"m4"}},
		{voicemail.Query{Folder: voicemail.Bin}, []string{"m7", "m3"}},
		{voicemail.Query{Folder: "none"}, nil},
		{voicemail.Query{Contact: number("+15145550199")}, []string{"m5"}},
		{voicemail.Query{Contact: number("+15145550100"), Folder: voicemail.Bin}, []string{"m7", "m3"}},
		{voicemail.Query{IDs: []string{"m3", "m8", "none", "m1", "m1"}}, []string{"m8", "m3", "m1"}},
		{voicemail.Query{IDs: []string{"m3", "m8"}, Folder: voicemail.Inbox}, []string{"m8"}},
		{voicemail.Query{IDs: []string{"m3", "m5"}, Contact: number("+15145550199")}, []string{"m5"}},
	}
	for _, tt := range tests {
		p, err := s.Messages(t.Context(), boxID("t"), tt.q)
		must(t, err, "messages")
		want(t, slices.Equal(ids(p.Messages), tt.want), "%+v: %v, want %v", tt.q, ids(p.Messages), tt.want)
		want(t, p.Seq == 3 && p.Counts == newBox("t").Counts && p.Next == "", "%+v: seq %d, counts %+v, next %q", tt.q, p.Seq, p.Counts, p.Next)
	}
}

func checkPages(t tb, s voicemail.Store) {
	put := func(n int) {
		m := newMessage("t", n)
		if n%3 == 0 {
			m.Folder = "other"
		}
		must(t, s.Apply(t.Context(), voicemail.Batch{Messages: []voicemail.Message{m}}), "create")
	}
	must(t, s.Apply(t.Context(), voicemail.Batch{Boxes: []voicemail.Box{newBox("t")}}), "create")
	const first = 40
	for n := 1; n <= first; n++ {
		put(n)
	}
	var got, expected []string
	q := voicemail.Query{Folder: voicemail.Inbox, Limit: 7}
	for n := first; ; n++ {
		p, err := s.Messages(t.Context(), boxID("t"), q)
		must(t, err, "messages")
		want(t, len(p.Messages) <= 7, "%d messages on a page of 7", len(p.Messages))
		got = append(got, ids(p.Messages)...)
		if q.After = p.Next; q.After == "" {
			break
		}
		put(n + 1) // arrives while somebody turns the page
	}
	for n := first; n >= 1; n-- {
		if n%3 != 0 {
			expected = append(expected, fmt.Sprintf("m%d", n))
		}
	}
	want(t, slices.Equal(got, expected), "pages: %v, want %v", got, expected)
	for n := first * 2; n <= first*2+voicemail.PageLimit; n++ {
		put(n)
	}
	p, err := s.Messages(t.Context(), boxID("t"), voicemail.Query{Limit: 1 << 30})
	must(t, err, "messages")
	want(t, len(p.Messages) == voicemail.PageLimit && p.Next != "", "a page of %d messages, next %q", len(p.Messages), p.Next)
}

func checkFeed(t tb, s voicemail.Store) {
	b := voicemail.Batch{Boxes: []voicemail.Box{newBox("t")}}
	for n := 1; n <= 6; n++ {
		b.Messages = append(b.Messages, newMessage("t", n))
	}
	must(t, s.Apply(t.Context(), b), "create")
	m := load(t, s, boxID("t"), "m2")
	m.Seq, m.Deleted = 9, instant
	must(t, s.Apply(t.Context(), voicemail.Batch{Messages: []voicemail.Message{m}}), "update")
	for _, tt := range []struct {
		q    voicemail.Query
		want []string
	}{
		{voicemail.Query{Since: 3}, []string{"m4", "m5", "m6", "m2"}},
		{voicemail.Query{Since: 3, Limit: 2}, []string{"m4", "m5"}},
		{voicemail.Query{Since: 5, Limit: 2, Folder: "none", IDs: []string{"m1"}}, []string{"m6", "m2"}},
		{voicemail.Query{Since: 8}, []string{"m2"}},
		{voicemail.Query{Since: 9}, nil},
	} {
		p, err := s.Messages(t.Context(), boxID("t"), tt.q)
		must(t, err, "messages")
		want(t, slices.Equal(ids(p.Messages), tt.want), "%+v: %v, want %v", tt.q, ids(p.Messages), tt.want)
	}
}

func checkSnapshot(t tb, s voicemail.Store) {
	must(t, s.Apply(t.Context(), voicemail.Batch{Boxes: []voicemail.Box{{ID: boxID("t")}}}), "create")
	const all = 60
	failed := make(chan error, 1)
	go func() {
		defer close(failed)
		for n := 1; n <= all; n++ {
			box, err := s.Box(t.Context(), boxID("t"))
			box.Counts.New, box.Seq = n, n
			if err == nil {
				err = s.Apply(t.Context(), voicemail.Batch{Boxes: []voicemail.Box{box}, Messages: []voicemail.Message{newMessage("t", n)}})
			}
			if err != nil {
				failed <- err
				return
			}
		}
	}()
	for seen := 0; seen < all; {
		p, err := s.Messages(t.Context(), boxID("t"), voicemail.Query{})
		must(t, err, "messages")
		want(t, len(p.Messages) == p.Counts.New && p.Seq == p.Counts.New, "%d messages, counted %d, seq %d", len(p.Messages), p.Counts.New, p.Seq)
		want(t, p.Counts.New >= seen, "a box went back from %d to %d", seen, p.Counts.New)
		seen = p.Counts.New
		select {
		case err := <-failed:
			must(t, err, "update")
		default:
		}
	}
	must(t, <-failed, "update")
}
