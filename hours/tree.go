package hours

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// node is a value of JSON that remembers what encoding/json forgets: the order
// of keys, keys that come twice, and where it is.
type node struct {
	pointer string
	kind    byte   // '{', '[', '"', '0', 't' or 'n'
	text    string // of a string or a number
	keys    []string
	kids    []*node
}

const (
	maxDepth = 8
	maxNodes = 100_000
)

// parseTree reads one value of JSON and nothing behind it.
func parseTree(data []byte, limit int) (*node, *Problem) {
	if len(data) > limit {
		return nil, &Problem{Code: CodeLimit, Got: fmt.Sprint(len(data)), Want: fmt.Sprintf("at most %d bytes", limit)}
	}
	if !utf8.Valid(data) {
		return nil, &Problem{Code: CodeSyntax, Want: "UTF-8"}
	}
	r := treeReader{decoder: json.NewDecoder(bytes.NewReader(data)), left: maxNodes}
	r.decoder.UseNumber()
	root, err := r.value("", maxDepth)
	if err == nil && len(bytes.TrimSpace(data[r.decoder.InputOffset():])) > 0 {
		err = errors.New("nothing behind the value")
	}
	if errors.Is(err, io.EOF) {
		err = errors.New("it ends too early")
	}
	if err != nil {
		p := &Problem{Code: CodeSyntax, Want: "JSON: " + err.Error()}
		if limited, ok := errors.AsType[limitError](err); ok {
			p.Code, p.Want = CodeLimit, string(limited)
		}
		p.Got = "byte " + strconv.FormatInt(r.decoder.InputOffset(), 10)
		return nil, p
	}
	return root, nil
}

type limitError string

func (e limitError) Error() string { return string(e) }

type treeReader struct {
	decoder *json.Decoder
	left    int
}

func (r *treeReader) value(pointer string, depth int) (*node, error) {
	token, err := r.decoder.Token()
	if err != nil {
		return nil, err
	}
	if r.left--; r.left < 0 || depth == 0 {
		return nil, limitError(fmt.Sprintf("at most %d values, nested at most %d deep", maxNodes, maxDepth))
	}
	n := &node{pointer: pointer}
	switch t := token.(type) {
	case json.Delim:
		n.kind = byte(t)
		return n, r.inside(n, depth)
	case string:
		n.kind, n.text = '"', t
	case json.Number:
		n.kind, n.text = '0', t.String()
	case bool:
		n.kind, n.text = 't', strconv.FormatBool(t)
	default:
		n.kind, n.text = 'n', "null"
	}
	return n, nil
}

func (r *treeReader) inside(n *node, depth int) error {
	for i := 0; r.decoder.More(); i++ {
		step := strconv.Itoa(i)
		if n.kind == '{' {
			token, err := r.decoder.Token()
			if err != nil {
				return err
			}
			step = token.(string) // the decoder lets nothing else be a key
			n.keys = append(n.keys, step)
			step = strings.ReplaceAll(strings.ReplaceAll(clip(step), "~", "~0"), "/", "~1")
		}
		kid, err := r.value(n.pointer+"/"+step, depth-1)
		if err != nil {
			return err
		}
		n.kids = append(n.kids, kid)
	}
	_, err := r.decoder.Token()
	return err
}

// show is the value for an error.
func (n *node) show() string {
	switch n.kind {
	case '{':
		return "an object"
	case '[':
		return "an array"
	}
	return n.text
}
