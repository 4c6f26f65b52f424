package date

import "time"

// gregorian is the first year that is read: earlier numbers are other calendars
// or broken clocks.
const gregorian = 1583

// result makes an instant of what was read.
func (p *parser) result() (Result, error) {
	if p.counted {
		return Result{Time: time.Unix(p.instant[0], p.instant[1]).UTC()}, nil
	}
	ambiguous, err := p.resolve()
	if err != nil {
		return Result{}, err
	}
	if p.dayless && (p.clock || p.weekday != 0) {
		return Result{}, ErrFormat
	}
	if p.thai && p.y >= 2400 && p.y < 2700 {
		p.y -= 543 // the Buddhist era
	}
	if p.y < gregorian || p.y > 9999 || p.m < 1 || p.m > 12 || p.d < 1 || p.d > daysIn(p.y, p.m) {
		return Result{}, ErrRange
	}
	if !p.checkClock() {
		return Result{}, ErrRange
	}
	r := Result{ZoneUnknown: !p.zoned || p.strange, DateOnly: !p.clock, Ambiguous: ambiguous || p.doubtful}
	if p.place != "" {
		if l := location(p.place); l != nil {
			r.Time = time.Date(p.y, time.Month(p.m), p.d, p.hour, p.minute, p.second, p.nanos, l).UTC()
			return r, p.checkYear(r.Time)
		}
	}
	if !p.zoned && p.hangul && p.clock {
		p.offset = 9 * 3600
	}
	r.Time = time.Date(p.y, time.Month(p.m), p.d, p.hour, p.minute, p.second-p.offset, p.nanos, time.UTC)
	return r, p.checkYear(r.Time)
}

func (p *parser) checkYear(t time.Time) error {
	if t.Year() > 9999 {
		return ErrRange
	}
	return nil
}

// checkClock applies the half of the day and checks the ranges. A day may end at
// 24:00, a minute at a leap second.
func (p *parser) checkClock() bool {
	switch {
	case p.half&isPM != 0 && p.hour < 12:
		p.hour += 12
	case p.half&isAM != 0 && p.hour == 12:
		p.hour = 0
	case p.half&isAM != 0 && p.hour > 12:
		return false
	}
	if p.hour == 24 {
		return p.minute == 0 && p.second == 0 && p.nanos == 0
	}
	return p.hour < 24 && p.minute < 60 && p.second <= 60
}

// resolve decides which number is the year, the month and the day.
func (p *parser) resolve() (ambiguous bool, err error) {
	if p.month == nil {
		p.month = p.doubt
	} else if p.doubt != nil && p.weekday == 0 {
		p.weekday = p.doubt.weekday
	}
	f := p.fields[:p.count]
	if p.month != nil || p.m >= 0 {
		if !p.placeDay(f) {
			return false, ErrFormat
		}
		return p.placeMonth(), nil
	}
	switch {
	case p.y >= 0 && p.d < 0: // 2024年3/5
		switch len(f) {
		case 0:
			p.m, p.d, p.dayless = 1, 1, true
			return false, nil
		case 2:
			p.m, p.d = f[0].value, f[1].value
			return false, nil
		}
	case p.y >= 0 || p.d >= 0:
	case len(f) == 3:
		return p.three(f)
	case len(f) == 2:
		return false, p.two(f)
	case len(f) == 1:
		return false, p.one(f[0])
	}
	return false, ErrFormat
}

// placeDay finds year and day where the month is known.
func (p *parser) placeDay(f []field) bool {
	switch {
	case len(f) == 0 && p.y >= 0:
		if p.d < 0 {
			p.d, p.dayless = 1, true
		}
		return true
	case len(f) == 1 && p.y >= 0 && p.d < 0:
		p.d = f[0].value
		return f[0].digits <= 2
	case len(f) == 1 && p.y < 0 && p.d >= 0:
		return p.setYear(f[0])
	case len(f) == 1 && p.y < 0 && f[0].digits == 4:
		p.y, p.d, p.dayless = f[0].value, 1, true
		return true
	case len(f) != 2 || p.y >= 0 || p.d >= 0:
		return false
	}
	day, year := f[0], f[1]
	if day.digits > 2 || day.value > 31 || day.before == '\'' {
		day, year = year, day
	}
	p.d = day.value
	return day.digits <= 2 && p.setYear(year)
}

// setYear takes a year of four digits or two.
func (p *parser) setYear(f field) bool {
	switch f.digits {
	case 4:
		p.y = f.value
	case 2:
		p.y = century(f.value)
		p.doubtful = p.y < 1970 // or 2550 to 2569 of the Buddhist era
	default:
		return false
	}
	return true
}

