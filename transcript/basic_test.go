package transcript_test

import (
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"

	"github.com/afterbeep/afterbeep/transcript"
)

// TestBasicLocales: German, Italian and Portuguese have small lexicons that
// are marked as basic.
func TestBasicLocales(t *testing.T) {
	t.Parallel()
	for locale, pairs := range map[string]map[string]string{
		"de": {
			"das ist doch scheiße hier":        "das ist doch ******* hier",
			"so ein arschloch":                 "so ein *********",
			"rufen Sie bitte den Dachdecker":   "rufen Sie bitte den Dachdecker",
			"die klassische Assistentin fehlt": "die klassische Assistentin fehlt",
		},
		"it": {
			"che cazzo vuoi":               "che ***** vuoi",
			"vaffanculo stronzo":           "********** *******",
			"devo scopare il pavimento":    "devo scopare il pavimento",
			"il culto e la calcolatrice":   "il culto e la calcolatrice",
			"chiama il dottore per favore": "chiama il dottore per favore",
		},
		"pt": {
			"que merda é essa":            "que ***** é essa",
			"vai se foder":                "vai se *****",
			"o computador do deputado":    "o computador do deputado",
			"a encomenda chega amanhã":    "a encomenda chega amanhã",
			"o corno do boi e as ovelhas": "o corno do boi e as ovelhas",
		},
	} {
		f := newFilter(t, locale, nil)
		for in, want := range pairs {
			assert.Equal(t, want, f.Text(in), locale)
		}
	}
}

