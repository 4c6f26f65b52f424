package date

import "time"

// plain reads the two forms that nearly all feeds write, "Tue, 05 Mar 2024 10:20:30
// +0100" (or GMT) and "2024-03-05T10:20:30Z" (or an offset), to the letter; what is
// written in any other way is the parser's, which reads these alike.
func plain(s string) (t time.Time, ok bool) {
	switch {
	case len(s) == len("2024-03-05T10:20:30Z") || len(s) == len("2024-03-05T10:20:30+01:00"):
		return plain3339(s)
	case len(s) == len("Tue, 05 Mar 2024 10:20:30 GMT") || len(s) == len("Tue, 05 Mar 2024 10:20:30 +0100"):
		return plain1123(s)
	}
	return t, false
}

func plain3339(s string) (t time.Time, ok bool) {
	if s[4] != '-' || s[7] != '-' || s[10] != 'T' {
		return t, false
	}
	offset, ok := 0, s[19] == 'Z' && len(s) == 20
	if len(s) > 20 && s[22] == ':' {
		offset, ok = plainOffset(s[19], s[20:22], s[23:25])
	}
	if !ok {
		return t, false
	}
	return plainTime(s[:4], digits(s[5:7]), s[8:10], s[11:19], offset)
}

func plain1123(s string) (t time.Time, ok bool) {
	month := 0
	switch s[:5] {
	case "Mon, ", "Tue, ", "Wed, ", "Thu, ", "Fri, ", "Sat, ", "Sun, ":
		const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec "
		for i := 0; i < len(months); i += 4 {
			if s[8:12] == months[i:i+4] {
				month = i/4 + 1
			}
		}
	}
	if month == 0 || s[7] != ' ' || s[16] != ' ' || s[25] != ' ' {
		return t, false
	}
	offset, ok := 0, s[26:] == "GMT"
	if len(s) == 31 {
		offset, ok = plainOffset(s[26], s[27:29], s[29:31])
	}
	if !ok {
		return t, false
	}
	return plainTime(s[12:16], month, s[5:7], s[17:25], offset)
}

func plainOffset(sign byte, hours, minutes string) (seconds int, ok bool) {
	h, m := digits(hours), digits(minutes)
	if h < 0 || h > 12 || m < 0 || m > 59 || sign != '+' && sign != '-' {
		return 0, false
	}
	if seconds = h*3600 + m*60; sign == '-' {
		seconds = -seconds
	}
	return seconds, true
}

func plainTime(year string, month int, day, clock string, offset int) (t time.Time, ok bool) {
	y, d := digits(year), digits(day)
	h, m, s := digits(clock[:2]), digits(clock[3:5]), digits(clock[6:])
	if y < 1900 || y > 2999 || month < 1 || month > 12 || d < 1 || d > daysIn(y, month) ||
		h < 0 || h > 23 || m < 0 || m > 59 || s < 0 || s > 59 || clock[2] != ':' || clock[5] != ':' {
		return t, false
	}
	return time.Date(y, time.Month(month), d, h, m, s-offset, 0, time.UTC), true
}

// digits is the number that s, of digits only, stands for; -1 for any other.
func digits(s string) (n int) {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return -1
		}
		n = n*10 + int(s[i]-'0')
	}
	return n
}
