package main

import (
	"encoding/xml"
	"fmt"
	"strings"
	"time"

	"github.com/afterbeep/afterbeep/hours"
)

// The measures of the picture, in its own units.
const (
	tile      = 38 // a day
	gap       = 3
	monthW    = 7*tile + 6*gap
	monthH    = 46 + 6*(tile+gap)
	gutter    = 38
	margin    = 64
	across    = 4 // months in a row
	headerH   = 154
	width     = 2*margin + across*monthW + (across-1)*gutter
	lineH     = 25
	listCols  = 3
	listW     = (width - 2*margin) / listCols
	labelSize = 34 // letters of a label in the list
)

// look is how a sort of day is drawn.
type look struct{ fill, stroke, ink, weight string }

var (
	ordinary = look{"#ffffff", "#e4dfd4", "#2b2f36", "500"}
	resting  = look{"#f2efe8", "none", "#b3ab9c", "400"}
	holiday  = look{"#fbdfd6", "none", "#b83a22", "700"}
	other    = look{"#fdeec4", "none", "#8a5d00", "700"}
	shut     = look{"url(#shut)", "none", "#8b8272", "500"}
)

const (
	openInk   = "#2a9d8f"
	handInk   = "#7a5aa6"
	trackInk  = "#2b2f36"
	titleInk  = "#2b2f36"
	softInk   = "#8b8577"
	paperFill = "#fcfbf7"
)

// draw is the year as an SVG: a tile a day, and in it the 24 hours from left
// to right, so that a night runs from one tile into the next.
func (y *yearOf) draw() string {
	groups := y.groups()
	entries := len(groups)
	if y.Hand != "" {
		entries++
	}
	rows := (entries + listCols - 1) / listCols
	listY := headerH + 3*(monthH+gutter) + 46
	height := listY + rows*lineH + margin/2
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" `, width, height, width, height)
	b.WriteString(`font-family="Inter, 'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', sans-serif">` + "\n")
	fmt.Fprintf(&b, "<title>%s</title>\n", escape(fmt.Sprintf("%d, %s", y.Year, y.Title)))
	b.WriteString(`<defs><pattern id="shut" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">` +
		`<rect width="6" height="6" fill="#f2efe8"/><rect width="2" height="6" fill="#ddd6c8"/></pattern></defs>` + "\n")
	fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="%s"/>`+"\n", width, height, paperFill)
	y.header(&b)
	for m := time.January; m <= time.December; m++ {
		i := int(m) - 1
		y.drawMonth(&b, m, margin+i%across*(monthW+gutter), headerH+i/across*(monthH+gutter))
	}
	drawLegend(&b, listY-34)
	for i, g := range groups {
		x, top := margin+i/rows*listW, listY+i%rows*lineH
		drawEntry(&b, x, top, styleOf(g.first).ink, g.dates(), g.label(), g.hours())
	}
	if y.Hand != "" {
		drawEntry(&b, margin+len(groups)/rows*listW, listY+len(groups)%rows*lineH, handInk, y.hand.dates, y.hand.label, y.hand.what)
	}
	b.WriteString("</svg>\n")
	return b.String()
}

func drawEntry(b *strings.Builder, x, top int, dot, dates, label, open string) {
	fmt.Fprintf(b, `<circle cx="%d" cy="%d" r="3.5" fill="%s"/>`, x+4, top+10, dot)
	fmt.Fprintf(b, `<text x="%d" y="%d" font-size="13.5"><tspan font-weight="600" fill="%s">%s</tspan>`, x+16, top+15, titleInk, dates)
	fmt.Fprintf(b, `<tspan dx="9" fill="%s">%s</tspan>`, titleInk, escape(shorten(label)))
	fmt.Fprintf(b, `<tspan dx="8" fill="%s">%s</tspan></text>`+"\n", softInk, open)
}

func (y *yearOf) header(b *strings.Builder) {
	fmt.Fprintf(b, `<text x="%d" y="98" font-size="76" font-weight="200" letter-spacing="-2" fill="%s">%d</text>`+"\n", margin-4, titleInk, y.Year)
	fmt.Fprintf(b, `<text x="%d" y="74" font-size="21" font-weight="600" text-anchor="end" fill="%s">%s</text>`+"\n",
		width-margin, titleInk, escape(shorten(y.Title)))
	open := 0
	for _, d := range y.Days {
		if len(d.Spans) > 0 {
			open++
		}
	}
	fmt.Fprintf(b, `<text x="%d" y="98" font-size="14" text-anchor="end" fill="%s">%s · open on %d of %d days</text>`+"\n",
		width-margin, softInk, escape(y.Zone), open, len(y.Days))
}

func (y *yearOf) drawMonth(b *strings.Builder, m time.Month, x, top int) {
	fmt.Fprintf(b, `<text x="%d" y="%d" font-size="17" font-weight="600" fill="%s">%s</text>`, x, top+14, titleInk, m)
	for i, letter := range "MTWTFSS" {
		fmt.Fprintf(b, `<text x="%d" y="%d" font-size="10" text-anchor="middle" fill="%s">%c</text>`, x+i*(tile+gap)+tile/2, top+36, softInk, letter)
	}
	b.WriteByte('\n')
	row := 0
	for date := hours.Date(y.Year, m, 1); date.Month == m; date = date.AddDays(1) {
		i := dayOfYear(date)
		y.drawDay(b, i, x+column(date)*(tile+gap), top+46+row*(tile+gap))
		if column(date) == 6 {
			row++
		}
	}
}

func (y *yearOf) drawDay(b *strings.Builder, i, x, top int) {
	d := y.Days[i]
	l := styleOf(d)
	fmt.Fprintf(b, `<g><title>%s</title>`, escape(fmt.Sprintf("%s %s %s", d.Date, d.Label, joined(d.Spans))))
	fmt.Fprintf(b, `<rect x="%d" y="%d" width="%d" height="%d" rx="5" fill="%s" stroke="%s"/>`, x, top, tile, tile, l.fill, l.stroke)
	fmt.Fprintf(b, `<text x="%d" y="%d" font-size="13" font-weight="%s" text-anchor="middle" fill="%s">%d</text>`, x+tile/2, top+19, l.weight, l.ink, d.Date.Day)
	const inset = 3
	scale := float64(tile-2*inset) / minutesADay
	fmt.Fprintf(b, `<rect x="%d" y="%d" width="%d" height="6" rx="3" fill="%s" opacity="0.07"/>`, x+inset, top+26, tile-2*inset, trackInk)
	for _, o := range y.open[i] {
		ink, height := openInk, 6.0
		if o.manually {
			ink = handInk
		}
		if o.shut {
			height = 1.6
		}
		from, to := float64(x+inset)+float64(o.from)*scale, float64(x+inset)+float64(o.to)*scale
		if o.from == 0 { // it came from the day before, and goes on to the next
			from = float64(x) - gap/2.0
		}
		if o.to == minutesADay {
			to = float64(x+tile) + gap/2.0
		}
		fmt.Fprintf(b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" rx="1.2" fill="%s"/>`, from, float64(top)+29-height/2, max(to-from, 1), height, ink)
	}
	b.WriteString("</g>\n")
}

