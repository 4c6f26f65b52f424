package date

// maxOffset bounds what an offset from Greenwich may be, in seconds. Zones reach
// from -12 to +14 hours today, local times of old a little further.
const maxOffset = 15 * 3600

// readClock reads a time of day whose hour is the next token. sep says what
// stands behind the hour: ':' or '.', 'h' for a word, ' ' for "am" or "pm".
func (p *parser) readClock(sep byte) bool {
	if p.clock {
		return false
	}
	p.clock = true
	p.hour = int(p.at(0).value)
	p.i++
	switch sep {
	case ':', '.':
		if !p.clockPart(sep, &p.minute) {
			return false
		}
		if p.at(0).kind == sep && p.at(1).kind == number && !p.at(1).spaced {
			if !p.clockPart(sep, &p.second) {
				return false
			}
			p.fraction()
		}
		if p.joined(0, ':') {
			return false
		}
	case 'h':
		p.i++
		if p.unitPart(isMinute, &p.minute) {
			p.unitPart(isSecond, &p.second)
		}
	}
	return p.readHalf()
}

// clockPart reads a separator and the minutes or seconds.
func (p *parser) clockPart(sep byte, part *int) bool {
	t := p.at(1)
	if t.kind != number || t.digits > 2 {
		return false
	}
	*part = int(t.value)
	p.i += 2
	return true
}

// unitPart reads minutes or seconds with or without their unit; without it only
// if nothing says that the number is something else.
func (p *parser) unitPart(unit kind, part *int) bool {
	t := p.at(0)
	if t.kind != number || t.digits > 2 {
		return false
	}
	hasUnit := p.is(1, unit)
	if !hasUnit && (unit == isSecond || t.digits != 2 || p.is(1, isMonth|isDay|isNumbered|isFiller) || t.spaced && p.at(1).kind != end && p.at(1).kind != letter) {
		return false
	}
	*part = int(t.value)
	p.i++
	if hasUnit {
		p.i++
	}
	return true
}

// fraction reads the decimals of a second.
func (p *parser) fraction() {
	if !p.joined(0, '.') && !p.joined(0, ',') || !p.joined(1, number) {
		return
	}
	t := p.at(1)
	n, digits := t.value, int(t.digits)
	for ; digits < 9; digits++ {
		n *= 10
	}
	for digits = min(digits, 18); digits > 9; digits-- { // a token holds 18
		n /= 10
	}
	p.nanos = int(n)
	p.i += 2
}

// isoClock reads the time behind a T: extended, or basic in 2, 4 or 6 digits.
func (p *parser) isoClock(t *token) bool {
	switch {
	case p.joined(1, ':') && t.digits <= 2:
		return p.readClock(':')
	case p.joined(1, '.') && p.joined(2, number) && t.digits == 2 && p.at(2).digits == 2:
		return p.readClock('.')
	}
	p.clock = true
	p.i++
	return p.basicClock(int(t.value), int(t.digits))
}

// basicClock reads hhmmss, hhmm or hh.
func (p *parser) basicClock(v, digits int) bool {
	switch digits {
	case 6:
		p.hour, p.minute, p.second = v/10000, v/100%100, v%100
		p.fraction()
	case 4:
		p.hour, p.minute = v/100, v%100
	case 2:
		p.hour = v
	default:
		return false
	}
	return true
}

// readHalf reads "am", "pm" and their like right behind the time. It reports
// false if they contradict it.
func (p *parser) readHalf() bool {
	t := p.at(0)
	if t.kind != letter {
		return true
	}
	half, used := kind(0), 1
	switch text := p.textOf(t); {
	case t.word != nil && t.word.kind&(isAM|isPM) != 0:
		half = t.word.kind & (isAM | isPM)
	case text == "a" || text == "p":
		k := 1
		if p.at(k).kind == '.' {
			k++
		}
		switch {
		case p.at(k).kind == letter && p.textOf(p.at(k)) == "m": // a. m.
			used = k + 1
		case t.spaced:
			return true
		}
		half = isAM
		if text == "p" {
			half = isPM
		}
	default:
		return true
	}
	if half&isAM != 0 && p.hour > 12 {
		if t.upper || p.at(used).kind != number {
			return false
		}
		half = 0 // "um 15:20 am 5. März"
	}
	if half != 0 {
		p.half = half
	}
	p.i += used
	return true
}

// halfWord reads a half of the day that doesn't stand right behind the time;
// European words only in capitals before one.
func (p *parser) halfWord(t *token, k kind) bool {
	if k&isLatin != 0 && (p.clock || !t.upper || p.at(0).kind != number || p.at(1).kind != ':') {
		return false
	}
	p.half = k & (isAM | isPM)
	return true
}

