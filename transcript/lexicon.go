package transcript

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/language"
)

// The lexicons are text tables, one folder a locale; their format is described
// in lexicon/README.md.
//
//go:embed lexicon
var lexicons embed.FS

// lexicon is the tables of one locale, read but not yet expanded.
type lexicon struct {
	sets    map[string][]string
	endings map[string][]string
	drops   []string // words of the parent locale that are harmless here
	entries []entry
	bare    bool // accents mean nothing in this language
}

// entry is one line of a table: a lemma, what it is, how it is written, and
// when it counts.
type entry struct {
	lemma      string
	severity   Severity // 0: harmless, an exception to others
	category   string
	forms      []string // patterns
	conditions []string
	host       bool
	inherited  bool // from the parent locale
}

// chain is the folders of the locales that a filter for tag uses, the most
// special last: fr, fr-CA. Norwegian is one lexicon under three names.
func chain(tag language.Tag) []string {
	var out []string
	for ; tag != language.Und; tag = tag.Parent() {
		base, _ := tag.Base()
		names := []string{tag.String(), base.String()}
		if names[1] == "no" || names[1] == "nn" {
			names = append(names, "nb")
		}
		for _, name := range names {
			if _, err := fs.Stat(lexicons, path.Join("lexicon", name)); err == nil && !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	slices.SortFunc(out, func(a, b string) int { return len(a) - len(b) })
	return out
}

// load reads the tables of one folder.
func load(name string) (*lexicon, error) {
	x := &lexicon{sets: map[string][]string{}, endings: map[string][]string{}}
	files, err := fs.ReadDir(lexicons, path.Join("lexicon", name))
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		where := path.Join("lexicon", name, file.Name())
		data, err := lexicons.ReadFile(where)
		if err != nil {
			return nil, err
		}
		if err := x.read(where, string(data)); err != nil {
			return nil, err
		}
	}
	return x, nil
}

func (x *lexicon) read(where, data string) error {
	number := 0
	for line := range strings.Lines(data) {
		number++
		line, _, _ = strings.Cut(line, "#")
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		if err := x.line(line); err != nil {
			return fmt.Errorf("transcript: %s:%d: %w", where, number, err)
		}
	}
	return nil
}

func (x *lexicon) line(line string) error {
	if directive, ok := strings.CutPrefix(line, "%"); ok {
		return x.directive(strings.Fields(directive))
	}
	columns := strings.Split(line, "|")
	if len(columns) < 4 || len(columns) > 5 {
		return fmt.Errorf("%d columns, want lemma | severity | category | forms | conditions", len(columns))
	}
	for i := range columns {
		columns[i] = strings.TrimSpace(columns[i])
	}
	severity, err := strconv.Atoi(columns[1])
	if err != nil || severity < 0 || severity > int(Strong) {
		return fmt.Errorf("severity %q, want 0 to 3", columns[1])
	}
	e := entry{lemma: columns[0], severity: Severity(severity), category: columns[2], forms: strings.Fields(columns[3])}
	if len(e.forms) == 0 || e.lemma == "" {
		return fmt.Errorf("an entry needs a lemma and a form")
	}
	if len(columns) == 5 {
		e.conditions = strings.Fields(columns[4])
	}
	x.entries = append(x.entries, e)
	return nil
}

func (x *lexicon) directive(words []string) error {
	switch {
	case len(words) == 1 && words[0] == "bare":
		x.bare = true
	case len(words) > 2 && words[0] == "set":
		x.sets[words[1]] = append(x.sets[words[1]], words[2:]...)
	case len(words) > 2 && words[0] == "ending":
		x.endings[words[1]] = append(x.endings[words[1]], words[2:]...)
	case len(words) > 1 && words[0] == "drop":
		x.drops = append(x.drops, words[1:]...)
	default:
		return fmt.Errorf("unknown directive %q", strings.Join(words, " "))
	}
	return nil
}

// inherit puts the sets and endings of the parent locale under those of x, and
// its entries before them.
func (x *lexicon) inherit(parent *lexicon) {
	for name, words := range parent.sets {
		x.sets[name] = append(slices.Clone(words), x.sets[name]...)
	}
	for name, words := range parent.endings {
		if _, ok := x.endings[name]; !ok {
			x.endings[name] = words
		}
	}
	entries := slices.Clone(parent.entries)
	for i := range entries {
		entries[i].inherited = true
	}
	x.entries = append(entries, x.entries...)
	x.drops = append(slices.Clone(parent.drops), x.drops...)
}

// maxForms bounds what one pattern may expand to: a slip of the pen in a table
// must not eat the memory.
const maxForms = 20000

// expandForm writes a pattern out: {a,b} alternatives, ~name one of the
// endings of that name, + a place where the word may be split in two.
func (x *lexicon) expandForm(pattern string) ([]string, error) {
	out := []string{""}
	for i := 0; i < len(pattern); {
		var choices []string
		switch pattern[i] {
		case '{':
			end := strings.IndexByte(pattern[i:], '}')
			if end < 0 {
				return nil, fmt.Errorf("form %q: { without }", pattern)
			}
			if choices = strings.Split(pattern[i+1:i+end], ","); len(choices) < 2 || strings.ContainsAny(pattern[i:i+end], "+~") {
				return nil, fmt.Errorf("form %q: { } needs plain alternatives, two or more", pattern)
			}
			i += end + 1
		case '~':
			end := strings.IndexAny(pattern[i+1:], "{+_=~")
			if end < 0 {
				end = len(pattern) - i - 1
			}
			name := pattern[i+1 : i+1+end]
			for _, ending := range x.endings[name] {
				choices = append(choices, strings.TrimPrefix(ending, "-"))
			}
			if choices == nil {
				return nil, fmt.Errorf("form %q: no endings %q", pattern, name)
			}
			i += 1 + end
		case '+':
			choices = []string{"", "_"}
			i++
		default:
			end := strings.IndexAny(pattern[i:], "{~+")
			if end < 0 {
				end = len(pattern) - i
			}
			choices = []string{pattern[i : i+end]}
			i += end
		}
		if len(out)*len(choices) > maxForms {
			return nil, fmt.Errorf("form %q: more than %d words", pattern, maxForms)
		}
		next := make([]string, 0, len(out)*len(choices))
		for _, head := range out {
			for _, tail := range choices {
				next = append(next, head+tail)
			}
		}
		out = next
	}
	return out, nil
}
