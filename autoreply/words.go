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
func Words() []Word { return slices.Clone(words()) }

// words is a function, so that nothing can change the list.
func words() []Word {
	return []Word{
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
}

// courtesies are the words that may stand beside an opt-out word without
// making it something else. "Please stop the work" has others.
const courtesies = " please pls plz thanks thank you thx now me my texting text texts messaging messages sms " +
	"svp stp sil te vous plait merci maintenant moi vos les des textos " +
	"por favor gracias ya los mensajes "

const maxPolite = 6 // words, courtesies among them

// FindWord reports the opt-out, opt-in or help word that a text is: the whole
// text, or the word with courtesies around it. n is the contact's number. Case,
// accents, punctuation, emoji and S.T.O.P. make no difference. Of several the
// opt-out counts.
//
// An incoming text with such a word is never answered by an auto-reply; the
// carrier or the host confirms.
func FindWord(text string, n phone.Number, at time.Time) (Word, bool) {
	if len(text) > 200 {
		return Word{}, false
	}
	folded := fold(text)
	if spelled := strings.ReplaceAll(folded, " ", ""); len(folded) == 2*len(spelled)-1 {
		folded = spelled
	}
	if folded == "" || strings.Count(folded, " ") >= maxPolite {
		return Word{}, false
	}
	var best Word
	for _, w := range words() {
		if (best.Class == "" || w.Class == OptOut && best.Class != OptOut) && w.counts(n, at) && polite(folded, w) {
			best = w
		}
	}
	return best, best.Class != ""
}

// counts reports whether w holds for this number on this day.
func (w Word) counts(n phone.Number, at time.Time) bool {
	day := at.UTC().Format(time.DateOnly)
	if w.From != "" && day < w.From || w.Until != "" && day >= w.Until {
		return false
	}
	number := n.String()
	return len(w.Prefixes) == 0 || slices.ContainsFunc(w.Prefixes, func(p string) bool { return strings.HasPrefix(number, p) })
}

// polite reports whether folded is w, or w and courtesies.
func polite(folded string, w Word) bool {
	if folded == w.Text {
		return true
	}
	before, after, found := strings.Cut(" "+folded+" ", " "+w.Text+" ")
	if !found {
		return false
	}
	for word := range strings.FieldsSeq(before + " " + after) {
		if !strings.Contains(courtesies, " "+word+" ") && word != w.Text {
			return false
		}
	}
	return true
}

// machines are the phrases, folded, that automatic texts carry and people's
// texts hardly ever do.
func machines() []string {
	return []string{
		"auto reply", "autoreply", "automatic reply", "automated reply", "automatic message", "automated message",
		"automatic response", "automated response", "auto response", "autoresponse", "autoresponder",
		"do not reply", "dont reply", "noreply", "reply stop", "text stop to", "unmonitored",
		"reponse automatique", "message automatique", "ne pas repondre", "ne repondez pas", "repondez stop", "repondre stop", "envoyez stop",
		"respuesta automatica", "mensaje automatico", "no responda", "no responder", "no contestar", "responda stop", "envie stop",
	}
}

// machineMade reports whether a text looks as if no person wrote it.
func machineMade(text string) bool {
	folded := " " + fold(text) + " "
	return slices.ContainsFunc(machines(), func(phrase string) bool { return strings.Contains(folded, " "+phrase+" ") })
}

// consent is the event for the host's consent list.
func consent(e phone.Event, w Word) phone.Event {
	return phone.Event{
		V: phone.EventVersion, ID: w.Class + "/" + e.ID, Type: w.Class, At: e.At,
		Tenant: e.Tenant, Line: e.Line, Contact: e.Contact, Key: e.Key, Text: clip(e.Text, MaxHeard),
	}
}
