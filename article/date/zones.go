package date

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // the binary runs where no zone files are
)

// zoneAbbreviations are offsets and the abbreviations in use for them. Where one
// abbreviation is used on several continents, the meaning stands that feeds
// mostly mean: CST, EST, PST and AST are American, IST is India's, BST Britain's.
const zoneAbbreviations = `
-1200 aoe idlw bit
-1100 sst nut
-1000 hst hast ckt taht
-0930 mart mit
-0900 akst hdt hadt gamt
-0800 pst akdt cist hnp
-0700 mst pdt hnr hap
-0600 cst mdt galt east hnc har
-0500 est cdt cot ect pet easst acre hne hac
-0400 ast edt bot clt gyt amt vet fkt pyt hna hae
-0330 nst hnt
-0300 adt brt art clst gft pmst rott srt uyt fkst wgt pyst haa amst
-0230 ndt
-0200 fnt brst uyst pmdt wgst
-0100 azot cvt egt
+0000 wet azost egst wez
+0100 cet met mez bst wat wedt wetdst hnec
+0200 eet cest mest mesz cat sast wast oez cedt metdst haec kalt
+0300 eest msk мск eat trt idt fet syot oesz eetdst
+0330 irst
+0400 msd азт get azt gst mut ret sct samt
+0430 irdt aft
+0500 pkt uzt tmt tjt mvt yekt tft orat mawt aqtt
+0530 ist slst
+0545 npt
+0600 bdt almt kgt vost biot iot btt omst
+0630 mmt cct
+0700 ict wib novt krat davt hovt cxt
+0800 sgt hkt myt pht phst awst wst wita irkt ulat chot bnt
+0845 acwst cwst
+0900 jst kst wit tlt yakt pwt hkst awdt
+0930 acst
+1000 aest chst pgt vlat chut ddut kdt
+1030 acdt lhst
+1100 aedt nct sbt magt sret sakt vut kost pont lhdt nft
+1200 nzst fjt gilt tvt wakt wft anat pett mht nrt
+1245 chast
+1300 nzdt phot tot tkt fjst
+1345 chadt
+1400 lint
`

// utcNames are the names of the zone from which offsets are counted.
const utcNames = "utc gmt ut z uct zulu utz"

// placedZones are abbreviations for a zone in summer and winter alike.
var placedZones = map[string]string{
	"et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles",
	"at": "America/Halifax", "nt": "America/St_Johns", "akt": "America/Anchorage",
}

func (v vocab) zones() {
	for line := range strings.Lines(zoneAbbreviations) {
		offset, names, _ := strings.Cut(strings.TrimSpace(line), " ")
		n, _ := strconv.Atoi(offset)
		for name := range strings.FieldsSeq(names) {
			w := v.entry(name)
			w.kind, w.minutes = w.kind|isZone, int16(n/100*60+n%100)
		}
	}
	for name := range strings.FieldsSeq(utcNames) {
		v.entry(name).kind |= isZone | isUTC
	}
	for name, place := range placedZones {
		w := v.entry(name)
		w.kind, w.place = w.kind|isZone, place
	}
	for lower, place := range places() {
		if w := v[lower]; w == nil && !strings.ContainsAny(lower, "/0123456789-+") {
			v[lower] = &word{kind: isZone, place: place}
		}
	}
}

