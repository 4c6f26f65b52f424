package article

import "strings"

// Parameters that tell who shared or clicked a link, never which page it is.
// A name gets into the first two tables only if no site is known to use it for
// content; names that are common words (ref, source, from) go only with a value
// that names a channel, and the rest only on the hosts that use them so.

// trackingPrefixes are the beginnings of names that campaign tools own.
var trackingPrefixes = [...]string{
	"utm_", "utm-", "at_", "mtm_", "matomo_", "piwik_", "hsa_", "__hs", "_hs", "fb_action_", "ns_", "oly_", "vero_", "bsft_",
	"elq", "wt_", "wt.", "_x_tr_", "mkt_", "trk_", "itm_", "stm_", "_branch_", "cm_mmc", "asc_", "guce_", "xtor", "_ga", "aspsessionid",
}

// trackingNames are whole names, in lower case.
var trackingNames = set(
	// click ids of advertising networks and social networks
	"fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "gad_source", "gad_campaignid", "msclkid", "yclid", "ysclid",
	"twclid", "ttclid", "li_fat_id", "igshid", "igsh", "epik", "sccid", "rb_clickid", "rdt_cid", "irclickid", "clickid",
	"srsltid", "wickedid", "ndclid", "zanpid", "s_kwcid", "ef_id", "_openstat", "__twitter_impression", "ref_src", "ref_url",
	"__tn__", "action_object_map", "action_type_map", "action_ref_map", "mibextid", "fb_source", "fb_ref", "fb_comment_id", "spm",
	// newsletters
	"mc_cid", "mc_eid", "ml_subscriber", "ml_subscriber_hash", "ck_subscriber_id", "bbeml", "dm_i", "vgo_ee", "nr_email_referer",
	"_ke", "_kx", "__s", "hsctatracking", "subscriber_hash", "sc_cid", "sc_channel", "sc_campaign", "sc_src", "sc_lid", "sc_uid",
	"sc_llid", "sc_customer", "sc_eh",
	// measuring tools of publishers
	"pk_campaign", "pk_kwd", "pk_keyword", "pk_source", "pk_medium", "pk_content", "pk_cid", "ga_source", "ga_medium", "ga_campaign",
	"ga_content", "ga_term", "xtref", "xtcr", "xts", "xtmc", "wtrid", "cmpid", "smid", "smtyp", "icid", "intcmp", "int_cmp", "intcid",
	"echobox", "s_cid", "sr_share", "hootpostid", "traffic_source", "soc_src", "soc_trk", ".tsrc", "guccounter", "wprss", "maca",
	"mktcid", "mktcval", "gepc", "redir_esc", "tpcc", "taid", "feedtype", "feedname", "ftcamp", "ftag", "dicbo", "tblci", "obclid",
	"oborigurl",
	// sessions and variants of one page
	"phpsessid", "jsessionid", "amp_js_v", "amp_gsa", "usqp",
)

// trackingOn are names, in lower case, that count only on a host or below it.
var trackingOn = map[string][]string{
	"nytimes.com": {"partner", "emc", "rref", "module", "hp", "te", "nl", "campaign_id", "instance_id", "segment_id", "regi_id",
		"user_id", "searchresultposition", "unlocked_article_code", "referringsource", "pgtype"},
	"wsj.com":            {"mod", "reflink", "st"},
	"marketwatch.com":    {"mod", "siteid", "reflink"},
	"barrons.com":        {"mod", "siteid", "reflink"},
	"washingtonpost.com": {"itid", "tid", "pwapi_token"},
	"reuters.com":        {"rpc", "virtualbrandchannel", "il"},
	"bloomberg.com":      {"in_source", "leadsource", "sref", "srnd"},
	"npr.org":            {"ft", "f", "sc"},
	"bbc.com":            {"intlink_from_url", "link_location", "ocid", "cmp"},
	"bbc.co.uk":          {"intlink_from_url", "link_location", "ocid", "cmp"},
	"cnn.com":            {"eref", "rss", "cid", "iid"},
	"theguardian.com":    {"cmp", "curator", "share", "dcr"},
	"independent.co.uk":  {"sharetoken"},
	"dailymail.co.uk":    {"ito"},
	"metro.co.uk":        {"ito"},
	"techcrunch.com":     {"ncid"},
	"huffpost.com":       {"ncid"},
	"engadget.com":       {"ncid"},
	"yahoo.com":          {"ncid", "fr"},
	"newyorker.com":      {"mbid"},
	"wired.com":          {"mbid"},
	"vanityfair.com":     {"mbid"},
	"vogue.com":          {"mbid"},
	"msn.com":            {"ocid", "cvid", "ei", "pc"},
	"microsoft.com":      {"ocid"},
	"medium.com":         {"source", "sk", "gi"},
	"substack.com":       {"r", "publication_id", "isfreemail", "triedredirect", "showwelcomeonshare"},
	"youtube.com":        {"feature", "si", "pp", "ab_channel"},
	"youtu.be":           {"feature", "si"},
	"spotify.com":        {"si", "nd"},
	"twitter.com":        {"s", "t"},
	"x.com":              {"s", "t"},
	"linkedin.com":       {"trk", "trkinfo", "trackingid", "lipi", "licu", "originalsubdomain"},
	"reddit.com":         {"share_id", "rdt", "correlation_id", "ref_campaign", "ref_source"},
	"google.com":         {"ved", "usg", "ei", "sa", "sca_esv", "oc", "gs_lcp", "gs_lcrp", "sxsrf", "sourceid", "rlz"},
	"spiegel.de":         {"sara_ref", "dgid"},
	"sueddeutsche.de":    {"ieg"},
	"welt.de":            {"cid"},
	"derstandard.at":     {"ref"},
	"theregister.com":    {"td"},
	"ft.com":             {"segmentid", "sharetype"},
	"economist.com":      {"fsrc", "gitid"},
}

