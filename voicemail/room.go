package voicemail

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// leastRoom is the shortest recording for which a caller is asked to speak
// when the bytes of a box run out.
const leastRoom = 10 * time.Second

// reserve sets room aside when the box has a quota. The bytes are those of the
// longest message, or of what still fits, which then is the longest.
func (s *Service) reserve(box *Box, row *CaptureRow) (bool, error) {
	set := box.Settings
	if set.MaxMessages > 0 && box.Counts.New+box.Counts.Old+box.Reserved.New >= set.MaxMessages {
		return false, ErrFull
	}
	if set.MaxMessages > 0 {
		row.Reserved.New = 1
	}
	if set.MaxBytes > 0 {
		longest := s.bytes(row, s.length(row.Settings))
		least := s.bytes(row, min(leastRoom, s.length(row.Settings)))
		left := set.MaxBytes - box.Counts.Bytes - box.Reserved.Bytes
		if left < least {
			return false, ErrFull
		}
		row.Reserved.Bytes = min(longest, left)
	}
	box.Reserved.New += row.Reserved.New
	box.Reserved.Bytes += row.Reserved.Bytes
	return row.Reserved != (Counts{}), nil
}

// bytes is the size of a WAV file of d.
func (s *Service) bytes(row *CaptureRow, d time.Duration) int64 {
	return samples(d, row.Request.Rate)*int64(row.Request.Codec.Width()) + wavOverhead
}

// full tells the owner, once for each state of the box.
func (s *Service) full(ctx context.Context, row CaptureRow, box Box) {
	now := s.now()
	var b Batch
	for _, ch := range s.channels {
		b.Tasks = append(b.Tasks, Task{
			ID: taskID(TaskNotify, string(NoticeFull), string(box.ID.Mailbox), fmt.Sprint(box.Seq), ch), Kind: TaskNotify,
			Box: box.ID, Due: now, Since: now, Seq: box.Seq, Channel: ch, Notice: NoticeFull,
		})
	}
	if len(b.Tasks) > 0 {
		if err := s.store.Apply(ctx, b); err != nil && !errors.Is(err, ErrConflict) {
			s.log.WarnContext(ctx, "voicemail: full mailbox not announced", "mailbox", box.ID.Mailbox, "err", err)
		}
	}
	s.tell(ctx, EventFull, row, eventData{})
}