// basicRows are messages as people leave them: what is in brackets must be
// found, and nothing else.
func basicRows() map[string]string {
	return map[string]string{
		"nl": `
wat een [klotezooi] bij jullie aan de balie
die [klootzak] van de garage neemt niet op
ik zit hier verdomme al een uur met die printer nee die [kut] van een printer
[godverdomme] bel me nou eens terug
hij staat weer te [lullen] tegen de klant
wat een [gelul] over die factuur
die [teringlijer] heeft mijn fiets meegenomen
hou op met dat [gezeik] over de huur
ze noemde mij een [hoer] aan de telefoon
je kunt mijn [reet] kussen met je offerte
de [hufter] reed zo door rood
[FUCK] ik ben mijn sleutels vergeten
er ligt [stront] voor de deur
ik ga wintersporten en we nemen de rode piste
met Pieter over het kloostertuintje in Kloten
de eikel viel van de boom op het dak
ik pik je om acht uur op bij het station
de lamp in de keuken flikkert al een week
mijn nicht is jarig en we maken pannenkoeken
hij heeft kanker en ligt in het ziekenhuis
de reu en de teef moeten naar de dierenarts
u spreekt met mevrouw Kuttschreuter van de gemeente
we zijn gelukkig op tijd bij de tandarts
de pijpen lekken op de tweede verdieping
Hoera de sleutel is terecht
met Lulu Hoekstra over de rekening
`,
		"sv": `
[fan] också jag missade tåget
fy [fan] vad det läcker i källaren
det är för [jävla] dåligt att ni aldrig svarar
dra åt [helvete] med er faktura
vilken [skit] ni har levererat
han är en [skitstövel] den där säljaren
din [fitta] ring inte hit mer
[håll käften] och betala för [fan]
det är kallt som [fan] idag
jag [skiter] i er kallade han en [hora]
du är en [röv] och en [kuk]
[JÄVLAR] nu glömde jag nycklarna
han höll på att [knulla] runt hela sommaren
jag är ett stort fan av laget
hon var fan av Abba redan då
kursen tar slut klockan fyra
han åkte dit som fan av bandet
vi hämtar nyckeln i Fittja på fredag
bilen är smutsig efter vägen
hon är same och bodde i en kåta vid fjället
Brad Pitt spelar huvudrollen på bion
prästen talade om himmel och helvete i kyrkan
rövaren i sagan heter Mattis
ring Fanny Horn på kontoret
kocken är sjuk så middagen ställs in
mössan och halsduken ligger kvar
`,
		"da": `
hvad [fanden] laver I derovre
for [satan] ring nu tilbage
gå ad [helvede] til med jeres regning
sikke noget [lort] I har sendt
din [kælling] lad være med at ringe
han er et [røvhul] ham chefen
det er [pisseirriterende] at vente
mekanikeren er en [skiderik]
den [luder] tog min plads
hold nu op din [pikhoved]
det er [kraftedeme] for dårligt
[KUSSE] råbte han i telefonen
de [kneppede] på kontoret
turen starter klokken ni og slutter klokken tre
det går lidt skidt med benet i dag
hvilket fag underviser hun i
der er fart på leveringen
min kusine kommer på søndag
vi tager til Fanø i ferien
løven er et rovdyr sagde guiden
husk brød og boller til mødet
vi har brug for et knep mod lugten
du kan ringe til Fandango Rejser
bilen skal til syn i Horsens
præsten talede om himmel og helvede i kirken
katten er i bur hos dyrlægen
`,
		"nb": `
hva [faen] driver dere med
[jævla] dårlig service altså
dra til [helvete] med regningen
det var noe [dritt] dere leverte
han er en [drittsekk] den selgeren
din [fitte] ikke ring hit mer
kom deg opp på [ræva] og svar
for [faen] ta telefonen
den [hora] tok plassen min
du er en [kuk] sa han
[FAEN] nå glemte jeg nøklene
de [knuller] på kontoret
jeg [driter] i det for dette er [piss]
møtet er slutt klokken fire
pulten og stolen kommer på fredag
hun soper gulvet før vi åpner
hvilket fag har du i dag
det er god fart på arbeidet
vi skal til Fitjar i ferien
du hører fra Hortensia i resepsjonen
revisoren ringer tilbake
presten snakket om himmel og helvete i kirken
kokken er syk i dag
kusinen min kommer på lørdag
ring Fanny Kukulenko ved sentralbordet
rørleggeren kommer mellom åtte og ti
`,
		"fi": `
voi [vittu] taas tämä vastaaja
mitä [helvettiä] te oikein teette
[perkele] soita nyt takaisin
tämä on ihan [paskaa] palvelua
se [kusipää] ei vastaa puhelimeen
painu [vittuun] laskuinesi
[saatanan] hidas huolto
mua [vituttaa] tämä odottaminen
olet täysi [mulkku]
se [huora] otti mun paikan
älä [vittuile] mulle
[PERSEESEEN] koko kauppa
[runkkari] ei osaa asiaansa
tulen kuudelta kuusi on jo koristeltu
terveisin Kustaa Virtanen Kuusamosta
hinta on sata euroa ja hinnat nousevat
voitko panna munat jääkaappiin
vitsi oli hyvä ja viitta on valmis
mennään Helvetinjärven kansallispuistoon
persikat ja perunat ovat kassissa
lähdemme Persiaan eli Iraniin
pilleri pitää ottaa aamulla
pappi puhui kirkossa taivaasta ja helvetistä
soita Saanalle tai Satulle
pilli soi kello neljä
tarvitsen hoitajan numeron
`,
		"pl": `
[kurwa] oddzwońcie wreszcie
co za [chujowa] obsługa
idź w [pizdu] z tą fakturą
nie [pierdol] tylko zapłać
ten [skurwysyn] zajechał mi drogę
[spierdalaj] i nie dzwoń więcej
to jest jakieś [gówno] a nie naprawa
[zajebali] mi rower spod bloku
jestem [wkurwiony] na waszą firmę
pocałuj mnie w [dupę] panie kierowniku
ty [kutasie] oddaj klucze
[JEBAĆ] taki serwis
[chuj] z tym przyjadę jutro
mój pies jest u weterynarza
pedał hamulca trzeba wymienić
kurtka została w szatni
jedziemy do Chojnic przez Pyzdry
kurs zaczyna się w poniedziałek
ruch uliczny jest duży spóźnię się
rezerwacja w Szczawnicy na dwie osoby
dzwoni Jebsen z działu kadr
proszę oddzwonić do pani Kuropatwy
zamówiliśmy pizzę na szesnastą
suka urodziła sześć szczeniąt
cholesterol jest za wysoki
supeł się zaplątał przy kasku
`,
		"cs": `
do [prdele] zase ta schránka
ty [kurvo] vrať mi klíče
jste [kokoti] celá ta firma
to je [hovno] a ne oprava
[jebu] na vaši fakturu
ten [zmrd] mi nabořil auto
jsem z toho [nasraný]
vole co to [píčo] děláte
řekni tomu [čurákovi] ať zavolá
je to [posraný] od začátku
ta [děvka] mi vzala místo
[SERU] na to přijedu zítra
v [píči] už je to všechno
přijedu na kurz ve čtvrtek
píchání v zádech nepřestává prosím o injekci
kozy jsou na zahradě
volá paní Jebavá z účtárny
pro pana Kundu mám balík
koupil jsem píce pro koně
srdečně zdravím od řeky Sázavy
hovor byl přerušen zavolejte znovu
štětku na malování nechte v garáži
chtěl bych objednat hovězí
jeřáb přijede ráno
Kundera má výročí v knihovně
šlapka na kole je zlomená
`,
		"ro": `
ce [pula] mea faceți acolo
[pizda] mă-sii de telefon
ești un [muist] nenorocit
e un [căcat] de serviciu
m-am săturat de [curva] aia
bagă-ți factura în [cur]
du-te și te [fute] cu firma ta
sunteți niște [poponari]
te [fut] în gură dacă mai suni
nu mai face pe [târfa]
[MUIE] echipei voastre
mașina asta e un [cacat] total
[futu ți] mașina ta
plecăm în vacanță la Pula în iulie
curtea este închisă luni
curba de pe deal e periculoasă
curierul ajunge la trei
fac o cură de slăbire
tata vine mâine din Slobozia
usturoiul pisat se pune la sfârșit
aveți rahat turcesc și cafea
pisica este la veterinar
o cioară a intrat în pod
laba câinelui este umflată
mulțumesc sunați pe Curcă Ion
pulsul meu este bun
`,
		"hu": `
mi a [faszt] csináltok ott
[bazdmeg] hívj már vissza
menj a [picsába] a számláddal
ez egy nagy [szar] nem javítás
te [geci] add vissza a kulcsot
[leszarom] a szerződést
kapd be te [faszfej]
a [kurva] életbe már megint üzenetrögzítő
[kibaszott] lassú ez a szerelő
nyald ki a [seggem]
te [köcsög] hol vagy
[BASZD MEG] elkéstem
ez a [ribanc] elvitte a helyemet
a baszk étteremben foglaltam asztalt
Szarvasra megyünk a vonattal
a szarvas az erdőben élt
a faszén és a faszenes grill a kertben van
egy pina colada lesz köszönöm
segítséget kérek a seprűvel
felhívtam anyádat tegnap este
Kurta Pista keresi önt
a basszusgitár a próbateremben maradt
a cserép köcsög a polcon áll
Buzás Gergő vagyok a könyvelésről
a puncs íze jó volt
Nigerből érkezik a csomag
`,
		"tr": `
[siktir git] lan arama bir daha
[orospu çocuğu] paramı ver
[amına koyayım] yine telesekreter
ne [boktan] bir servis bu
ustanın [götüne] kaçmış para
[amk] neden açmıyorsunuz
bu [piç] arabamı çizdi
[şerefsiz] herif borcunu ödemedi
[ibne] seni arıyorum kaç gündür
işin içine [sıçtı] resmen
[yarrak] gibi iş yapmışsınız
[GÖT] herif
[sikerim] böyle işi
sık sık arıyorum ulaşamıyorum
SIK SIK ARIYORUM LÜTFEN AÇIN
amcam ve Amasya'dan halam geliyor
boks maçı için iki bilet
çocukları okula götürdüm sonra döndüm
canım çok sıkıldı bekliyorum
bodrumda sıçan var ilaçlama istiyorum
eski bir sikke buldum müzeye verdim
piknik cumartesi günü
Sikorsky helikopteri indi
ama ben yarın gelirim
şıllık tatlısı sipariş ettim
Amina Hanım sizi aradı
`,
		"ru": `
[нахуй] мне ваш договор
что за [хуйня] с доставкой
[пиздец] опять автоответчик
вы меня [заебали] звонками
[блядь] перезвони уже
[сука] он мне машину поцарапал
этот [мудак] не берёт трубку
полное [говно] а не ремонт
поцелуй меня в [жопу]
[уёбок] верни деньги
[УЕБОК] верни деньги
ты [долбоёб] что ли
[ёбаный] насос опять течёт
[ебаный] насос опять течёт
[ЁБАНЫЙ] насос опять течёт
[Пидорасы] вы все там
застрахуй машину до пятницы
не психуй я всё оплатил
подстрахуй меня завтра
два рубля и три корабля
мудрый совет от команды
мандарины и гондола в Херсоне
блины с вареньем на столе
сука на дереве была сухая
собака сука пять лет нужна прививка
требуется парикмахер в салон
скипидар в гараже на полке
это Хачик Вартанян из мастерской
употреблять до еды два раза
жидкость для стёкол закончилась
себя хорошо чувствую колебаний нет
`,
		"uk": `
[нахуй] мені ваш договір
що за [хуйня] з доставкою
[пиздець] знову автовідповідач
ви мене [заїбали] дзвінками
[йобаний] насос знову тече
[ЙОБАНИЙ] насос знову тече
[блядь] передзвони вже
цей [мудак] не бере слухавку
це [гівно] а не ремонт
поцілуй мене в [сраку]
[курва] де мої ключі
від'[їбись] від мене
[хуйло] паркує під вікном
[підараси] всі ви там
підрахуй усе до п'ятниці
застрахуй машину будь ласка
їдемо до Жидачева і Хуста
мандрівка почнеться о сьомій
команда приїде в Херсон
сукня і спідниця готові
дупло в зубі болить
Ярославе Мудрий зал замовлено
два рубля і три корабля
лайнер відпливає зранку
собака сука п'ять років потрібне щеплення
їжа і їжак у саду
телефонує пан Кацап з бухгалтерії
хутро і пиріг на столі
`,
		"el": `
τι [μαλάκας] είσαι ρε
ΤΙ [ΜΑΛΑΚΑΣ] ΕΙΣΑΙ ΡΕ
αυτό είναι [μαλακία] μεγάλη
[γαμώτο] πάλι τηλεφωνητής
άντε [γαμήσου] με τον λογαριασμό
ΑΝΤΕ [ΓΑΜΗΣΟΥ] ΡΕ
ο [πούστης] μου χτύπησε το αμάξι
[σκατά] δουλειά κάνατε
στα [αρχίδια] μου η προθεσμία
είσαι μεγάλος [καριόλης]
της [πουτάνας] έγινε στο γραφείο
με έχει [χέσει] η υπηρεσία
τράβα στον [κώλο] σου
ο γάμος είναι το Σάββατο
ΤΟΥ ΓΑΜΟΥ ΚΑΙ Ο ΓΑΜΠΡΟΣ
το ψωμί είναι μαλακό
μίλα μαλακά στο παιδί
τα μαλάκια και τα χταπόδια ήταν φρέσκα
η γαμήλια δεξίωση αρχίζει στις οκτώ
χρειάζομαι κόλλα και κόλα
ο Πούτιν μίλησε στις ειδήσεις
η πίστη και ο πιστός
είναι ψηλή και ψηλός
το χέρι μου πονάει
κάναμε παπάρα με ντομάτα
η αδερφή μου θα σας πάρει
η πουτίγκα είναι στο ψυγείο
`,
		"ca": `
quina [merda] de servei teniu
què [collons] feu amb la factura
aquell [fill de puta] no paga
què [cony] passa amb el telèfon
aneu a [prendre pel cul] tots plegats
l'heu [cagada] amb la comanda
[hòstia] truqueu-me ja
aquest [cabró] m'ha ratllat el cotxe
ets un [gilipolles] integral
quins [malparits] que sou
que et deixis [follar] diu
[MERDA] m'he deixat les claus
aquell [maricó] no respon
el Caga Tió arriba la nit de Nadal
hem posat el caganer al pessebre
farem cagar el tió amb la família
mossèn Joan reparteix l'hòstia consagrada a missa
un conyac i una figa
anem a Pollença amb la Collblanc
el pollastre és al forn
hi ha una polla d'aigua a l'estany
la computadora i la fotografia
el collar de perles és a la botiga
connecteu l'alarma al cultiu
els pollets mengen blat
aneu a l'església de Putxet
`,
	}
}