// channelNames are common words that track only with a channel for their value.
// Names that ask for a feed (feed, format, output) are not among them.
var channelNames = set("ref", "source", "src", "from", "via", "referrer", "referer", "partner", "cid", "cmp", "ocid", "ncid",
	"ref_source", "wpisrc", "emc", "tsrc", "fromref", "mod", "ito")

// channels are values that say how a reader came, not what he wants to see.
var channels = set("rss", "rss2", "rss20", "rssfeed", "rss_feed", "rss-feed", "atom", "feed", "feeds", "feedburner", "rdf", "xml_rss",
	"twitter", "facebook", "fb", "tw", "whatsapp", "telegram", "linkedin", "reddit", "pinterest", "instagram", "email", "mail", "newsletter",
	"social", "share", "sharebutton", "flipboard", "googlenews", "google_news", "google", "feedly")

func set(names ...string) map[string]bool {
	m := make(map[string]bool, len(names))
	for _, n := range names {
		m[n] = true
	}
	return m
}

// dropTracking returns query without the parameters above, and without empty
// ones. "&amp;" left by a double escaping is "&".
func dropTracking(host, query string) string {
	var b strings.Builder
	kept := 0 // query[:kept] is unchanged so far while b is empty
	whole := true
	for start := 0; start <= len(query); {
		end := strings.IndexByte(query[start:], '&')
		if end < 0 {
			end = len(query)
		} else {
			end += start
		}
		pair := query[start:end]
		trimmed := pair
		for start > 0 && len(trimmed) > 4 && strings.EqualFold(trimmed[:4], "amp;") {
			trimmed = trimmed[4:]
		}
		drop := trimmed == "" || tracks(host, trimmed)
		if whole && (drop || len(trimmed) != len(pair)) {
			whole = false
			b.Grow(len(query))
			b.WriteString(query[:kept])
		}
		switch {
		case whole:
			kept = end
		case !drop:
			if b.Len() > 0 {
				b.WriteByte('&')
			}
			b.WriteString(trimmed)
		}
		start = end + 1
	}
	if whole {
		return query
	}
	return b.String()
}

// tracks reports whether one name=value pair is there for tracking only.
func tracks(host, pair string) bool {
	name, value, _ := strings.Cut(pair, "=")
	if len(name) > 40 {
		return false
	}
	name = strings.ToLower(name)
	if trackingNames[name] {
		return true
	}
	for _, p := range trackingPrefixes {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	switch name {
	case "amp", "_amp":
		return value == "" || value == "1" || value == "true"
	case "outputtype":
		return value == "amp"
	}
	if channelNames[name] && channel(value) {
		return true
	}
	for {
		for _, n := range trackingOn[host] {
			if n == name {
				return true
			}
		}
		_, rest, found := strings.Cut(host, ".")
		if !found {
			return false
		}
		host = rest
	}
}

func channel(value string) bool {
	if len(value) > 64 {
		return false
	}
	value = strings.ToLower(value)
	return channels[value] || strings.HasPrefix(value, "rss-") || strings.HasPrefix(value, "rss_")
}
