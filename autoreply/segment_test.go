package autoreply_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/afterbeep/afterbeep/autoreply"
)

func TestCountSegments(t *testing.T) {
	t.Parallel()
	x := strings.Repeat
	for name, c := range map[string]struct {
		text     string
		encoding autoreply.Encoding
		units    int
		count    int
		beyond   string
	}{
		"empty":                      {"", autoreply.GSM7, 0, 0, ""},
		"160 septets":                {x("a", 160), autoreply.GSM7, 160, 1, ""},
		"161 septets":                {x("a", 161), autoreply.GSM7, 161, 2, ""},
		"two full ones":              {x("a", 306), autoreply.GSM7, 306, 2, ""},
		"one more":                   {x("a", 307), autoreply.GSM7, 307, 3, ""},
		"euro takes two":             {x("€", 80), autoreply.GSM7, 160, 1, ""},
		"an escape is not split":     {x("a", 152) + "€" + x("a", 152), autoreply.GSM7, 306, 3, ""},
		"French that is free":        {"à é è ù É Ç", autoreply.GSM7, 11, 1, ""},
		"French that costs":          {"fête ça île côte où août", autoreply.UCS2, 24, 1, "êçîôû"},
		"70 units":                   {x("ê", 70), autoreply.UCS2, 70, 1, "ê"},
		"71 units":                   {x("ê", 71), autoreply.UCS2, 71, 2, "ê"},
		"emoji takes two":            {x("🙂", 35), autoreply.UCS2, 70, 1, "🙂"},
		"a pair is not split":        {x("a", 66) + "🙂" + x("a", 66), autoreply.UCS2, 134, 3, "🙂"},
		"curly apostrophe":           {"l’heure", autoreply.UCS2, 7, 1, "’"},
		"no-break space":             {"9\u00a0h", autoreply.UCS2, 3, 1, "\u00a0"},
		"Spanish á í ó ú cost":       {"mañana será", autoreply.UCS2, 11, 1, "á"},
		"Spanish ñ é ü ¿ ¡ are free": {"mañana ¿qué? ¡sí!", autoreply.UCS2, 17, 1, "í"},
		"not UTF-8":                  {"a\xffb", autoreply.UCS2, 3, 1, "\ufffd"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := autoreply.CountSegments(c.text)
			assert.Equal(t, c.encoding, s.Encoding)
			assert.Equal(t, c.units, s.Units)
			assert.Equal(t, c.count, s.Count)
			assert.Equal(t, c.beyond, string(s.Beyond))
			assert.GreaterOrEqual(t, s.Free, 0)
		})
	}
}
