package greeting

import "golang.org/x/text/language"

// Match is how the language of a greeting was chosen.
type Match string

// The steps of the choice, in their order. A host that logs Match sees its
// callers whose language is missing: they are those of default and any.
const (
	MatchExact   Match = "exact"   // the caller's tag
	MatchParent  Match = "parent"  // a CLDR parent of it: es-MX, es-419, es
	MatchRelated Match = "related" // the same language of another place: fr-CA for fr-FR
	MatchNeutral Match = "neutral" // the greeting suits every caller
	MatchDefault Match = "default" // the default language of the library, by the same steps
	MatchAny     Match = "any"     // nobody asked for it, but it is not silence
)

// maxParents is more than the longest chain of parents in CLDR, which has four.
const maxParents = 6

// The places of the steps: the smaller is heard. Inside parent and related
// there are several, and default repeats all those before it.
const (
	placeParent  = 0 // plus the number of parents
	placeRelated = placeParent + maxParents + 1
	placeNeutral = placeRelated + 4*(maxParents+1)
	placeDefault = placeNeutral + 1
	placeAny     = placeDefault + placeNeutral
)

// tongue is a language tag with what the choice needs of it. It allocates
// nothing, which language.Matcher does on each call.
type tongue struct {
	chain  [maxParents]language.Tag // the tag and its parents, without the root
	n      int
	base   language.Base
	likely bool // of a greeting: its region is the one that its language makes think of
}

func tongueOf(tag language.Tag) tongue {
	var t tongue
	switch base, _, _ := tag.Raw(); base.String() {
	case "und", "mul", "zxx": // none, several, no words at all
		return t
	}
	for ; t.n < maxParents && !tag.IsRoot(); tag = tag.Parent() {
		t.chain[t.n] = tag
		t.n++
	}
	t.base = understood(t.chain[0])
	return t
}

// spoken is the tongue of a greeting, which also knows where it is at home.
func spoken(tag language.Tag) tongue {
	t := tongueOf(tag)
	if t.n > 0 {
		region, _ := t.chain[0].Region()
		home, _ := t.chain[t.n-1].Region()
		t.likely = region == home
	}
	return t
}

// understood is the language that speakers of a tag hear as their own. It is
// the guard of the step related: language.Matcher calls Creole and Breton
// French, and Urdu English, all with high confidence. Only what a native
// speaker would not notice on the phone is named here.
func understood(tag language.Tag) language.Base {
	base, _ := tag.Base()
	switch base.String() {
	case "gsw":
		base, _ = language.German.Base()
	case "nb", "nn":
		base, _ = language.Norwegian.Base()
	}
	return base
}

// place says how well the greeting language g serves somebody who asked for t.
func (t *tongue) place(g *tongue, preferred *tongue) (Match, int) {
	if g.n == 0 {
		return MatchNeutral, placeNeutral
	}
	if m, place := t.same(g, preferred); m != MatchAny {
		return m, place
	}
	if m, place := preferred.same(g, preferred); m != MatchAny {
		return MatchDefault, placeDefault + place
	}
	return MatchAny, placeAny
}

// same is place for greetings in the language of t; otherwise MatchAny.
func (t *tongue) same(g, preferred *tongue) (Match, int) {
	if t.n == 0 || t.base != g.base {
		return MatchAny, placeAny
	}
	for i := range t.n {
		switch {
		case t.chain[i] != g.chain[0]:
		case i == 0:
			return MatchExact, placeParent
		default:
			return MatchParent, placeParent + i
		}
	}
	place := placeRelated + 4*t.apart(g)
	if g.chain[0] != preferred.chain[0] {
		place += 2
	}
	if !g.likely {
		place++
	}
	return MatchRelated, place
}

// apart counts the steps from t up to the nearest parent that it has in common
// with g: es-MX is nearer to es-AR (by es-419) than to es-ES (by es).
func (t *tongue) apart(g *tongue) int {
	for i := range t.n {
		for j := range g.n {
			if t.chain[i] == g.chain[j] {
				return i
			}
		}
	}
	return t.n
}