func styleOf(d hours.Day) look {
	switch mark(d) {
	case '*':
		return holiday
	case '~':
		return other
	case '-':
		return shut
	}
	if len(d.Spans) == 0 {
		return resting
	}
	return ordinary
}

func drawLegend(b *strings.Builder, top int) {
	x := margin
	for _, e := range []struct {
		l    look
		text string
	}{{ordinary, "ordinary day"}, {resting, "no hours"}, {holiday, "holiday"}, {other, "other hours"}, {shut, "closed by an exception"}} {
		fmt.Fprintf(b, `<rect x="%d" y="%d" width="14" height="14" rx="3" fill="%s" stroke="%s"/>`, x, top-2, e.l.fill, e.l.stroke)
		fmt.Fprintf(b, `<text x="%d" y="%d" font-size="12" fill="%s">%s</text>`, x+21, top+9, softInk, e.text)
		x += 40 + 7*len(e.text)
	}
	for _, e := range []struct{ ink, text string }{{openInk, "open, midnight to midnight"}, {handInk, "by hand"}} {
		fmt.Fprintf(b, `<rect x="%d" y="%d" width="22" height="5" rx="1.2" fill="%s"/>`, x, top+3, e.ink)
		fmt.Fprintf(b, `<text x="%d" y="%d" font-size="12" fill="%s">%s</text>`, x+29, top+9, softInk, e.text)
		x += 48 + 7*len(e.text)
	}
	b.WriteByte('\n')
}

func escape(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a Builder never fails
	return b.String()
}

func shorten(text string) string {
	if runes := []rune(text); len(runes) > labelSize {
		return strings.TrimSpace(string(runes[:labelSize-1])) + "…"
	}
	return text
}
