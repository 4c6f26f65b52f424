package date

// field is one number of the date, as it stood.
type field struct {
	value  int
	digits uint8
	before byte // the mark that joins it to what precedes, or ' '
}

// parser gives the tokens their roles. Parts of the date that nothing has told
// yet are -1.
type parser struct {
	scanner
	order Order
	i     int // the next token

	fields   [4]field // numbers whose role is not known yet
	count    int      // of fields
	month    *word    // the month's name
	doubt    *word    // a first word that is a month or else a weekday
	weekday  uint8    // 1 to 7
	era      *word
	y, m, d  int  // told outright: by a unit, a week, a compact form
	dayless  bool // there is no day, or neither day nor month
	started  bool // a number has been read
	minus    int  // dashes before everything
	doubtful bool // the year of two digits could be of another era
	stopped  bool // a full stop stands behind the third number

	clock    bool // a time of day has been read
	tee      bool // it was, or will be, one of ISO 8601
	expect   bool // a word promised a time of day
	hour     int
	minute   int
	second   int
	nanos    int
	half     kind // isAM or isPM
	zoned    bool
	named    bool // the zone came by its name; an offset may follow
	utc      bool // by a name of UTC; an offset may follow at once
	strange  bool // the zone is unknown
	offset   int  // seconds east of Greenwich
	place    string
	counted  bool // the text was a count since 1970, in instant
	instant  [2]int64
	evidence Order
}

func (p *parser) parse(in string) error {
	if done, err := p.count1970(in); done {
		return err
	}
	p.vocab = vocabulary()
	p.y, p.m, p.d = -1, -1, -1
	if !p.scan(in) {
		return ErrFormat
	}
	for p.i < p.n {
		var ok bool
		switch t := &p.tokens[p.i]; t.kind {
		case number:
			p.started = true
			ok = p.number(t)
		case letter:
			p.i++
			ok = p.word(t)
		default:
			ok = p.punctuation(t)
		}
		if !ok {
			return ErrFormat
		}
	}
	return nil
}

// at returns the token k places on; its kind is end where there is none.
func (p *parser) at(k int) *token { return &p.tokens[p.i+k] }

// joined reports whether the token k places on is of that kind, without white
// space before it.
func (p *parser) joined(k int, kind byte) bool {
	t := p.at(k)
	return t.kind == kind && !t.spaced
}

// is reports whether the token k places on is a word of one of these kinds.
func (p *parser) is(k int, kinds kind) bool {
	t := p.at(k)
	return t.kind == letter && t.word != nil && t.word.kind&kinds != 0
}

func (p *parser) textOf(t *token) string { return string(p.text[t.start:t.stop]) }

func (p *parser) appendText(b []byte, t *token) []byte { return append(b, p.text[t.start:t.stop]...) }

// dated reports whether all parts of a date have been read.
func (p *parser) dated() bool {
	n := p.count
	for _, told := range [...]bool{p.y >= 0, p.m >= 0 || p.month != nil || p.doubt != nil, p.d >= 0} {
		if told {
			n++
		}
	}
	return n >= 3
}

// punctuation reads one mark and what hangs on it.
func (p *parser) punctuation(t *token) bool {
	switch t.kind {
	case '+', '-':
		if p.offsetFollows(t) {
			return p.readOffset()
		}
		if t.kind == '+' {
			return false
		}
		if !p.started {
			p.minus++
		}
	case '(', '[':
		if p.zoned { // the zone once more
			p.skipBrackets()
			return true
		}
	case ':': // "Published: …"
		if p.started || p.i == 0 || p.tokens[p.i-1].kind != letter {
			return false
		}
	}
	p.i++
	return true
}

func (p *parser) skipBrackets() {
	for p.i < p.n {
		p.i++
		if k := p.tokens[p.i-1].kind; k == ')' || k == ']' {
			return
		}
	}
}

func (p *parser) number(t *token) bool {
	next := p.at(1)
	switch {
	case p.tee && !p.clock:
		return p.isoClock(t)
	case next.kind == ':' && p.at(2).kind == number:
		return p.colon(t)
	case next.kind == letter && next.word != nil && next.word.kind&(isYear|isNumbered|isHour|isDay|isAM|isPM) != 0:
		if ok, done := p.unit(t, next); done {
			return ok
		}
	case p.joined(1, '.') && p.joined(2, number) && p.dotted(t):
		return p.readClock('.')
	}
	if t.digits > 4 {
		return p.compact(t)
	}
	return p.push(t)
}

// push keeps a number whose role is not known yet.
func (p *parser) push(t *token) bool {
	if p.count == len(p.fields) {
		return false
	}
	f := field{value: int(t.value), digits: t.digits, before: ' '}
	if p.i > 0 {
		if b := p.tokens[p.i-1].kind; b != letter && b != number {
			f.before = b
		}
	}
	p.fields[p.count] = f
	p.count++
	p.i++
	p.stopped = p.count == 3 && p.at(0).kind == '.'
	return true
}

// colon reads what begins with "n:n".
func (p *parser) colon(t *token) bool {
	switch {
	case t.digits <= 2 && !p.clock:
		return p.readClock(':')
	case t.digits == 2 && p.tee && !p.zoned && p.i+3 == p.n:
		// "…T10:20:30 01:00": form decoding made a space of the plus.
		p.zoned, p.offset = true, int(t.value*60+p.at(2).value)*60
		p.i += 3
		return p.offset <= maxOffset
	case t.digits != 4 || p.at(2).digits > 2:
		return false
	case p.count == 0 && p.month == nil && p.at(3).kind == ':' && p.at(4).kind == number:
		// 2024:03:05, as cameras write
		p.y, p.m, p.d = int(t.value), int(p.at(2).value), int(p.at(4).value)
		p.i += 5
		return true
	case p.push(t) && p.dated() && p.at(2).kind == ':':
		p.i++ // 05/Mar/2024:10:20:30, as web servers log
		return true
	}
	return false
}