// basicRow is a line of basicRows: the message, and what is left of it.
func basicRow(line string) (text, hidden string) {
	var in, out strings.Builder
	inside := false
	for _, r := range line {
		switch {
		case r == '[' || r == ']':
			inside = r == '['
			continue
		case inside && unicode.IsLetter(r):
			out.WriteByte('*')
		default:
			out.WriteRune(r)
		}
		in.WriteRune(r)
	}
	return in.String(), out.String()
}

// TestBasicRows: small lexicons find what everybody knows and touch no
// everyday word, in both cases, composed and decomposed.
func TestBasicRows(t *testing.T) {
	t.Parallel()
	for locale, lines := range basicRows() {
		f := newFilter(t, locale, nil)
		profane, clean := 0, 0
		for line := range strings.Lines(strings.TrimSpace(lines)) {
			text, hidden := basicRow(strings.TrimSpace(line))
			if text == hidden {
				clean++
			} else {
				profane++
			}
			assert.Equal(t, hidden, f.Text(text), locale)
			decomposed, _ := basicRow(norm.NFD.String(strings.TrimSpace(line)))
			assert.Equal(t, hidden, norm.NFC.String(f.Text(decomposed)), locale+", decomposed")
		}
		assert.GreaterOrEqual(t, profane, 12, locale)
		assert.GreaterOrEqual(t, clean, 12, locale)
	}
}

