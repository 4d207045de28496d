package autoreply_test

import (
	"flag"
	"os"
	"testing"
)

// TestMain asks every property a thousand times unless told otherwise: a
// release without a token survives a hundred.
func TestMain(m *testing.M) {
	flag.Parse()
	told := false
	flag.Visit(func(f *flag.Flag) { told = told || f.Name == "rapid.checks" })
	if !told {
		if err := flag.Set("rapid.checks", "1000"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}
