package callflow

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
)

// MaxDefinition is how many bytes the JSON form of a flow may have.
const MaxDefinition = 256 << 10

// maxDepth is how deep the JSON form may nest; a flow needs four.
const maxDepth = 8

var errDepth = errors.New("nested too deep")

// tree reads JSON into maps and lists and reports members that come twice,
// which encoding/json would let pass.
type tree struct {
	c   *checker
	dec *json.Decoder
}

// object reads data as one JSON object, and is nil when it is none.
func (c *checker) object(data []byte) map[string]any {
	if len(data) > MaxDefinition {
		c.failf(OverLimit, "", "split the flow", "%d bytes, at most %d", len(data), MaxDefinition)
		return nil
	}
	t := tree{c: c, dec: json.NewDecoder(bytes.NewReader(data))}
	t.dec.UseNumber()
	value, err := t.value("", 0)
	if err == nil {
		if _, end := t.dec.Token(); !errors.Is(end, io.EOF) {
			err = errors.New("text after the end")
		}
	}
	if err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			err = errors.New("the text ends in the middle")
		}
		c.failf(BadJSON, "", "valid JSON", "at byte %d: %v", t.dec.InputOffset(), err)
		return nil
	}
	object, ok := value.(map[string]any)
	if !ok {
		c.failf(BadJSON, "", "an object", "%s is no flow", typeName(value))
		return nil
	}
	return object
}

func (t *tree) value(path string, depth int) (any, error) {
	token, err := t.dec.Token()
	if err != nil {
		return nil, err
	}
	delim, ok := token.(json.Delim)
	if !ok {
		return token, nil
	}
	if depth == maxDepth {
		return nil, errDepth
	}
	if delim == '[' {
		list := []any{}
		for t.dec.More() {
			entry, err := t.value(item(path, len(list)), depth+1)
			if err != nil {
				return nil, err
			}
			list = append(list, entry)
		}
		_, err = t.dec.Token()
		return list, err
	}
	object := map[string]any{}
	for t.dec.More() {
		token, err := t.dec.Token()
		if err != nil {
			return nil, err
		}
		name, _ := token.(string)
		inner := path + "/" + pointer(name)
		value, err := t.value(inner, depth+1)
		if err != nil {
			return nil, err
		}
		if _, twice := object[name]; twice {
			t.c.failf(DuplicateField, inner, "keep one of them", "%s comes twice", quote(name))
		}
		object[name] = value
	}
	_, err = t.dec.Token()
	return object, err
}

// pointer is name as a part of a JSON pointer (RFC 6901 §3).
func pointer(name string) string {
	if strings.ContainsAny(name, "~/") {
		name = strings.ReplaceAll(strings.ReplaceAll(name, "~", "~0"), "/", "~1")
	}
	if len(name) > 64 {
		name = name[:64] // the end of the pointer is lost, the report stays small
	}
	return name
}

// item is the i-th entry of the list at path.
func item(path string, i int) string { return path + "/" + strconv.Itoa(i) }
