package afterbeep_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const module = "github.com/afterbeep/afterbeep"

// arrows are the imports that the house allows: a room to the rooms below it.
// A room that is not listed may import nothing of ours; adapters and examples
// may import everything but internal.
var arrows = map[string][]string{
	".":                 {"autoreply", "callflow", "greeting", "hours", "pcm", "phone", "transcript", "voicemail"},
	"autoreply":         {"hours", "internal/template", "pcm", "phone"},
	"callflow":          {"hours", "pcm", "phone"},
	"greeting":          {"hours", "internal/template", "pcm", "phone"},
	"hours":             {},
	"pcm":               {},
	"phone":             {"hours"},
	"transcript":        {"hours", "pcm", "phone"},
	"voicemail":         {"hours", "pcm", "phone"},
	"internal/template": {"hours", "phone"},
}

// source is one file of production code.
type source struct {
	room string // the folder, relative to the root
	name string
	file *ast.File
}

// sources parses every Go file of the repository, nested modules too, with or
// without the tests.
func sources(t *testing.T, tests bool) (*token.FileSet, []source) {
	t.Helper()
	var all []source
	set := token.NewFileSet()
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && name != ".") {
			return filepath.SkipDir
		}
		if filepath.Ext(name) != ".go" || !tests && strings.HasSuffix(name, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(set, name, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		all = append(all, source{room: path.Dir(name), name: name, file: file})
		return nil
	})
	require.NoError(t, err)
	require.NotEmpty(t, all)
	return set, all
}

func imports(f *ast.File) []string {
	var all []string
	for _, spec := range f.Imports {
		all = append(all, strings.Trim(spec.Path.Value, `"`))
	}
	return all
}

// support reports whether a room exists for tests only: a conformance suite.
func support(room string) bool {
	return strings.HasSuffix(path.Base(room), "test")
}

func TestFenceArrowsRunDown(t *testing.T) {
	t.Parallel()
	_, all := sources(t, false)
	for _, s := range all {
		for _, imported := range imports(s.file) {
			to, ours := strings.CutPrefix(imported, module+"/")
			if imported == module {
				to, ours = ".", true
			}
			if !ours {
				continue
			}
			top := strings.Split(s.room, "/")[0]
			switch {
			case top == "adapters" || top == "examples":
				assert.NotContains(t, "/"+to, "/internal/", "%s uses the inside of the house", s.name)
			case support(s.room):
				// A suite may know its own package and what that one knows.
				own := path.Dir(s.room)
				assert.True(t, to == own || slices.Contains(arrows[own], to), "%s must not import %s", s.name, to)
			case s.room == top || s.room == "internal/template":
				assert.Contains(t, arrows[s.room], to, "%s must not import %s", s.name, to)
			default:
				// A room inside a package imports what the package may.
				assert.True(t, to == top || strings.HasPrefix(to, top+"/") || slices.Contains(arrows[top], to), "%s must not import %s", s.name, to)
			}
		}
	}
}

func TestFenceNoTestingInProduction(t *testing.T) {
	t.Parallel()
	_, all := sources(t, false)
	for _, s := range all {
		if support(s.room) {
			continue
		}
		for _, imported := range imports(s.file) {
			assert.NotEqual(t, "testing", imported, s.name)
			assert.NotContains(t, imported, "testify", s.name)
			assert.NotContains(t, imported, "pgregory.net/rapid", s.name)
			ours := strings.HasPrefix(imported, module)
			assert.False(t, ours && support(imported), "%s imports the suite %s", s.name, imported)
		}
	}
}

func TestFenceTimeIsInjected(t *testing.T) {
	t.Parallel()
	set, all := sources(t, false)
	for _, s := range all {
		top := strings.Split(s.room, "/")[0]
		if top == "adapters" || top == "examples" || support(s.room) {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := sel.X.(*ast.Ident); ok && x.Name == "context" && sel.Sel.Name == "Background" {
					t.Errorf("%s: context.Background in library code", set.Position(n.Pos()))
				}
			}
			if d, ok := n.(*ast.FuncDecl); ok && d.Recv == nil && d.Name.Name == "init" {
				t.Errorf("%s: an init function", set.Position(n.Pos()))
			}
			return true
		})
		assert.NotContains(t, imports(s.file), "time/tzdata", s.name)
	}
}

func TestFenceEveryExportedNameIsDocumented(t *testing.T) {
	t.Parallel()
	set, all := sources(t, false)
	documented := map[string]bool{}
	for _, s := range all {
		if s.file.Name.Name == "main" {
			continue
		}
		documented[s.room] = documented[s.room] || s.file.Doc.Text() != ""
		for _, d := range s.file.Decls {
			for _, at := range undocumented(d) {
				t.Errorf("%s: no doc comment", set.Position(at))
			}
		}
	}
	for room, ok := range documented {
		assert.True(t, ok, "package %s has no doc", room)
	}
}

// undocumented lists where d exports a name that nothing explains.
func undocumented(d ast.Decl) []token.Pos {
	var at []token.Pos
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() && d.Doc.Text() == "" && exportedReceiver(d) {
			at = append(at, d.Pos())
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				if spec.Name.IsExported() && spec.Doc.Text() == "" && (d.Doc.Text() == "" || len(d.Specs) > 1) {
					at = append(at, spec.Pos())
				}
				if list, ok := spec.Type.(*ast.InterfaceType); ok && spec.Name.IsExported() {
					for _, m := range list.Methods.List {
						if len(m.Names) > 0 && m.Doc.Text() == "" && m.Comment.Text() == "" {
							at = append(at, m.Pos())
						}
					}
				}
			case *ast.ValueSpec:
				if spec.Names[0].IsExported() && spec.Doc.Text() == "" && spec.Comment.Text() == "" && d.Doc.Text() == "" {
					at = append(at, spec.Pos())
				}
			}
		}
	}
	return at
}

func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return true
	}
	t := d.Recv.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.Ident:
			return x.IsExported()
		default:
			return true
		}
	}
}

func TestFenceReadmeShowsTheExample(t *testing.T) {
	t.Parallel()
	example, err := os.ReadFile("example_test.go")
	require.NoError(t, err)
	_, body, ok := strings.Cut(string(example), "func Example() {\n")
	require.True(t, ok)
	body, _, ok = strings.Cut(body, "\t// Output:")
	require.True(t, ok)
	body = strings.ReplaceAll("\n"+body, "\n\t", "\n")[1:]

	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	_, code, ok := strings.Cut(string(readme), "```go\n")
	require.True(t, ok)
	code, _, ok = strings.Cut(code, "```")
	require.True(t, ok)
	assert.Equal(t, body, code)
	assert.LessOrEqual(t, strings.Count(string(readme), "\n"), 120)
}
