package autoreply

import (
	"strings"

	"golang.org/x/text/language"

	"github.com/afterbeep/afterbeep/hours"
	"github.com/afterbeep/afterbeep/phone"
)

// Sentence says in one sentence when the rule answers, for people: "When a
// call is missed, on holidays, the contact is new." The languages are
// English, French and Spanish; any other tag gets English. Names of tags,
// departments and lines stand as they were written: escape the sentence for
// every output that needs it.
func (r Rule) Sentence(tag language.Tag) string {
	w := phrasesOf(tag)
	clauses := []string{w.when + " " + w.choice(each(w, r.On))}
	add := func(clause string, words []string) {
		if len(words) > 0 {
			clauses = append(clauses, clause+w.choice(words))
		}
	}
	add("", each(w, r.When))
	if r.Holiday != "" {
		add(w.named, []string{w.quote(r.Holiday)})
	}
	add("", each(w, r.Sources))
	add("", each(w, r.Outcomes))
	add(w.lines, quoted(w, r.Lines))
	add(w.departments, quoted(w, r.If.Departments))
	if r.If.Contact != "" {
		add("", each(w, []Standing{r.If.Contact}))
	}
	add(w.tags, quoted(w, r.If.Tags))
	add(w.languages, quoted(w, r.If.Languages))
	add(w.prefixes, r.If.Prefixes)
	add("", each(w, r.If.Numbers))
	add(w.keywords, quoted(w, r.If.Keywords))
	if !r.From.IsZero() {
		add(w.from, []string{r.From.String()})
	}
	if !r.Until.IsZero() {
		add(w.until, []string{r.Until.String()})
	}
	sentence := strings.Join(clauses, ", ")
	if r.Disabled {
		sentence += " (" + w.disabled + ")"
	}
	return sentence + "."
}

// phrases are the words of one language.
type phrases struct {
	when, or, disabled              string
	named, lines, departments, tags string
	languages, prefixes, keywords   string
	from, until                     string
	open, close                     string // quotation marks
	words                           map[string]string
}

func (w phrases) quote(s string) string { return w.open + s + w.close }

// choice joins alternatives: "a, b or c".
func (w phrases) choice(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " " + w.or + " " + words[last]
}

// each translates values of an enumeration.
func each[T ~string](w phrases, list []T) []string {
	words := make([]string, 0, len(list))
	for _, v := range list {
		word, ok := w.words[string(v)]
		if !ok {
			word = w.quote(string(v))
		}
		words = append(words, word)
	}
	return words
}

func quoted[T ~string](w phrases, list []T) []string {
	words := make([]string, 0, len(list))
	for _, v := range list {
		words = append(words, w.quote(string(v)))
	}
	return words
}

func phrasesOf(tag language.Tag) phrases {
	switch base, _ := tag.Base(); base.String() {
	case "fr":
		return frenchPhrases()
	case "es":
		return spanishPhrases()
	}
	return englishPhrases()
}

func englishPhrases() phrases {
	return phrases{
		when: "When", or: "or", disabled: "switched off", named: "on the day ", lines: "on line ", departments: "for department ",
		tags: "the contact is tagged ", languages: "the contact's language is ", prefixes: "the number begins with ",
		keywords: "the text contains ", from: "from ", until: "before ", open: "“", close: "”",
		words: map[string]string{
			phone.CallMissed: "a call is missed", phone.VoicemailLeft: "a voicemail is left", phone.TextReceived: "a text comes in",
			string(hours.KindOpen): "during opening hours", string(hours.KindBreak): "during the break", string(hours.KindClosed): "outside opening hours",
			string(hours.KindWeekend): "at the weekend", string(hours.KindHoliday): "on holidays",
			string(hours.SourceOverride): "while set by hand", string(hours.SourceException): "on exceptional days", string(hours.SourceWeek): "on ordinary days", string(hours.SourceAlways): "without a schedule",
			string(phone.DND): "while do not disturb is on", string(phone.NoAnswer): "nobody answered", string(phone.Busy): "everybody was busy",
			string(phone.Declined): "the call was declined", string(phone.Unavailable): "nobody could be rung", string(phone.Abandoned): "the caller hung up first", string(phone.Failed): "the call failed",
			string(Known): "the contact is known", string(Stranger): "the contact is new",
			string(Mobile): "the number is a mobile one", string(Landline): "the number is a landline", string(VoIP): "the number is on the internet", string(TollFree): "the number is toll-free",
		},
	}
}

