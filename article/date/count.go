package date

import (
	"strconv"
	"strings"
)

// Unix times are believed from 1990 to 2100, so that other numbers are not taken
// for them.
const (
	earliest = 631152000
	latest   = 4102444800
)

// count1970 reads a count since 1970: seconds, or by its length milli-, micro- or
// nanoseconds, with a fraction or an exponent as JSON writers make them, and the
// /Date(ms)/ of ASP.NET. done is false if in is no such count.
func (p *parser) count1970(in string) (done bool, err error) {
	s := strings.Trim(in, " \t\r\n\"'@")
	if ms, ok := dateCall(s); ok {
		return true, p.setCount(ms, 1e3)
	}
	if len(s) < 9 || len(s) > 24 || s[0] < '0' || s[0] > '9' {
		return false, nil
	}
	digits := 0
	for digits < len(s) && s[digits] >= '0' && s[digits] <= '9' {
		digits++
	}
	if digits < len(s) {
		if s[digits] != '.' || strings.Trim(s[digits+1:], "0123456789eE+") != "" || strings.Count(s, ".") > 1 {
			return false, nil
		}
		return p.fractional(s, digits)
	}
	n, convErr := strconv.ParseInt(s, 10, 64)
	if convErr != nil {
		return false, nil
	}
	switch digits {
	case 9, 10:
		return true, p.setCount(n, 1)
	case 12: // 202403051020, else milliseconds before September 2001
		if n/1e8 >= 1990 && n/1e8 < 2100 {
			return false, nil
		}
		return true, p.setCount(n, 1e3)
	case 13:
		return true, p.setCount(n, 1e3)
	case 16:
		return true, p.setCount(n, 1e6)
	case 19:
		return true, p.setCount(n, 1e9)
	}
	return false, nil
}

// fractional reads 1709634030.5, 1709634030123.0 and 1.70963403e+09.
func (p *parser) fractional(s string, digits int) (bool, error) {
	exponent := strings.ContainsAny(s, "eE")
	if !exponent && digits != 10 && digits != 9 && digits != 13 {
		return false, nil
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return false, nil
	}
	if f >= 1e12 {
		f /= 1e3
	}
	seconds := int64(f)
	if err := p.setCount(seconds, 1); err != nil {
		return true, err
	}
	p.instant[1] = int64((f-float64(seconds))*1e6) * 1e3
	return true, nil
}

// dateCall reads the number in /Date(1709634030000+0100)/, with or without
// slashes, and in new Date(1709634030000). The offset doesn't change the instant.
func dateCall(s string) (int64, bool) {
	s = strings.Trim(s, `/\`)
	s = strings.TrimPrefix(s, "new ")
	s, ok := strings.CutPrefix(s, "Date(")
	if !ok {
		return 0, false
	}
	s, ok = strings.CutSuffix(s, ")")
	if i := strings.LastIndexAny(s, "+-"); ok && i > 0 {
		s = s[:i]
	}
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	return n, ok && err == nil
}

func (p *parser) setCount(n, unit int64) error {
	s := n / unit
	if s < earliest || s > latest {
		return ErrRange
	}
	p.counted, p.instant = true, [2]int64{s, n % unit * (1e9 / unit)}
	return nil
}