// offsetFollows reports whether a sign begins an offset: there is a time, or a
// whole date as in XML Schema's 2024-03-05+01:00.
func (p *parser) offsetFollows(sign *token) bool {
	t := p.at(1)
	if t.kind != number || t.spaced || t.digits > 6 || p.zoned && !p.named {
		return false
	}
	if p.named && !p.utc && !sign.spaced {
		return false
	}
	if !p.clock {
		return p.dated() && (p.named || !sign.spaced && t.digits == 2 && p.joined(2, ':'))
	}
	// 10:20-05/03/2024
	return !((p.joined(2, '/') || p.joined(2, '.') || p.joined(2, '-')) && p.joined(3, number))
}

// readOffset reads ±h, ±hh, ±hmm, ±hhmm, ±hh:mm, ±hhmmss or ±hh:mm:ss.
func (p *parser) readOffset() bool {
	west := p.at(0).kind == '-'
	t := p.at(1)
	v := int(t.value)
	p.i += 2
	var h, m, s int
	switch {
	case t.digits <= 2:
		h = v
		if p.joined(0, ':') {
			if !p.joined(1, number) || p.at(1).digits != 2 {
				return false
			}
			m = int(p.at(1).value)
			p.i += 2
			if p.joined(0, ':') {
				if !p.joined(1, number) || p.at(1).digits != 2 {
					return false
				}
				s = int(p.at(1).value)
				p.i += 2
			}
		}
	case t.digits <= 4:
		h, m = v/100, v%100
	case t.digits == 6:
		h, m, s = v/10000, v/100%100, v%100
	default:
		return false
	}
	p.offset = h*3600 + m*60 + s
	if m > 59 || s > 59 || p.offset > maxOffset {
		return false
	}
	if west {
		p.offset = -p.offset
	}
	p.zoned, p.named, p.utc, p.strange, p.place = true, false, false, false, ""
	return true
}

// readZone takes the word t for a zone.
func (p *parser) readZone(t *token) bool {
	if p.joined(0, number) && p.at(0).digits == 1 && p.readPlace() {
		return true // EST5EDT, GMT0
	}
	if !p.zoned {
		p.zoned, p.named, p.utc = true, true, t.word.kind&isUTC != 0
		p.place, p.offset = t.word.place, int(t.word.minutes)*60
	}
	return true
}

// military reads the zones of one letter: A to M without J east of Greenwich, N
// to Y west, Z. RFC 822 has the signs the wrong way round; those who write them
// don't. Without seconds an H is for hours.
func (p *parser) military(t *token) bool {
	c := p.text[t.start]
	switch {
	case c == 'h' && p.second == 0, c == 'j', c == 't' && p.at(0).kind == number:
		return false
	case c == 'z':
		p.named, p.utc = true, true
	case c <= 'i':
		p.offset = int(c-'a'+1) * 3600
	case c <= 'm':
		p.offset = int(c-'a') * 3600
	default:
		p.offset = -int(c-'n'+1) * 3600
	}
	p.zoned = true
	return true
}

// readPlace reads an IANA name, whose first word has just been read. The name
// may have several parts, hyphens and digits; the longest known one is taken.
func (p *parser) readPlace() bool {
	var buf [64]byte
	b := p.appendText(buf[:0], &p.tokens[p.i-1])
	best, bestAt := "", 0
	for k := 0; k < 8; k++ {
		t := p.at(k)
		if t.kind == end || t.spaced {
			break
		}
		switch t.kind {
		case letter:
			b = p.appendText(b, t)
		case number:
			if t.value >= 10 {
				b = append(b, byte('0'+t.value/10%10))
			}
			b = append(b, byte('0'+t.value%10))
		default:
			b = append(b, t.kind)
		}
		if place, ok := places()[string(b)]; ok {
			best, bestAt = place, k+1
		}
	}
	if best == "" {
		return false
	}
	p.i += bestAt
	if !p.zoned {
		p.zoned, p.named, p.place = true, true, best
	}
	return true
}

// zoneName reads a zone spelt out, from the word t up to "time": "Pacific
// Daylight Time", "W. Europe Standard Time".
func (p *parser) zoneName(t *token) bool {
	var buf [64]byte
	b := buf[:0]
	summer, standard := false, false
	for k := -1; k < 7; k++ {
		w := p.at(k)
		if w.kind == '.' {
			continue
		}
		if w.kind != letter {
			return false
		}
		switch p.textOf(w) {
		case "standard":
			standard = true
		case "daylight", "summer":
			summer = true
		case "time":
			z, ok := zoneNames[string(b)]
			if !ok {
				return false
			}
			p.i += k + 1
			if p.zoned {
				return true
			}
			p.zoned = true
			switch p.offset = int(z.minutes) * 60; {
			case summer:
				p.offset += 3600
			case !standard:
				p.place = z.place
			}
			return true
		default:
			b = p.appendText(b, w)
		}
	}
	return false
}
