package voicemail

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

func checkKey(key string) error {
	if key == "" || len(key) > MaxName {
		return fmt.Errorf("voicemail: key: %d bytes, want 1 to %d", len(key), MaxName)
	}
	return nil
}

func (id SpoolID) check() error {
	if len(id.Tenant) > MaxName {
		return fmt.Errorf("voicemail: tenant: %d bytes, at most %d", len(id.Tenant), MaxName)
	}
	if id.Name == "" || len(id.Name) > MaxName || !safe(id.Name) {
		return fmt.Errorf("voicemail: spool name %q: want 1 to %d of a-z 0-9 . _ -", cut(id.Name, MaxName), MaxName)
	}
	return nil
}

// safe reports whether name has nothing but letters that every file system
// keeps apart.
func safe(name string) bool {
	for i := range len(name) {
		if !safeByte(name[i]) {
			return false
		}
	}
	return true
}

func safeByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '.' || c == '_' || c == '-'
}

func alphanumeric(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= '0' && c <= '9'
}

// fileName is name as the name of a file: one to one, never a path, never a
// device of Windows, and different on file systems that ignore case. Bytes
// out of the ordinary become %xx. The empty name is "_".
func fileName(name string) string {
	if name == "" {
		return "_"
	}
	out := make([]byte, 0, len(name)+8)
	for i := range len(name) {
		c := name[i]
		plain := safeByte(c)
		if i == 0 {
			plain = alphanumeric(c) && !device(name)
		}
		if i == len(name)-1 {
			plain = plain && c != '.'
		}
		if plain {
			out = append(out, c)
			continue
		}
		out = append(out, '%')
		out = hex.AppendEncode(out, []byte{c})
	}
	return string(out)
}

// nameOf undoes fileName; false for a file that is not ours.
func nameOf(file string) (string, bool) {
	if file == "_" {
		return "", true
	}
	out := make([]byte, 0, len(file))
	for i := 0; i < len(file); i++ {
		if file[i] != '%' {
			out = append(out, file[i])
			continue
		}
		if i+2 >= len(file) {
			return "", false
		}
		c, err := hex.DecodeString(file[i+1 : i+3])
		if err != nil {
			return "", false
		}
		out = append(out, c...)
		i += 2
	}
	name := string(out)
	return name, name != "" && fileName(name) == file
}

// device reports a name that Windows takes for a device, whatever follows the
// first dot.
func device(name string) bool {
	stem, _, _ := strings.Cut(name, ".")
	if slices.Contains([]string{"con", "prn", "aux", "nul"}, stem) {
		return true
	}
	return len(stem) == 4 && (stem[:3] == "com" || stem[:3] == "lpt") && stem[3] >= '0' && stem[3] <= '9'
}