// century completes a year of two digits (RFC 2822 section 4.3).
func century(y int) int {
	if y < 50 {
		return 2000 + y
	}
	return 1900 + y
}

// placeMonth takes the month from its name. Of two months with one name the
// weekday chooses.
func (p *parser) placeMonth() (ambiguous bool) {
	if p.month == nil {
		return false
	}
	p.m = int(p.month.month)
	alt := int(p.month.alt)
	if alt == 0 {
		return false
	}
	first, second := p.falls(p.y, p.m, p.d), p.falls(p.y, alt, p.d)
	if second && !first || p.d > daysIn(p.y, p.m) {
		p.m = alt
		return false
	}
	return first == second && p.d <= daysIn(p.y, alt)
}

// falls reports whether the date is on the weekday that was given.
func (p *parser) falls(y, m, d int) bool {
	if p.weekday == 0 || m < 1 || m > 12 || d < 1 || d > daysIn(y, m) {
		return false
	}
	return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC).Weekday() == time.Weekday(p.weekday%7)
}

// three reads a date of three numbers.
func (p *parser) three(f []field) (ambiguous bool, err error) {
	a, b, c := f[0], f[1], f[2]
	switch {
	case p.minus > 0:
		return false, ErrFormat
	case a.digits == 4:
		// 2003-012-31: one program writes a zero too many
		if b.digits > 3 || b.digits == 3 && b.value > 12 || c.digits > 2 {
			return false, ErrFormat
		}
		p.y, p.m, p.d = a.value, b.value, c.value
		return false, nil
	case a.digits > 2 || b.digits > 2:
		return false, ErrFormat
	case c.digits == 2 && b.before == '-' && a.digits == 2 && p.yearFirst(a, b, c):
		p.y, p.m, p.d = century(a.value), b.value, c.value
		others := validDay(b.value, a.value) && a.value != c.value || validDay(a.value, b.value) && (a.value != c.value || a.value != b.value)
		return others && p.order == Unknown, nil
	case c.digits <= 2 && a.digits == 2 && b.before == '.' && p.stopped && (p.hangul || c.digits == 1): // 24. 3. 5.
		p.y, p.m, p.d = century(a.value), b.value, c.value
		return false, nil
	case c.digits == 2 && a.value > 31: // 99/12/31
		p.y, p.m, p.d = century(a.value), b.value, c.value
		return false, nil
	case !p.setYear(c):
		return false, ErrFormat
	}
	ambiguous, err = p.dayMonth(a.value, b.value, b.before)
	if p.stopped && c.digits == 2 && b.before == '.' && validDay(b.value, c.value) {
		ambiguous = true // 24. 3. 15. is Korean or Hungarian, Croatian the other way round
	}
	return ambiguous, err
}

// yearFirst reports whether 03-12-31 is to be read in ISO 8601's order: it can
// be, and nothing speaks for another.
func (p *parser) yearFirst(a, b, c field) bool {
	if !validDay(b.value, c.value) || c.value > daysIn(century(a.value), b.value) {
		return false
	}
	return p.order == Unknown || !validDay(b.value, a.value) && !validDay(a.value, b.value)
}

// dayMonth decides which of two numbers is the day.
func (p *parser) dayMonth(a, b int, mark byte) (ambiguous bool, err error) {
	dayFirst := true
	dmy, mdy := p.falls(p.y, b, a), p.falls(p.y, a, b)
	switch {
	case a > 12 && b > 12:
		return false, ErrRange
	case a == b:
	case mark == '.': // nobody writes 03.05.2024 for March
	case a > 12:
		p.evidence = DayFirst
	case b > 12:
		p.evidence, dayFirst = MonthFirst, false
	case dmy != mdy:
		p.evidence, dayFirst = DayFirst, dmy
		if mdy {
			p.evidence = MonthFirst
		}
	case p.order != Unknown:
		dayFirst = p.order == DayFirst
	default:
		dayFirst, ambiguous = mark != '/', true
	}
	p.d, p.m = a, b
	if !dayFirst {
		p.d, p.m = b, a
	}
	return ambiguous, nil
}

