package transcript

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// conditions reads the last column of a line: -L2:word,@set and the like.
func (c *compiler) conditions(texts []string) (out []condition, exact bool, err error) {
	for _, text := range texts {
		if text == "exact" {
			exact = true
			continue
		}
		cond := condition{needs: text[0] == '+'}
		if text[0] != '+' && text[0] != '-' || len(text) < 2 {
			return nil, false, fmt.Errorf("condition %q", text)
		}
		switch name := text[1:]; name {
		case "name":
			cond.flag = 'c'
		case "first":
			cond.flag = '^'
		case "last":
			cond.flag = '$'
		default:
			if err := c.neighbours(&cond, name); err != nil {
				return nil, false, err
			}
		}
		out = append(out, cond)
	}
	// Whatever clears a word is asked first.
	slices.SortStableFunc(out, func(a, b condition) int {
		switch {
		case a.needs == b.needs:
			return 0
		case b.needs:
			return -1
		}
		return 1
	})
	return out, exact, nil
}

func (c *compiler) neighbours(cond *condition, text string) error {
	side, list, ok := strings.Cut(text, ":")
	if !ok || list == "" {
		return fmt.Errorf("condition %q has no words", text)
	}
	distance := 1
	if digits := strings.TrimLeft(side, "LRW"); digits != "" {
		n, err := strconv.Atoi(digits)
		if err != nil || n < 1 || n > reachWords {
			return fmt.Errorf("condition %q: 1 to %d words away", text, reachWords)
		}
		distance = n
	} else if side == "W" {
		distance = reachWords
	}
	switch side[:1] {
	case "L":
		cond.left = distance
	case "R":
		cond.right = distance
	case "W":
		cond.left, cond.right = distance, distance
	default:
		return fmt.Errorf("condition %q: want L, R or W", text)
	}
	if words, ok := c.named[list]; ok {
		cond.words = words
		return nil
	}
	cond.words = map[uint64]struct{}{}
	for word := range strings.SplitSeq(list, ",") {
		members := []string{word}
		if name, isSet := strings.CutPrefix(word, "@"); isSet {
			if members = c.x.sets[name]; members == nil {
				return fmt.Errorf("no set %q", name)
			}
		}
		for _, m := range members {
			forms, err := c.x.expandForm(m)
			if err != nil {
				return err
			}
			for _, f := range forms {
				cond.words[c.bases.hash(canonical(f))] = struct{}{}
			}
		}
	}
	c.named[list] = cond.words
	return nil
}

// reach marks the conditions whose words may themselves disappear behind a
// mask: filtered text must read as clean as it did.
func (c *compiler) reach() {
	for i := range c.rules {
		for j := range c.rules[i].conditions {
			cond := &c.rules[i].conditions[j]
			if cond.needs {
				continue
			}
			for h := range cond.words {
				if _, ok := c.maskers[h]; ok {
					cond.masked = true
					break
				}
			}
		}
	}
}