// dotted reports whether a number with a full stop and another number behind it
// is a time of day: a word said so before or says so after, or the date is
// complete.
func (p *parser) dotted(t *token) bool {
	if p.clock || t.digits > 2 || p.at(2).digits != 2 {
		return false
	}
	k := 3
	if p.joined(3, '.') && p.joined(4, number) {
		if p.at(4).digits != 2 {
			return false
		}
		k = 5
	}
	return p.expect || p.dated() || p.is(k, isHour|isZone) && !p.is(k, isMonth)
}

// unit reads a number whose role the next word tells; done is false if that word
// tells none here.
func (p *parser) unit(t, next *token) (ok, done bool) {
	k, v := next.word.kind, int(t.value)
	switch {
	case k&isYear != 0 && p.y < 0 && t.digits <= 4:
		switch p.y = v; {
		case p.era != nil:
			p.y += eras[p.era.month].first
		case t.digits <= 2:
			p.y = century(v)
		}
	case t.digits > 2:
		return false, false
	case k&isNumbered != 0 && p.m < 0 && !next.spaced:
		p.m = v
	case k&isHour != 0 && !p.clock:
		return p.readClock('h'), true
	case k&isDay != 0 && p.d < 0 && !next.spaced:
		p.d = v
	case k&(isAM|isPM) != 0 && !p.clock && v >= 1 && v <= 12 && (p.textOf(next) == "am" || p.textOf(next) == "pm") &&
		(p.at(2).kind != number || p.at(3).kind != ':'):
		return p.readClock(' '), true
	default:
		return false, false
	}
	p.i += 2
	return true, true
}

// word reads the word t; p.i is behind it.
func (p *parser) word(t *token) bool {
	if p.joined(1, letter) && (p.joined(0, '/') || p.clock && p.joined(0, '-')) && p.readPlace() {
		return true
	}
	if p.clock && p.zoneName(t) {
		return true
	}
	w := t.word
	if p.clock && !p.zoned && t.upper && t.stop-t.start == 1 && p.military(t) {
		return true
	}
	if w == nil {
		return p.unknown(t)
	}
	switch k := w.kind; {
	case k&isZone != 0 && (p.clock || p.dated()) && p.zonePlace(t, k):
		return p.readZone(t)
	case k&(isTee|isWeek) != 0 && p.at(0).kind == number && p.isoMark(k):
	case k&isMonth != 0 && p.monthWord(w):
	case k&isKanun != 0:
		return p.kanunWord(w)
	case k&isThang != 0 && p.at(0).kind == number && p.m < 0 && p.month == nil:
		p.m = int(p.at(0).value)
		p.i++
	case k&isEra != 0:
		p.eraWord(w)
	case k&(isAM|isPM) != 0 && p.halfWord(t, k):
	case k&isWeekday != 0:
		if w.weekday != 0 {
			p.weekday = w.weekday
		}
	case k&isClock != 0 && p.at(0).kind == number:
		p.expect = true
	case k&(isFiller|isClock|isYear|isDay) != 0:
	case k&(isHour|isMinute|isSecond) != 0 && p.clock:
	default:
		return p.unknown(t)
	}
	return true
}

// zonePlace reports whether a word that can be a zone stands where it is one.
func (p *parser) zonePlace(t *token, k kind) bool {
	switch {
	case k&isMonth != 0:
		return p.month != nil || p.m >= 0
	case k&isFiller != 0:
		return t.upper
	case k&isWeekday != 0:
		return p.clock && t.upper
	}
	return true
}

// unknown lets pass words before a date, and takes capitals after the time for a
// zone that we don't know.
func (p *parser) unknown(t *token) bool {
	if n := t.stop - t.start; p.clock && t.upper && t.spaced && n >= 2 && n <= 5 {
		if !p.zoned {
			p.zoned, p.strange = true, true
		}
		return true
	}
	return !p.started && p.month == nil && p.i <= 6
}

// monthWord takes a word for the month; it reports false if it must be something
// else.
func (p *parser) monthWord(w *word) bool {
	if p.m >= 0 || p.month != nil {
		return false
	}
	switch {
	case w.kind&isWeekday == 0 || p.started || p.weekday != 0:
		p.month = w
	case p.doubt == nil:
		p.doubt = w // mar., 01 déc.: only what follows can tell
	default:
		p.weekday, p.month = p.doubt.weekday, w
	}
	return true
}

// kanunWord reads the two words of a Levantine month.
func (p *parser) kanunWord(w *word) bool {
	second := p.at(0).word
	if w.month < 3 || p.month != nil || p.m >= 0 || second == nil || second.kind&isKanun == 0 || second.month > 2 {
		return false
	}
	p.m = int(w.month)
	if second.month == 2 {
		p.m = p.m%12 + 1
	}
	p.i++
	return true
}

// eraWord reads an era, and its first year, which is not written as a number.
func (p *parser) eraWord(w *word) {
	p.era = w
	if p.at(0).kind == letter && p.textOf(p.at(0)) == "元" && p.is(1, isYear) {
		p.y = eras[w.month].first + 1
		p.i += 2
	}
}
