#!/bin/bash
# Makes the sounds that ship with afterbeep again: the callers and prompts of
# the front desk, and the built-in greetings of the package greeting.
#
#   apt-get install -y --no-install-recommends espeak-ng flite sox
#   examples/frontdesk/callers/make.sh
#
# All sentences are our own, in the table at the end. The result is 8 kHz mono
# 16-bit WAV (mu-law where it is embedded), speech at -20 dBFS RMS, 100 ms of silence before and after, the
# same bytes on each run of the same versions of the tools.
set -euo pipefail
cd "$(dirname "$0")/../../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# say VOICE TEXT FILE: synthesised speech at the rate of the voice.
say() {
	case $1 in
	fr-desk) espeak-ng -v fr-fr+f2 -s 184 -p 50 -w "$3" "$2" ;;
	fr-luc) espeak-ng -v fr-fr+m3 -s 184 -p 38 -w "$3" "$2" ;;
	fr-amelie) espeak-ng -v fr-fr+f4 -s 182 -p 62 -w "$3" "$2" ;;
	es-desk) espeak-ng -v es-419+f2 -s 178 -p 50 -w "$3" "$2" ;;
	en-desk | en-emma) flite -voice slt --setf duration_stretch=0.9 -t "$2" -o "$3" ;;
	en-noah) flite -voice rms -t "$2" -o "$3" ;;
	en-agent) flite -voice awb -t "$2" -o "$3" ;;
	*) echo "make.sh: no voice $1" >&2 && exit 1 ;;
	esac
}

# level FILE KEY: one figure of sox stats, in dB.
level() { sox "$1" -n stats 2>&1 | awk -v key="$2" 'index($0, key) == 1 { print $NF }'; }

# levelled DBFS FROM TO EFFECTS...: at a level (RMS).
levelled() {
	local want=$1 from=$2 to=$3
	shift 3
	sox -R "$from" "$to" "$@" gain "$(awk -v w="$want" -v l="$(level "$from" 'RMS lev dB')" 'BEGIN { print w - l }')"
}

# part VOICE TEXT FILE: telephone band, trimmed, at the level.
part() {
	say "$1" "$2" "$work/raw.wav"
	sox -R "$work/raw.wav" -b 16 -c 1 "$work/cut.wav" gain -6 highpass 120 rate -v 8000 \
		silence 1 0.01 -48d reverse silence 1 0.01 -48d reverse
	levelled -24 "$work/cut.wav" "$work/even.wav" fade t 0.005 -0 0.01
	# Peaks lose half of what they have above -18 dBFS.
	sox -R "$work/even.wav" "$work/soft.wav" compand 0.001,0.04 -90,-90,-18,-18,0,-9 0 -90 0.001
	levelled -20 "$work/soft.wav" "$3"
}

