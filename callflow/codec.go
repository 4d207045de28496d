package callflow

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"golang.org/x/text/language"
)

// codec visits the fields of a step or an action. One description of the
// fields reads them, writes them and names them.
type codec interface {
	text(name string, p *string)
	texts(name string, p *[]string)
	duration(name string, p *time.Duration)
	count(name string, p *int)
	flag(name string, p *bool)
	tag(name string, p *language.Tag)
}

// writer writes fields as the members of a JSON object; zero values are left
// out.
type writer struct {
	data  []byte
	comma bool
}

func (w *writer) open() {
	w.data = append(w.data, '{')
	w.comma = false
}

func (w *writer) close() []byte {
	w.data = append(w.data, '}')
	w.comma = true
	return w.data
}

func (w *writer) name(name string) {
	if w.comma {
		w.data = append(w.data, ',')
	}
	w.comma = true
	w.data = append(w.string(name), ':')
}

func (w *writer) string(text string) []byte {
	quoted, _ := json.Marshal(text) // a string can always be written
	w.data = append(w.data, quoted...)
	return w.data
}

func (w *writer) member(name, text string) {
	w.name(name)
	w.string(text)
}

func (w *writer) text(name string, p *string) {
	if *p != "" {
		w.member(name, *p)
	}
}

func (w *writer) texts(name string, p *[]string) {
	if len(*p) == 0 {
		return
	}
	w.name(name)
	for i, text := range *p {
		w.data = append(w.data, "[,"[min(i, 1)])
		w.string(text)
	}
	w.data = append(w.data, ']')
}

func (w *writer) duration(name string, p *time.Duration) {
	if *p != 0 {
		w.member(name, p.String())
	}
}

func (w *writer) count(name string, p *int) {
	if *p != 0 {
		w.name(name)
		w.data = strconv.AppendInt(w.data, int64(*p), 10)
	}
}

func (w *writer) flag(name string, p *bool) {
	if *p {
		w.name(name)
		w.data = append(w.data, "true"...)
	}
}

func (w *writer) tag(name string, p *language.Tag) {
	if *p != language.Und {
		w.member(name, p.String())
	}
}

// reader reads fields from a JSON object and reports to c what is not right.
type reader struct {
	c      *checker
	object map[string]any
	read   []string
}

func take[T any](r *reader, name, want string) (value T, ok bool) {
	r.read = append(r.read, name)
	raw, there := r.object[name]
	if !there {
		return value, false
	}
	if value, ok = raw.(T); !ok {
		r.c.failf(BadValue, pointer(name), want, "%s is not right here", typeName(raw))
	}
	return value, ok
}

func (r *reader) text(name string, p *string) {
	if text, ok := take[string](r, name, "a text"); ok {
		*p = text
	}
}

func (r *reader) texts(name string, p *[]string) {
	list, ok := take[[]any](r, name, "a list of texts")
	if !ok {
		return
	}
	texts := make([]string, 0, len(list))
	for i, entry := range list {
		text, ok := entry.(string)
		if !ok {
			r.c.failf(BadValue, item(name, i), "a text", "%s is not right here", typeName(entry))
		}
		texts = append(texts, text)
	}
	*p = texts
}

func (r *reader) duration(name string, p *time.Duration) {
	const want = `a time such as "30s" or "1m30s"`
	text, ok := take[string](r, name, want)
	if !ok {
		return
	}
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 {
		r.c.failf(BadValue, name, want, "%s is no time", quote(text))
		return
	}
	*p = d
}

func (r *reader) count(name string, p *int) {
	number, ok := take[json.Number](r, name, "a whole number")
	if !ok {
		return
	}
	n, err := strconv.Atoi(number.String())
	if err != nil || n <= 0 {
		r.c.failf(BadValue, name, "a whole number above zero", "%s is not one", quote(number.String()))
		return
	}
	*p = n
}

func (r *reader) flag(name string, p *bool) {
	if flag, ok := take[bool](r, name, "true or false"); ok {
		*p = flag
	}
}

func (r *reader) tag(name string, p *language.Tag) {
	text, ok := take[string](r, name, "a language tag")
	if !ok {
		return
	}
	tag, err := language.Parse(text)
	if err != nil {
		r.c.failf(BadValue, name, `a tag such as "fr-CA"`, "%s is no language tag", quote(text))
		return
	}
	*p = tag
}

// rest reports the members that nobody read.
func (r *reader) rest() {
	for name := range r.object {
		if !slices.Contains(r.read, name) {
			r.c.failf(UnknownField, pointer(name), "remove it or correct its name", "no field is called %s", quote(name))
		}
	}
}

func typeName(value any) string {
	switch value.(type) {
	case nil:
		return "null"
	case bool:
		return "true or false"
	case json.Number:
		return "a number"
	case string:
		return "a text"
	case []any:
		return "a list"
	}
	return "an object"
}