// two reads year and month, year and day of the year, or month and year.
func (p *parser) two(f []field) error {
	a, b := f[0], f[1]
	p.d, p.dayless = 1, true
	switch {
	case p.minus == 1 && a.digits == 2 && b.digits == 2 && b.before == '-': // -03-12
		p.y, p.m = century(a.value), b.value
	case p.minus > 0:
		return ErrFormat
	case b.digits == 3 && b.before == '-' && (a.digits == 4 || a.digits == 2):
		p.dayless = false
		if p.y = a.value; a.digits == 2 {
			p.y = century(a.value)
		}
		return p.dayOfYear(b.value)
	case a.digits == 4 && b.digits == 2 && b.before != ' ' && b.before != ',':
		p.y, p.m = a.value, b.value
	case b.digits == 4 && a.digits <= 2 && (b.before == '/' || b.before == '-' || b.before == '.') && !p.clock:
		p.y, p.m = b.value, a.value
	default:
		return ErrFormat
	}
	return nil
}

// one reads a number that is all there is: a year, or year and month where a dash
// stands for the century (-0312).
func (p *parser) one(f field) error {
	if f.digits != 4 || p.clock || p.n != 1+p.minus || p.minus > 1 {
		return ErrFormat
	}
	p.y, p.m, p.d, p.dayless = f.value, 1, 1, true
	if p.minus == 1 {
		p.y, p.m = century(f.value/100), f.value%100
	}
	return nil
}

// compact reads dates without separators.
func (p *parser) compact(t *token) bool {
	if p.dated() || p.count > 0 || p.minus > 0 {
		return false
	}
	v := int(t.value)
	alone := p.n == 1 || p.is(1, isTee)
	p.i++
	switch {
	case t.digits == 8:
		p.y, p.m, p.d = v/10000, v/100%100, v%100
	case (t.digits == 14 || t.digits == 12 || t.digits == 17) && !p.clock:
		if t.digits == 17 {
			p.nanos, v = v%1000*1e6, v/1000
		}
		if t.digits == 12 {
			v *= 100
		}
		p.clock = true
		p.y, p.m, p.d = v/1e10, v/1e8%100, v/1e6%100
		p.basicClock(v%1e6, 6)
	case t.digits == 7 && alone:
		p.y = v / 1000
		return p.dayOfYear(v%1000) == nil
	case t.digits == 6 && alone: // YYMMDD, unless it could be YYYYMM
		if y := v / 100; y >= 1900 && y < 2100 && v%100 >= 1 && v%100 <= 12 {
			return false
		}
		p.y, p.m, p.d = century(v/10000), v/100%100, v%100
	case t.digits == 5 && alone && v < 10000: // YYDDD; a number would not begin with zero
		p.y = century(v / 1000)
		return p.dayOfYear(v%1000) == nil
	default:
		return false
	}
	return true
}

func (p *parser) dayOfYear(n int) error {
	if n < 1 || n > 365 && daysIn(p.y, 2) == 28 || n > 366 {
		return ErrRange
	}
	_, m, d := time.Date(p.y, 1, n, 0, 0, 0, 0, time.UTC).Date()
	p.m, p.d = int(m), d
	return nil
}

// isoMark reads what a T or W of ISO 8601 announces; it reports false if it is
// none.
func (p *parser) isoMark(k kind) bool {
	if !p.started || p.clock {
		return false
	}
	if k&isTee != 0 {
		p.tee = p.dated() || p.count > 0
		return p.tee
	}
	t := p.at(0)
	if p.count != 1 || p.fields[0].digits != 4 || t.spaced || t.digits < 2 || t.digits > 3 {
		return false
	}
	week, day := int(t.value), 1
	p.i++
	switch {
	case t.digits == 3:
		week, day = week/10, week%10
	case p.joined(0, '-') && p.joined(1, number) && p.at(1).digits == 1:
		day = int(p.at(1).value)
		p.i += 2
	}
	p.setWeek(p.fields[0].value, week, day)
	p.count = 0
	return true
}

// setWeek is ISO 8601's week date: week 1 is the one with January 4th.
func (p *parser) setWeek(year, week, day int) {
	fourth := time.Date(year, 1, 4, 0, 0, 0, 0, time.UTC)
	monday := fourth.AddDate(0, 0, -(int(fourth.Weekday())+6)%7)
	date := monday.AddDate(0, 0, (week-1)*7+day-1)
	y, m, d := date.Date()
	if _, w := date.ISOWeek(); w != week || day < 1 || day > 7 {
		d = 0 // out of range
	}
	p.y, p.m, p.d = y, int(m), d
}

func validDay(m, d int) bool { return m >= 1 && m <= 12 && d >= 1 && d <= 31 }

func daysIn(y, m int) int {
	switch m {
	case 2:
		if y%4 == 0 && (y%100 != 0 || y%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}