# finish FILE PARTS...: joins the parts with a pause, and pads.
finish() {
	local file=$1 padded=()
	shift
	for p in "$@"; do
		sox -R "$p" "$p.pad.wav" pad 0.1 0.1
		padded+=("$p.pad.wav")
	done
	mkdir -p "$(dirname "$file")"
	case $file in
	greeting/*) sox -R "${padded[@]}" -e mu-law "$file" ;; # embedded in each program: half the size
	*) sox -R "${padded[@]}" -b 16 "$file" ;;
	esac
	if awk -v p="$(level "$file" 'Pk lev dB')" 'BEGIN { exit !(p > -1) }'; then
		echo "make.sh: $file clips" >&2 && exit 1
	fi
	printf '%-52s %5.2f s  RMS %s dB  peak %s dB\n' "$file" "$(soxi -D "$file")" \
		"$(level "$file" 'RMS lev dB')" "$(level "$file" 'Pk lev dB')"
}

file='' parts=()
flush() { if [ -n "$file" ]; then finish "$file" "${parts[@]}"; fi; }
# A line is file|voice|text; without a file the text is added to the one before.
while IFS='|' read -r name voice text; do
	if [ -n "$name" ]; then
		flush
		file=$name parts=()
	fi
	parts+=("$work/part${#parts[@]}.wav")
	part "$voice" "$text" "${parts[-1]}"
	case $file in
	*/callers/*) # the transcript that the demo reads where there is no recogniser
		case $voice in fr-*) lang=fr-CA ;; *) lang=en ;; esac
		printf 'lang: %s\n%s\n' "$lang" "$text" >"${file%.wav}.txt"
		;;
	esac
done <<'TABLE'
greeting/builtin/en.wav|en-desk|You have reached our voicemail. Please leave a message after the tone.
greeting/builtin/fr.wav|fr-desk|Vous avez joint notre boîte vocale. Laissez un message après le signal sonore.
greeting/builtin/es.wav|es-desk|Este es nuestro buzón de voz. Deje un mensaje después del tono.
examples/frontdesk/prompts/welcome.wav|fr-desk|Menuiserie Tremblay. Pour le français, faites le 1.
|en-desk|For English, press 2.
examples/frontdesk/prompts/fr/departments.wav|fr-desk|Pour les ventes, faites le 1. Pour le soutien, faites le 2.
examples/frontdesk/prompts/en/departments.wav|en-desk|For sales, press 1. For support, press 2.
examples/frontdesk/prompts/fr/wrong.wav|fr-desk|Désolée, je n'ai pas compris.
examples/frontdesk/prompts/en/wrong.wav|en-desk|Sorry, I did not get that.
examples/frontdesk/prompts/fr/goodbye.wav|fr-desk|Merci, et au revoir.
examples/frontdesk/prompts/en/goodbye.wav|en-desk|Thank you for calling. Goodbye.
examples/frontdesk/prompts/fr/full.wav|fr-desk|Cette boîte vocale est pleine. Rappelez plus tard.
examples/frontdesk/prompts/en/full.wav|en-desk|This mailbox is full. Please call later.
examples/frontdesk/prompts/fr/greeting-closed.wav|fr-desk|Nos bureaux sont fermés. Laissez un message après le signal.
examples/frontdesk/prompts/en/greeting-closed.wav|en-desk|Our office is closed. Please leave a message after the tone.
examples/frontdesk/prompts/fr/greeting-holiday.wav|fr-desk|Nous sommes fermés pour le congé. Laissez un message après le signal.
examples/frontdesk/prompts/en/greeting-holiday.wav|en-desk|We are closed for the holiday. Please leave a message after the tone.
examples/frontdesk/prompts/fr/greeting-busy.wav|fr-desk|Personne ne peut vous répondre. Laissez un message après le signal.
examples/frontdesk/prompts/en/greeting-busy.wav|en-desk|Nobody can take your call. Please leave a message after the tone.
examples/frontdesk/prompts/fr/greeting-general.wav|fr-desk|Menuiserie Tremblay. Laissez un message après le signal.
examples/frontdesk/prompts/en/greeting-general.wav|en-desk|Tremblay Woodworks. Please leave a message after the tone.
examples/frontdesk/callers/luc.wav|fr-luc|Bonjour, c'est Luc. C'est quoi cette hostie de facture? Rappelez-moi demain.
examples/frontdesk/callers/luc-again.wav|fr-luc|C'est encore Luc. J'attends toujours.
examples/frontdesk/callers/amelie.wav|fr-amelie|Bonjour, c'est Amélie. J'aimerais un rendez-vous lundi matin, pour ma cuisine.
examples/frontdesk/callers/emma.wav|en-emma|Hi, Emma here. I need a quote for six oak chairs. Thank you.
examples/frontdesk/callers/noah.wav|en-noah|Hi, this is Noah. Is my kitchen table ready?
examples/frontdesk/callers/agent.wav|en-agent|Tremblay Woodworks, Paul speaking. How can I help?
TABLE
flush
