// Package article is the floor that the program stands on: the record of one
// article and the rules that hold for it wherever it came from. It does no I/O
// and imports none of the other rooms.
//
// Text inside a Record that was stored is clean: valid UTF-8 without a code
// point that XML 1.0 forbids (see Clean), URLs are absolute http or https, HTML
// is sanitised and balanced. Text inside a Record that a reader in sources/ has
// just produced is hostile until normalise has been over it.
package article

import "time"

// Record is one article as an editor would file it. The JSON shape is public:
// `wireroom extract --json` prints it; absent fields are left out. Field names
// follow IPTC's NewsML-G2 and ninjs where they name the same thing.
type Record struct {
	Input    string   `json:"input,omitempty"`   // the file or URL a command was given
	ID       string   `json:"id,omitempty"`      // tag URI (RFC 4151), minted once, for ever
	Version  int      `json:"version,omitempty"` // 1 at first sight, +1 for each significant change
	Status   Status   `json:"status,omitempty"`  // NewsML-G2 pubStatus
	Revision Revision `json:"revision,omitzero"` // what the wire said of this version
	Urgency  int      `json:"urgency,omitempty"` // IPTC urgency, 1 (flash) to 9
	Genre    string   `json:"genre,omitempty"`   // news, analysis, opinion, interview, live, fact-check, video, …
	Paywall  bool     `json:"paywall,omitempty"` // the page says that the text is not free (isAccessibleForFree false)

	Language   string `json:"language,omitempty"`   // BCP 47
	Headline   string `json:"headline,omitempty"`   // plain text, without a wire's marks
	RawTitle   string `json:"raw_title,omitempty"`  // the headline as it came, where marks were taken off
	Derived    bool   `json:"derived,omitempty"`    // the headline was made from the first words of the text
	Kicker     string `json:"kicker,omitempty"`     // the short label above the headline
	Standfirst string `json:"standfirst,omitempty"` // summary, plain text; not repeated in the body
	Slugline   string `json:"slugline,omitempty"`

	Byline    string    `json:"byline,omitempty"` // as printed
	Authors   []Person  `json:"authors,omitempty"`
	Editors   []string  `json:"editors,omitempty"`  // initials of the sign-off
	SignOff   string    `json:"sign_off,omitempty"` // the line that closes the text, as printed
	Dateline  Dateline  `json:"dateline,omitzero"`
	Agencies  []string  `json:"agencies,omitempty"` // credited wire services, one spelling each
	Publisher Publisher `json:"publisher,omitzero"`
	Source    Source    `json:"source,omitzero"`

	Published time.Time `json:"published,omitzero"`     // effective date: never in the future, never changing
	Updated   time.Time `json:"updated,omitzero"`       // last significant change; not before Published
	FirstSeen time.Time `json:"first_seen,omitzero"`    // when we first read it
	Claimed   string    `json:"claimed,omitempty"`      // the source's own date as text, where it was not believed
	Embargo   time.Time `json:"embargo_until,omitzero"` // held back until
	Expires   time.Time `json:"expires,omitzero"`       // dropped after

	Links         Links     `json:"links,omitzero"`
	Subjects      []Subject `json:"subjects,omitempty"`
	Places        []string  `json:"places,omitempty"`
	People        []string  `json:"people,omitempty"`
	Organisations []string  `json:"organisations,omitempty"`
	Keywords      []string  `json:"keywords,omitempty"`

	Body   Body    `json:"body,omitzero"`
	Images []Media `json:"images,omitempty"`
	Media  []Media `json:"media,omitempty"` // audio, video and other enclosures
	Rights Rights  `json:"rights,omitzero"`
	Story  Story   `json:"story,omitzero"`

	Changed int64 `json:"-"` // number of its last change in the store; set by Store.Changes alone

	Provenance map[string]string `json:"provenance,omitempty"` // field name -> wire, feed, json-ld, opengraph, html, text
}

// Status says whether an article may be published (NewsML-G2 pubStatus).
type Status string

// The statuses. A withheld article appears nowhere; a canceled one leaves every
// feed and a tombstone says so.
const (
	Usable   Status = "usable"
	Withheld Status = "withheld"
	Canceled Status = "canceled"
)

// Revision is what a wire says of one version of an item.
type Revision struct {
	Kind   string `json:"kind,omitempty"`   // new, update, correction, refile, repeat, wrap-up, alert, withdrawal
	Number int    `json:"number,omitempty"` // the n of "UPDATE n"
	Note   string `json:"note,omitempty"`   // the editor's note, plain text
}

// Person is somebody credited for the text.
type Person struct {
	Name  string `json:"name"`
	Role  string `json:"role,omitempty"`
	Place string `json:"place,omitempty"`
	URL   string `json:"url,omitempty"`
}

