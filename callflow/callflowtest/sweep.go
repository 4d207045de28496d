package callflowtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/afterbeep/afterbeep/callflow"
)

// isDue checks which calls are due, and in which order.
func isDue(ctx context.Context, s callflow.Sessions, at time.Time, limit int, want ...string) error {
	found, err := s.Due(ctx, at, limit)
	if err != nil {
		return fmt.Errorf("due: %w", err)
	}
	var calls []string
	for _, session := range found {
		calls = append(calls, session.Call)
	}
	if !slices.Equal(calls, want) {
		return fmt.Errorf("due %v, limit %d: %v, want %v", at.Sub(noon), limit, calls, want)
	}
	return nil
}

func dueOrder(ctx context.Context, s callflow.Sessions) error {
	rows := []callflow.Session{
		due("two", "third", noon.Add(2*time.Second)), due("one", "first", noon), due("one", "over", time.Time{}),
		due("one", "fourth", noon.Add(time.Hour)), due("two", "second", noon.Add(time.Second)),
	}
	for _, row := range rows {
		if err := s.Save(ctx, row); err != nil {
			return err
		}
	}
	if err := errors.Join(
		isDue(ctx, s, noon.Add(-time.Second), 10),
		isDue(ctx, s, noon, 10, "first"), // the deadline itself is due
		isDue(ctx, s, noon.Add(time.Minute), 10, "first", "second", "third"),
		isDue(ctx, s, noon.Add(time.Hour), 10, "first", "second", "third", "fourth"),
		// The same instant in another zone.
		isDue(ctx, s, noon.In(time.FixedZone("", -5*3600)), 10, "first"),
	); err != nil {
		return err
	}
	found, err := s.Due(ctx, noon, 1)
	if err != nil {
		return err
	}
	want := rows[1]
	want.Revision = 1
	return same(found[0], want)
}

func dueLimit(ctx context.Context, s callflow.Sessions) error {
	for i := range 5 {
		if err := s.Save(ctx, due("t", fmt.Sprint("c", i), noon.Add(time.Duration(i)*time.Second))); err != nil {
			return err
		}
	}
	return errors.Join(
		isDue(ctx, s, noon.Add(time.Hour), 0),
		isDue(ctx, s, noon.Add(time.Hour), 2, "c0", "c1"),
		isDue(ctx, s, noon.Add(time.Hour), 5, "c0", "c1", "c2", "c3", "c4"),
	)
}

func dueMoves(ctx context.Context, s callflow.Sessions) error {
	row := due("t", "c", noon)
	if err := s.Save(ctx, row); err != nil {
		return err
	}
	later := due("t", "c", noon.Add(time.Hour))
	later.Revision = 1
	if err := s.Save(ctx, later); err != nil {
		return err
	}
	if err := errors.Join(isDue(ctx, s, noon.Add(time.Minute), 10), isDue(ctx, s, noon.Add(time.Hour), 10, "c")); err != nil {
		return fmt.Errorf("the deadline was moved: %w", err)
	}
	// A save that is refused moves nothing.
	if err := s.Save(ctx, row); !errors.Is(err, callflow.ErrConflict) {
		return fmt.Errorf("stale Save: %v, want ErrConflict", err)
	}
	if err := isDue(ctx, s, noon.Add(time.Minute), 10); err != nil {
		return fmt.Errorf("a refused save moved the deadline: %w", err)
	}
	over := due("t", "c", time.Time{})
	over.Revision = 2
	if err := s.Save(ctx, over); err != nil {
		return err
	}
	return isDue(ctx, s, noon.Add(24*time.Hour), 10)
}

const writers = 8

// together runs do by several goroutines at once and joins their errors.
func together(do func(i int) error) error {
	var group sync.WaitGroup
	failures := make([]error, writers)
	for i := range writers {
		group.Go(func() { failures[i] = do(i) })
	}
	group.Wait()
	return errors.Join(failures...)
}

func oneCreation(ctx context.Context, s callflow.Sessions) error {
	for round := range 20 {
		call := fmt.Sprint("c", round)
		won := make([]bool, writers)
		err := together(func(i int) error {
			err := s.Save(ctx, session("t", call))
			won[i] = err == nil
			if errors.Is(err, callflow.ErrConflict) {
				return nil
			}
			return err
		})
		if err != nil {
			return err
		}
		winners := 0
		for _, one := range won {
			if one {
				winners++
			}
		}
		if winners != 1 {
			return fmt.Errorf("%d of %d writers created the same session", winners, writers)
		}
	}
	return nil
}

func noLostUpdate(ctx context.Context, s callflow.Sessions) error {
	if err := s.Save(ctx, session("t", "c")); err != nil {
		return err
	}
	const each = 25
	err := together(func(int) error {
		for done := 0; done < each; {
			row, err := s.Load(ctx, "t", "c")
			if err != nil {
				return err
			}
			row.Wrong++
			err = s.Save(ctx, row)
			switch {
			case err == nil:
				done++
			case !errors.Is(err, callflow.ErrConflict):
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	row, err := s.Load(ctx, "t", "c")
	if err != nil {
		return err
	}
	if want := 1 + writers*each; row.Wrong != want || row.Revision != want {
		return fmt.Errorf("%d updates and revision %d after %d saves: updates were lost", row.Wrong-1, row.Revision, want)
	}
	return nil
}
