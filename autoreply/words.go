package autoreply

import (
	"slices"
	"strings"
	"time"

	"github.com/afterbeep/afterbeep/phone"
)

// Word is one opt-out, opt-in or help word, with where and since when it
// counts. The list is data with dates, because the rules are still moving.
type Word struct {
	Text     string   // folded: lower case, no accents, no punctuation
	Class    string   // [OptOut], [OptIn] or [HelpAsked]
	Language string   // of the word; it counts in every conversation
	Prefixes []string // of the contact's number; nil: everywhere
	From     string   // first day on which it counts, 2006-01-02 in UTC; empty: always
	Until    string   // first day on which it no longer does; empty: never
	Source   string   // the rule or custom
}

const (
	fcc     = "47 CFR 64.1200(a)(10)"
	ctia    = "CTIA Messaging Principles, May 2023"
	cwta    = "CWTA common short code guidelines"
	carrier = "carriers' default keyword lists"
	custom  = "plain language, counted as any reasonable means"
)

var nanp = []string{"+1"}

// Words returns the list, as a fresh slice.
func Words() []Word { return slices.Clone(words[:]) }

// words is never written to.
var words = [...]Word{
	{"stop", OptOut, "en", nil, "", "", fcc},
	{"quit", OptOut, "en", nil, "", "", fcc},
	{"end", OptOut, "en", nil, "", "", fcc},
	{"revoke", OptOut, "en", nil, "2025-04-11", "", fcc},
	{"opt out", OptOut, "en", nil, "2025-04-11", "", fcc},
	{"optout", OptOut, "en", nil, "", "", fcc},
	{"cancel", OptOut, "en", nil, "", "", fcc},
	{"unsubscribe", OptOut, "en", nil, "", "", fcc},
	{"opt me out", OptOut, "en", nil, "", "", ctia},
	{"stopall", OptOut, "en", nil, "", "", carrier},
	{"stop all", OptOut, "en", nil, "", "", carrier},
	{"remove", OptOut, "en", nil, "", "", carrier},
	{"remove me", OptOut, "en", nil, "", "", custom},
	{"td", OptOut, "en", nanp, "", "", carrier},
	{"arret", OptOut, "fr", nil, "", "", cwta},
	{"arreter", OptOut, "fr", nil, "", "", custom},
	{"arretez", OptOut, "fr", nil, "", "", custom},
	{"desabonner", OptOut, "fr", nil, "", "", custom},
	{"desabonnement", OptOut, "fr", nil, "", "", custom},
	{"desinscrire", OptOut, "fr", nil, "", "", custom},
	{"desinscription", OptOut, "fr", nil, "", "", custom},
	{"parar", OptOut, "es", nil, "", "", custom},
	{"pare", OptOut, "es", nil, "", "", custom},
	{"alto", OptOut, "es", nil, "", "", custom},
	{"baja", OptOut, "es", nil, "", "", custom},
	{"cancelar", OptOut, "es", nil, "", "", custom},
	{"detener", OptOut, "es", nil, "", "", custom},
	{"no mas", OptOut, "es", nil, "", "", custom},
	{"start", OptIn, "en", nil, "", "", carrier},
	{"unstop", OptIn, "en", nil, "", "", carrier},
	{"subscribe", OptIn, "en", nil, "", "", carrier},
	{"reprendre", OptIn, "fr", nil, "", "", custom},
	{"abonner", OptIn, "fr", nil, "", "", custom},
	{"iniciar", OptIn, "es", nil, "", "", custom},
	{"alta", OptIn, "es", nil, "", "", custom},
	{"help", HelpAsked, "en", nil, "", "", cwta},
	{"info", HelpAsked, "en", nanp, "", "", cwta},
	{"aide", HelpAsked, "fr", nil, "", "", cwta},
	{"ayuda", HelpAsked, "es", nil, "", "", custom},
}

// courtesy reports whether a word may stand beside an opt-out word without
// making it something else. "Please stop the work" has others.
func courtesy(word []byte) bool {
	switch string(word) {
	case "please", "pls", "plz", "thanks", "thank", "you", "thx", "now", "me", "my",
		"texting", "text", "texts", "messaging", "messages", "sms",
		"svp", "stp", "sil", "te", "vous", "plait", "merci", "maintenant", "moi", "vos", "les", "des", "textos",
		"por", "favor", "gracias", "ya", "los", "mensajes":
		return true
	}
	return false
}

// keyword reports whether a word occurs in the list.
func keyword(word []byte) bool {
	switch string(word) {
	case "stop", "quit", "end", "revoke", "opt", "out", "optout", "cancel", "unsubscribe", "stopall", "all", "remove", "td",
		"arret", "arreter", "arretez", "desabonner", "desabonnement", "desinscrire", "desinscription",
		"parar", "pare", "alto", "baja", "cancelar", "detener", "no", "mas",
		"start", "unstop", "subscribe", "reprendre", "abonner", "iniciar", "alta", "help", "info", "aide", "ayuda":
		return true
	}
	return false
}