// Dateline is the place, date and agency that open wire copy.
type Dateline struct {
	Text   string   `json:"text,omitempty"` // as printed
	Places []string `json:"places,omitempty"`
	Date   string   `json:"date,omitempty"` // YYYY-MM-DD
	Agency string   `json:"agency,omitempty"`
}

// Publisher is who publishes the article.
type Publisher struct {
	Name string `json:"name,omitempty"`
	URL  string `json:"url,omitempty"`
}

// Source is where we read the article.
type Source struct {
	ID      string `json:"id,omitempty"`       // the id in our config
	Name    string `json:"name,omitempty"`     // the configured title, else the feed's own
	URL     string `json:"url,omitempty"`      // the site's home page
	FeedURL string `json:"feed_url,omitempty"` // never with credentials
	FeedID  string `json:"feed_id,omitempty"`  // the feed's own id (atom:id), verbatim
	GUID    string `json:"guid,omitempty"`     // the item's id, verbatim
	Rights  string `json:"rights,omitempty"`   // the feed's own rights line
	Via     string `json:"via,omitempty"`      // what the item claims to have come from (atom:source, RSS source): a claim, never the owner
}

// Links of the article; absolute http or https.
type Links struct {
	Canonical string `json:"canonical,omitempty"`
	Short     string `json:"short,omitempty"`
	Via       string `json:"via,omitempty"`      // where it was found, when that is not Canonical
	Comments  string `json:"comments,omitempty"` // a page of comments
	Related   []Link `json:"related,omitempty"`
}

// Link is a titled link.
type Link struct {
	URL   string `json:"url"`
	Title string `json:"title,omitempty"`
}

// Subject is a topic; Scheme and Code where the source gave them (medtop for
// IPTC Media Topics).
type Subject struct {
	Scheme string `json:"scheme,omitempty"`
	Code   string `json:"code,omitempty"`
	Name   string `json:"name,omitempty"`
}

// Body is the text of the article. HTML and Text are made from Sections where
// there are sections, else Text is made from HTML.
type Body struct {
	Text      string    `json:"text,omitempty"`
	HTML      string    `json:"html,omitempty"`
	WordCount int       `json:"word_count,omitempty"`
	Sections  []Section `json:"sections,omitempty"`
}

// Section is a run of blocks under one heading; the first has no heading.
type Section struct {
	Heading string  `json:"heading,omitempty"`
	Blocks  []Block `json:"blocks,omitempty"`
}

// Block is one paragraph, quote, list, table, figure or embed.
type Block struct {
	Type  string     `json:"type"`
	Text  string     `json:"text,omitempty"`
	HTML  string     `json:"html,omitempty"` // inline markup of Text, sanitised, where there is any
	Items []string   `json:"items,omitempty"`
	Rows  [][]string `json:"rows,omitempty"`
	Media *Media     `json:"media,omitempty"`
	URL   string     `json:"url,omitempty"` // of an embed
}

// Media is a picture, a sound, a film or another enclosure.
type Media struct {
	URL       string `json:"url,omitempty"`    // none where only caption and credit are known, as on a page saved as text
	Type      string `json:"type,omitempty"`   // MIME type
	Medium    string `json:"medium,omitempty"` // image, audio, video, document
	Title     string `json:"title,omitempty"`
	Caption   string `json:"caption,omitempty"`
	Alt       string `json:"alt,omitempty"`
	Credit    string `json:"credit,omitempty"`
	Copyright string `json:"copyright,omitempty"`
	Thumbnail string `json:"thumbnail,omitempty"`
	Width     int    `json:"width,omitempty"`    // pixels
	Height    int    `json:"height,omitempty"`   // pixels
	Length    int64  `json:"length,omitempty"`   // bytes
	Duration  int    `json:"duration,omitempty"` // seconds
	Role      string `json:"role,omitempty"`     // lead or empty
	Group     string `json:"group,omitempty"`    // renditions of one picture share a group
}

// Rights is what may be done with the article.
type Rights struct {
	Copyright string    `json:"copyright,omitempty"`
	Terms     string    `json:"terms,omitempty"`
	License   string    `json:"license,omitempty"`   // URL or name
	Republish Republish `json:"republish,omitempty"` // what our feeds may carry
}

// Republish is how much of an article leaves in our feeds.
type Republish string

// How much leaves: the whole text, the summary (the default), or the headline
// and the link only. Credits and terms always leave.
const (
	Full     Republish = "full"
	Summary  Republish = "summary"
	LinkOnly Republish = "link"
)

// Story says which story the article belongs to and who else tells it.
type Story struct {
	ID   string `json:"id,omitempty"`
	Text string `json:"text,omitempty"` // names the group of articles with the same text
	Also []Also `json:"also,omitempty"`
}

// Also is another source that carries the same story.
type Also struct {
	Source string `json:"source"`
	URL    string `json:"url"`
	Title  string `json:"title,omitempty"`
}