func frenchPhrases() phrases {
	return phrases{
		when: "Quand", or: "ou", disabled: "désactivée", named: "le jour ", lines: "sur la ligne ", departments: "pour le service ",
		tags: "le contact porte l'étiquette ", languages: "la langue du contact est ", prefixes: "le numéro commence par ",
		keywords: "le texte contient ", from: "à partir du ", until: "avant le ", open: "« ", close: " »",
		words: map[string]string{
			phone.CallMissed: "un appel est manqué", phone.VoicemailLeft: "un message vocal est laissé", phone.TextReceived: "un texto arrive",
			string(hours.KindOpen): "pendant les heures d'ouverture", string(hours.KindBreak): "pendant la pause", string(hours.KindClosed): "hors des heures d'ouverture",
			string(hours.KindWeekend): "la fin de semaine", string(hours.KindHoliday): "les jours fériés",
			string(hours.SourceOverride): "selon un réglage manuel", string(hours.SourceException): "les jours d'exception", string(hours.SourceWeek): "les jours ordinaires", string(hours.SourceAlways): "sans horaire",
			string(phone.DND): "en mode ne pas déranger", string(phone.NoAnswer): "personne n'a répondu", string(phone.Busy): "tout le monde était occupé",
			string(phone.Declined): "l'appel a été refusé", string(phone.Unavailable): "personne n'était joignable", string(phone.Abandoned): "l'appelant a raccroché avant", string(phone.Failed): "l'appel a échoué",
			string(Known): "le contact est connu", string(Stranger): "le contact est nouveau",
			string(Mobile): "le numéro est mobile", string(Landline): "le numéro est fixe", string(VoIP): "le numéro est sur internet", string(TollFree): "le numéro est gratuit",
		},
	}
}

func spanishPhrases() phrases {
	return phrases{
		when: "Cuando", or: "o", disabled: "desactivada", named: "el día ", lines: "en la línea ", departments: "para el departamento ",
		tags: "el contacto lleva la etiqueta ", languages: "el idioma del contacto es ", prefixes: "el número empieza por ",
		keywords: "el texto contiene ", from: "desde el ", until: "antes del ", open: "«", close: "»",
		words: map[string]string{
			phone.CallMissed: "se pierde una llamada", phone.VoicemailLeft: "se deja un mensaje de voz", phone.TextReceived: "llega un texto",
			string(hours.KindOpen): "en horario de apertura", string(hours.KindBreak): "durante la pausa", string(hours.KindClosed): "fuera del horario",
			string(hours.KindWeekend): "el fin de semana", string(hours.KindHoliday): "los días festivos",
			string(hours.SourceOverride): "según un ajuste manual", string(hours.SourceException): "los días de excepción", string(hours.SourceWeek): "los días ordinarios", string(hours.SourceAlways): "sin horario",
			string(phone.DND): "en modo no molestar", string(phone.NoAnswer): "nadie contestó", string(phone.Busy): "todos estaban ocupados",
			string(phone.Declined): "se rechazó la llamada", string(phone.Unavailable): "no se podía llamar a nadie", string(phone.Abandoned): "quien llamaba colgó antes", string(phone.Failed): "la llamada falló",
			string(Known): "el contacto es conocido", string(Stranger): "el contacto es nuevo",
			string(Mobile): "el número es móvil", string(Landline): "el número es fijo", string(VoIP): "el número es de internet", string(TollFree): "el número es gratuito",
		},
	}
}