const (
	maxPolite = 6   // words, courtesies among them
	maxWorded = 200 // bytes of a text that may be an opt-out word
)

// FindWord reports the opt-out, opt-in or help word that a text is: the whole
// text, or the word with courtesies around it. n is the contact's number. Case,
// accents, punctuation, emoji and S.T.O.P. make no difference. Of several the
// opt-out counts.
//
// An incoming text with such a word is never answered by an auto-reply; the
// carrier or the host confirms.
func FindWord(text string, n phone.Number, at time.Time) (Word, bool) {
	if len(text) > maxWorded {
		return Word{}, false
	}
	var room folding
	w := findWord(appendFold(room[:0], text), n, at)
	if w == nil {
		return Word{}, false
	}
	return *w, true
}

// findWord is FindWord in a folded text of at most maxWorded bytes; nil is none.
func findWord(folded []byte, n phone.Number, at time.Time) *Word {
	var room [maxWorded]byte
	folded = unspell(room[:0], folded)
	if len(folded) == 0 {
		return nil
	}
	count := 0
	for word, rest := cut(folded); len(word) > 0; word, rest = cut(rest) {
		if count++; count > maxPolite || !courtesy(word) && !keyword(word) {
			return nil // most texts end here
		}
	}
	var best *Word
	for i := range words {
		w := &words[i]
		if (best == nil || w.Class == OptOut && best.Class != OptOut) && polite(folded, w.Text) && w.counts(n, at) {
			best = w
		}
	}
	return best
}

// unspell joins single letters: "s t o p" is stop. It writes into room.
func unspell(room, folded []byte) []byte {
	for i, c := range folded {
		if (c == ' ') != (i%2 == 1) {
			return folded
		}
	}
	for i := 0; i < len(folded); i += 2 {
		room = append(room, folded[i])
	}
	return room
}

// counts reports whether w holds for this number on this day.
func (w *Word) counts(n phone.Number, at time.Time) bool {
	day := ""
	if w.From != "" || w.Until != "" {
		day = at.UTC().Format(time.DateOnly)
	}
	if w.From != "" && day < w.From || w.Until != "" && day >= w.Until {
		return false
	}
	if len(w.Prefixes) == 0 {
		return true
	}
	number := n.String()
	return slices.ContainsFunc(w.Prefixes, func(p string) bool { return strings.HasPrefix(number, p) })
}

// polite reports whether folded is word, or word and courtesies, or word and
// word again.
func polite(folded []byte, word string) bool {
	found := false
	for len(folded) > 0 {
		if begins(folded, word) {
			found = true
			folded = folded[min(len(folded), len(word)+1):]
			continue
		}
		beside, rest := cut(folded)
		if !courtesy(beside) {
			return false
		}
		folded = rest
	}
	return found
}

// cut takes the first word of a folded text off.
func cut(folded []byte) (word, rest []byte) {
	if len(folded) > 0 && folded[0] == ' ' {
		folded = folded[1:]
	}
	for i, c := range folded {
		if c == ' ' {
			return folded[:i], folded[i+1:]
		}
	}
	return folded, nil
}

// machines, never written to, are the phrases, folded, that automatic texts carry and people's
// texts hardly ever do, by their first letter.
var machines = [...][]string{
	0: {
		"auto reply", "autoreply", "automatic reply", "automated reply", "automatic message", "automated message",
		"automatic response", "automated response", "auto response", "autoresponse", "autoresponder",
	},
	'd' - 'a': {"do not reply", "dont reply"},
	'e' - 'a': {"envoyez stop", "envie stop"},
	'm' - 'a': {"message automatique", "mensaje automatico"},
	'n' - 'a': {"noreply", "ne pas repondre", "ne repondez pas", "no responda", "no responder", "no contestar"},
	'r' - 'a': {"reply stop", "reponse automatique", "repondez stop", "repondre stop", "respuesta automatica", "responda stop"},
	't' - 'a': {"text stop to"},
	'u' - 'a': {"unmonitored"},
}

// machineMade reports whether a folded text looks as if no person wrote it.
func machineMade(folded []byte) bool {
	first := true // of a word
	for i, c := range folded {
		letter := int(c) - 'a'
		if !first || letter < 0 || letter >= len(machines) || i+1 == len(folded) {
			first = c == ' '
			continue
		}
		first = false
		for _, phrase := range machines[letter] {
			if folded[i+1] == phrase[1] && begins(folded[i:], phrase) {
				return true
			}
		}
	}
	return false
}

// consent is the event for the host's consent list.
func consent(e *phone.Event, w *Word) phone.Event {
	return phone.Event{
		V: phone.EventVersion, ID: w.Class + "/" + e.ID, Type: w.Class, At: e.At,
		Tenant: e.Tenant, Line: e.Line, Contact: e.Contact, Key: e.Key, Text: clip(e.Text, MaxHeard),
	}
}
