package autoreply

import (
	"github.com/afterbeep/afterbeep/hours"
	"github.com/afterbeep/afterbeep/phone"
)

// Message is an example of a reply, in English, French and Spanish, to begin a
// rule with. The words are our own. They name the business, promise nothing
// but what {opens} knows, advertise nothing, and stay in GSM-7 as far as the
// values that are put in do, so that most are one segment.
type Message struct {
	ID   string            // "missed-closed"
	On   string            // the type of event that it answers
	When []hours.Kind      // the situation that it is written for; nil: any
	Text map[string]string // by tag: en, fr, es
}

func message(id, on string, when []hours.Kind, en, fr, es string) Message {
	return Message{id, on, when, map[string]string{"en": en, "fr": fr, "es": es}}
}

// Messages returns the examples, as a fresh slice.
func Messages() []Message {
	open := []hours.Kind{hours.KindOpen}
	closed := []hours.Kind{hours.KindClosed, hours.KindWeekend}
	weekend := []hours.Kind{hours.KindWeekend}
	holiday := []hours.Kind{hours.KindHoliday}
	pause := []hours.Kind{hours.KindBreak}
	const missed, voicemail, text = phone.CallMissed, phone.VoicemailLeft, phone.TextReceived
	return []Message{
		message("missed", missed, nil,
			"Sorry we missed your call. {business} will call you back.",
			"Désolés d'avoir manqué votre appel. {business} vous rappelle.",
			"Sentimos no haber atendido su llamada. {business} le devuelve la llamada."),
		message("missed-open", missed, open,
			"{business} here: everyone is on the phone right now. We call you back as soon as one of us is free.",
			"Ici {business} : tout le monde est en ligne. Nous vous rappelons dès que possible.",
			"Le saluda {business}: ahora mismo todos estamos al teléfono. Le llamamos en cuanto se libere alguien."),
		message("missed-text", missed, open,
			"You just called {business}. Can we help by text? Write to us right here.",
			"Vous venez d'appeler {business}. Un message suffit peut-être : écrivez-nous ici.",
			"Acaba de llamar a {business}. Si prefiere, escríbanos por este medio."),
		message("missed-name", missed, nil,
			"Hello {name|there}, this is {business}. We saw your call and get back to you.",
			"Bonjour {name}, ici {business}. Nous avons vu votre appel et revenons vers vous.",
			"Hola {name}, le saluda {business}. Vimos su llamada y le respondemos."),
		message("missed-closed", missed, closed,
			"Thank you for calling {business}. We are closed now and open {opens|soon}.",
			"Merci d'avoir appelé {business}. Nous sommes fermés et rouvrons {opens|sous peu}.",
			"Gracias por llamar a {business}. Ahora estamos cerrados; abrimos {opens|pronto}."),
		message("missed-weekend", missed, weekend,
			"{business} is closed for the weekend. We return your call when we open {opens|again}.",
			"{business} fait relâche en fin de semaine. Nous rappelons à la réouverture, {opens|bientôt}.",
			"{business} descansa el fin de semana. Le llamamos al abrir {opens|de nuevo}."),
		message("missed-holiday", missed, holiday,
			"{business} is closed today: {holiday|a holiday}. We are back {opens|soon} and will call you.",
			"{business} est fermé aujourd'hui : {holiday|jour férié}. De retour {opens|bientôt}, nous vous rappelons.",
			"{business} cierra hoy: {holiday|festivo}. Volvemos {opens|pronto} y le llamamos."),
		message("missed-break", missed, pause,
			"{business} is out for a short break. We call you back {opens|after it}.",
			"Petite pause chez {business}. Nous vous rappelons {opens|ensuite}.",
			"En {business} hacemos una pausa corta. Le llamamos {opens|enseguida}."),
		message("missed-busy", missed, nil,
			"All lines of {business} were busy when you called. Stay where you are, we call you.",
			"Toutes les lignes de {business} étaient occupées. Ne bougez pas, nous vous rappelons.",
			"Todas las líneas de {business} estaban ocupadas. Nosotros le llamamos."),
		message("missed-meeting", missed, nil,
			"I am with a client and could not pick up. I call you back today. {business}",
			"Je suis avec un client et n'ai pas pu décrocher. Je vous rappelle aujourd'hui. {business}",
			"Estoy con un cliente y no pude contestar. Le llamo hoy mismo. {business}"),
		message("missed-department", missed, nil,
			"You asked for {department|us} at {business} and nobody was free. Your call is noted, we return it.",
			"Vous cherchiez {department|quelqu'un} chez {business} et personne n'était libre. C'est noté, nous rappelons.",
			"Buscaba a {department|alguien} en {business} y nadie estaba libre. Queda anotado; le llamamos."),
		message("voicemail", voicemail, nil,
			"{business} has your message. Somebody listens to it and answers you.",
			"{business} a bien reçu votre message vocal. Quelqu'un l'écoute et vous répond.",
			"{business} ya tiene su mensaje de voz. Alguien lo escucha y le responde."),
		message("voicemail-open", voicemail, open,
			"Your voicemail reached {business}. We listen to it between two calls.",
			"Votre message vocal est chez {business}. Nous l'écoutons entre deux appels.",
			"Su mensaje de voz ya está en {business}. Lo escuchamos entre llamada y llamada."),
		message("voicemail-closed", voicemail, closed,
			"Your message is safe with {business}. We are back {opens|soon} and begin with it.",
			"Votre message est bien gardé chez {business}. De retour {opens|bientôt}, nous commençons par lui.",
			"{business} guarda su mensaje. Volvemos {opens|pronto} y empezamos por él."),
		message("voicemail-name", voicemail, nil,
			"Got it, {name|thank you}: your voicemail arrived at {business}.",
			"C'est noté, {name|merci} : votre message est arrivé chez {business}.",
			"Recibido, {name|gracias}: su mensaje ha llegado a {business}."),
		message("text-open", text, open,
			"{business} has your text. A person answers it soon.",
			"{business} a votre message. Une personne vous répond sous peu.",
			"{business} tiene su mensaje. Una persona le responde pronto."),
		message("text-closed", text, closed,
			"{business} is closed and reads your text {opens|when we open}.",
			"{business} est fermé et lira votre message {opens|à l'ouverture}.",
			"{business} está cerrado y lee su mensaje {opens|al abrir}."),
		message("text-holiday", text, holiday,
			"{holiday|Holiday} at {business}: we answer your text {opens|when we are back}.",
			"{holiday|Jour férié} chez {business} : nous répondons {opens|au retour}.",
			"{holiday|Festivo} en {business}: respondemos {opens|a la vuelta}."),
		message("text-away", text, nil,
			"The team of {business} is away for a few days. Your text waits for us and will be answered.",
			"L'équipe de {business} est absente quelques jours. Votre message nous attend et aura sa réponse.",
			"El equipo de {business} se ausenta unos días. Su mensaje nos espera y tendrá respuesta."),
		message("text-appointment", text, nil,
			"To book or move an appointment with {business}, text us the day and the time that suit you.",
			"Pour prendre ou déplacer un rendez-vous chez {business}, écrivez-nous le jour et l'heure souhaités.",
			"Para pedir o cambiar una cita con {business}, escriba el día y la hora que prefiere."),
		message("text-hours", text, nil,
			"You asked when {business} opens: {opens|it is open right now}.",
			"Vous demandiez quand {business} ouvre : {opens|c'est ouvert en ce moment}.",
			"Preguntaba cuándo abre {business}: {opens|ahora mismo está abierto}."),
		message("text-urgent", text, closed,
			"{business} is closed. If somebody is in danger, call the emergency number of your country, not us.",
			"{business} est fermé. En cas de danger, appelez le numéro d'urgence de votre pays, pas nous.",
			"{business} está cerrado. Si hay peligro, llame al número de emergencias de su país, no a nosotros."),
	}
}
