package afterbeep

import (
	"slices"
	"time"

	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/callflow"
)

// Layer is one level of settings with its name: step, mailbox, line, tenant.
type Layer struct {
	Name     string
	Settings Settings
}

// Effective merges settings: of each field the first layer that states it
// wins, so pass the most special one first, and what no layer states comes
// from [Defaults]. The map tells the name of the layer for each field, by its
// name in JSON; "default" is the name of the defaults.
func Effective(layers ...Layer) (Settings, map[string]string) {
	var merged Settings
	sources := map[string]string{}
	all := append(slices.Clone(layers), Layer{Name: "default", Settings: Defaults()})
	for _, layer := range all {
		for _, name := range merged.take(layer.Settings) {
			sources[name] = layer.Name
		}
	}
	return merged, sources
}

// Defaults are the settings where nobody says anything.
func Defaults() Settings {
	return Settings{
		Ring: callflow.DefaultRing, MaxLength: 180 * time.Second, Languages: []language.Tag{language.English},
		Transcript: On, Filter: On, Recipients: []string{},
	}
}

// take fills the fields that s does not state from the next level, and returns
// the names of those that it took.
func (s *Settings) take(next Settings) (taken []string) {
	if s.Ring == 0 && next.Ring != 0 {
		s.Ring, taken = next.Ring, append(taken, "ring")
	}
	if s.MaxLength == 0 && next.MaxLength != 0 {
		s.MaxLength, taken = next.MaxLength, append(taken, "maxLength")
	}
	if len(s.Languages) == 0 && len(next.Languages) > 0 {
		s.Languages, taken = next.Languages, append(taken, "languages")
	}
	if s.Transcript == "" && next.Transcript != "" {
		s.Transcript, taken = next.Transcript, append(taken, "transcript")
	}
	if s.Filter == "" && next.Filter != "" {
		s.Filter, taken = next.Filter, append(taken, "filter")
	}
	if s.Recipients == nil && next.Recipients != nil {
		s.Recipients, taken = next.Recipients, append(taken, "recipients")
	}
	return taken
}