// zoneNames are zones spelt out, by folded letters up to "standard", "daylight",
// "summer" or "time": minutes of the standard time, and the place whose zone it
// is.
var zoneNames = map[string]struct {
	minutes int16
	place   string
}{
	"coordinateduniversal": {0, "UTC"}, "universal": {0, "UTC"}, "greenwichmean": {0, "UTC"}, "greenwich": {0, "UTC"}, "gmt": {0, "UTC"}, "utc": {0, "UTC"},
	"british": {0, "Europe/London"}, "irish": {0, "Europe/Dublin"}, "westerneuropean": {0, "Europe/Lisbon"}, "centraleuropean": {60, "Europe/Berlin"},
	"middleeuropean": {60, "Europe/Berlin"}, "centraleurope": {60, "Europe/Budapest"}, "weurope": {60, "Europe/Berlin"}, "romance": {60, "Europe/Paris"},
	"easterneuropean": {120, "Europe/Helsinki"}, "eeurope": {120, "Europe/Chisinau"}, "fle": {120, "Europe/Kiev"}, "gtb": {120, "Europe/Athens"},
	"moscow": {180, "Europe/Moscow"}, "russian": {180, "Europe/Moscow"}, "turkey": {180, "Europe/Istanbul"}, "israel": {120, "Asia/Jerusalem"},
	"southafrica": {120, "Africa/Johannesburg"}, "egypt": {120, "Africa/Cairo"}, "eastafrica": {180, "Africa/Nairobi"}, "westafrica": {60, "Africa/Lagos"},
	"arabian": {240, "Asia/Dubai"}, "arab": {180, "Asia/Riyadh"}, "arabic": {180, "Asia/Baghdad"}, "gulf": {240, "Asia/Dubai"}, "iran": {210, "Asia/Tehran"},
	"pakistan": {300, "Asia/Karachi"}, "india": {330, "Asia/Kolkata"}, "indian": {330, "Asia/Kolkata"}, "nepal": {345, "Asia/Kathmandu"},
	"bangladesh": {360, "Asia/Dhaka"}, "indochina": {420, "Asia/Bangkok"}, "seasia": {420, "Asia/Bangkok"}, "westernindonesia": {420, "Asia/Jakarta"},
	"china": {480, "Asia/Shanghai"}, "hongkong": {480, "Asia/Hong_Kong"}, "singapore": {480, "Asia/Singapore"}, "taipei": {480, "Asia/Taipei"},
	"philippine": {480, "Asia/Manila"}, "japan": {540, "Asia/Tokyo"}, "tokyo": {540, "Asia/Tokyo"}, "korea": {540, "Asia/Seoul"}, "korean": {540, "Asia/Seoul"},
	"australianwestern": {480, "Australia/Perth"}, "waustralia": {480, "Australia/Perth"}, "australiancentral": {570, "Australia/Adelaide"},
	"australianeastern": {600, "Australia/Sydney"}, "auseastern": {600, "Australia/Sydney"}, "newzealand": {720, "Pacific/Auckland"},
	"eastern": {-300, "America/New_York"}, "central": {-360, "America/Chicago"}, "mountain": {-420, "America/Denver"}, "pacific": {-480, "America/Los_Angeles"},
	"usmountain": {-420, "America/Phoenix"}, "atlantic": {-240, "America/Halifax"}, "newfoundland": {-210, "America/St_Johns"},
	"alaska": {-540, "America/Anchorage"}, "alaskan": {-540, "America/Anchorage"}, "hawaii": {-600, "Pacific/Honolulu"}, "hawaiian": {-600, "Pacific/Honolulu"},
	"argentina": {-180, "America/Buenos_Aires"}, "brasilia": {-180, "America/Sao_Paulo"}, "esouthamerica": {-180, "America/Sao_Paulo"},
	"chile": {-240, "America/Santiago"}, "colombia": {-300, "America/Bogota"}, "peru": {-300, "America/Lima"}, "sapacific": {-300, "America/Bogota"},
}

// ianaList holds the names of the IANA time zone database, one a line.
//
//go:embed iana.txt
var ianaList string

// places maps the IANA names in lower case to their spelling.
var places = sync.OnceValue(func() map[string]string {
	m := make(map[string]string, 640)
	for name := range strings.FieldsSeq(ianaList) {
		m[strings.ToLower(name)] = name
	}
	return m
})

// locations keeps the zones that were loaded; it holds at most the IANA names.
var locations sync.Map

func location(place string) *time.Location {
	if l, ok := locations.Load(place); ok {
		return l.(*time.Location)
	}
	l, err := time.LoadLocation(place)
	if err != nil {
		l = nil
	}
	locations.Store(place, l)
	return l
}