// TestBasicForms: each word of a small lexicon is found alone, in capitals and
// decomposed.
func TestBasicForms(t *testing.T) {
	t.Parallel()
	for locale := range basicRows() {
		f := newFilter(t, locale, &transcript.FilterOptions{Least: transcript.Mild})
		forms, err := transcript.FormsAlone(locale)
		require.NoError(t, err)
		require.Greater(t, len(forms), 60, locale)
		for _, form := range forms {
			for _, text := range []string{form, strings.ToUpper(form), norm.NFD.String(form)} {
				assert.NotEmpty(t, f.AppendSpans(nil, text), "%s: %s", locale, text)
			}
		}
	}
}

// TestBasicNorwegian: one lexicon for the language and both its forms.
func TestBasicNorwegian(t *testing.T) {
	t.Parallel()
	for _, locale := range []string{"no", "nb", "nn", "nb-NO", "nn-NO"} {
		assert.Equal(t, "hva **** nå", newFilter(t, locale, nil).Text("hva faen nå"), locale)
	}
}

// TestBasicLetters: accents that are left out, the sigma at the end of a word,
// neighbours and phrases in letters that are not Latin.
func TestBasicLetters(t *testing.T) {
	t.Parallel()
	ru, el := newFilter(t, "ru", nil), newFilter(t, "el", nil)
	assert.Equal(t, "****** ******", ru.Text("Ёбаный ебаный"))
	assert.Equal(t, "** **** ****", ru.Text("ёб твою мать"))
	assert.Equal(t, "без твоя жена", ru.Text("без твоя жена"), "as many letters are not the same letters")
	assert.Equal(t, "******* *******", el.Text("μαλακας μαλακασ"))
	assert.Equal(t, "ŞILLIK TATLISI", newFilter(t, "tr", nil).Text("ŞILLIK TATLISI"), "an exception in every spelling")

	f := newFilter(t, "en", &transcript.FilterOptions{
		Words: []transcript.Term{{Text: "плохой друг"}},
		Allow: []transcript.Term{{Text: "Μάγκας"}},
	})
	assert.Equal(t, "****** **** и добрый друг", f.Text("плохой друг и добрый друг"))
	assert.NotNil(t, newFilter(t, "ru", &transcript.FilterOptions{
		Allow: []transcript.Term{{Text: "Zoë Renée"}, {Text: "François"}},
	}), "names of another script fit beside the letters of the lexicon")
}
