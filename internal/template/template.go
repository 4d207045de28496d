package template

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
)

// MaxValue is how many runes of a value are put in.
const MaxValue = 60

// Name is a placeholder.
type Name string

// The placeholders.
const (
	Contact    Name = "name"       // the contact's name, if the host knows it
	Business   Name = "business"   // how the office calls itself
	Department Name = "department" // what the caller chose
	Holiday    Name = "holiday"    // the label of the situation
	Opens      Name = "opens"      // the next opening: "tomorrow at 9:00"
	Date       Name = "date"       // the day of the event
)

// Names are all placeholders, in the order of the documentation.
func Names() []Name { return []Name{Contact, Business, Department, Holiday, Opens, Date} }

// Values is what is put in. A zero field has no value.
type Values struct {
	Name, Business, Department, Holiday string
	Opens                               time.Time // in the zone in which it is written
	Now                                 time.Time // "today" and "tomorrow" count from here, in the zone of Opens
}

// Error says where a template is wrong.
type Error struct {
	Offset int    // the byte at which it begins
	Text   string // what stands there, at most 40 bytes
	Want   string
}

// Error implements error.
func (e *Error) Error() string {
	return fmt.Sprintf("byte %d: %q: want %s", e.Offset, e.Text, e.Want)
}

// Template is a parsed text. It is immutable and safe for concurrent use.
type Template struct {
	parts []part
}

// part is a literal, or a placeholder.
type part struct {
	text string // the literal, or the fallback
	name Name
}

// Parse reads a template. The error is an [*Error].
func Parse(text string) (*Template, error) {
	t := &Template{}
	var literal strings.Builder
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c != '{' && c != '}':
			literal.WriteByte(c)
			i++
		case strings.HasPrefix(text[i+1:], string(c)):
			literal.WriteByte(c)
			i += 2
		case c == '}':
			return nil, wrong(text, i, "a brace that was opened, or }}")
		default:
			inside, _, closed := strings.Cut(text[i+1:], "}")
			if !closed || strings.Contains(inside, "{") {
				return nil, wrong(text, i, "a closing brace, or {{")
			}
			name, fallback, _ := strings.Cut(inside, "|")
			if !known(Name(name)) {
				return nil, wrong(text, i, "one of "+list())
			}
			t.literal(&literal)
			t.parts = append(t.parts, part{text: fallback, name: Name(name)})
			i += len(inside) + 2
		}
	}
	t.literal(&literal)
	return t, nil
}

func (t *Template) literal(b *strings.Builder) {
	if b.Len() > 0 {
		t.parts = append(t.parts, part{text: b.String()})
		b.Reset()
	}
}

func known(name Name) bool {
	return slices.Contains(Names(), name)
}

func list() string {
	var names []string
	for _, n := range Names() {
		names = append(names, "{"+string(n)+"}")
	}
	return strings.Join(names, ", ")
}

func wrong(text string, at int, want string) error {
	rest := text[at:]
	return &Error{Offset: at, Text: strings.ToValidUTF8(rest[:min(len(rest), 40)], ""), Want: want}
}

// Uses reports whether the placeholder occurs.
func (t *Template) Uses(name Name) bool {
	for _, p := range t.parts {
		if p.name == name {
			return true
		}
	}
	return false
}

// Plain reports whether there is no placeholder at all.
func (t *Template) Plain() bool {
	return len(t.parts) == 0 || len(t.parts) == 1 && t.parts[0].name == ""
}

// Render fills the template in for a reader of tag.
func (t *Template) Render(tag language.Tag, v Values) string {
	if len(t.parts) == 1 && t.parts[0].name == "" {
		return t.parts[0].text
	}
	base, _ := tag.Base()
	french := base.String() == "fr"
	var room [512]byte // longer texts allocate
	b := room[:0]
	for _, p := range t.parts {
		switch value := v.value(p.name, tag); {
		case p.name == "":
			b = join(b, p.text)
		case value == "" && p.text == "":
			b = append(b, left)
		default:
			if value == "" {
				value = p.text
			}
			if french {
				b = elide(b, value)
			}
			b = append(b, value...)
		}
	}
	return string(bytes.TrimSpace(bytes.TrimRight(b, string(left))))
}

// value is what stands for the placeholder, cleaned of what does not belong
// into a line of text.
func (v Values) value(name Name, tag language.Tag) string {
	switch name {
	case Contact:
		return clean(v.Name)
	case Business:
		return clean(v.Business)
	case Department:
		return clean(v.Department)
	case Holiday:
		return clean(v.Holiday)
	case Opens:
		if !v.Opens.IsZero() {
			return When(tag, v.Opens, v.Now)
		}
	case Date:
		if !v.Now.IsZero() {
			return Day(tag, v.Now)
		}
	}
	return ""
}

func clean(text string) string {
	if tidy(text) {
		return text
	}
	var b strings.Builder
	n := 0
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) || r == utf8.RuneError }) {
		if b.Len() > 0 {
			word = " " + word
		}
		for _, r := range word {
			if n++; n > MaxValue {
				return strings.TrimSpace(b.String())
			}
			b.WriteRune(r)
		}
	}
	return b.String()
}

// tidy reports whether clean would change nothing, for ASCII.
func tidy(text string) bool {
	if len(text) > MaxValue {
		return false
	}
	last := byte(' ')
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == ' ' && last == ' ' {
			return false
		}
		last = text[i]
	}
	return text == "" || last != ' '
}

// left, at the end of a text: a value was left out here. It never leaves
// Render.
const left = '\x00'

// join appends a literal, and takes the space that a missing value left over.
func join(b []byte, text string) []byte {
	n := len(b)
	b = bytes.TrimRight(b, string(left))
	if n == len(b) {
		return append(b, text...)
	}
	switch {
	case len(b) == 0 || b[len(b)-1] == '\n':
		text = strings.TrimLeft(text, " ,")
	case b[len(b)-1] == ' ' && (text[0] == ' ' || strings.IndexByte(",.;!?:", text[0]) >= 0):
		b = b[:len(b)-1]
	}
	return append(b, text...)
}
