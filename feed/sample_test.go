package feed_test

import (
	"time"

	"wireroom/article"
	"wireroom/feed"
)

var site = feed.Site{
	BaseURL: "https://news.example.org", Name: "Example Newsroom", Language: "en", Version: "1.2.3",
	Hub: "https://news.example.org/hub",
}

var world = feed.Channel{
	ID: "world", Title: "World & more", Description: "News of the world, from AFP, Reuters and our own desk",
	Language: "en", Copyright: "© the sources named",
	Art: feed.Art{
		Icon: "https://news.example.org/icon-512.png", Favicon: "https://news.example.org/favicon-64.png",
		Logo:  "https://news.example.org/logo.png",
		Badge: feed.Badge{URL: "https://news.example.org/badge.png", Width: 88, Height: 31},
	},
}

func day(d, h, m int) time.Time { return time.Date(2024, 3, d, h, m, 0, 0, time.UTC) }

// sample are three articles: a rich one in full, a correction as a summary, and
// a wire's item without an address as a link.
func sample() []article.Record {
	return []article.Record{
		{
			ID: "tag:news.example.org,2026:aaaaaaaaaaaaaaaaaaaaaaaaaa", Version: 2, Status: article.Usable, Urgency: 4, Genre: "analysis",
			Language: "en", Headline: "Ministers agree on Q&A rules for <b> & <i>", Kicker: "Politics",
			Standfirst: "The deal came after a night of talks; AT&T and others had warned of delays.",
			Slugline:   "MINISTERS-RULES/", Byline: "By Ann Author in Berlin and Bob Writer",
			Authors: []article.Person{{Name: "Ann Author", URL: "https://source.example.com/ann"}, {Name: "Bob Writer <bob@example.com>"}},
			Editors: []string{"ab", "sms"}, Agencies: []string{"Reuters", "AFP"},
			Dateline:  article.Dateline{Text: "BERLIN, March 7 (Reuters) -", Places: []string{"Berlin"}, Date: "2024-03-07", Agency: "Reuters"},
			Publisher: article.Publisher{Name: "The Source", URL: "https://source.example.com/"},
			Source: article.Source{ID: "source", Name: "The Source", URL: "https://source.example.com/", FeedURL: "https://source.example.com/feed.xml",
				FeedID: "tag:source.example.com,2020:feed", GUID: "4711", Rights: "© 2024 The Source"},
			Published: day(7, 10, 30), Updated: day(7, 11, 45), FirstSeen: day(7, 10, 31), Expires: day(30, 0, 0),
			Links: article.Links{Canonical: "https://source.example.com/politics/a-1?x=1&y=2", Short: "https://s.example/1", Via: "https://agg.example.net/found",
				Comments: "https://source.example.com/politics/a-1/comments",
				Related:  []article.Link{{URL: "https://source.example.com/older", Title: "What came before & why"}}},
			Subjects: []article.Subject{{Scheme: "medtop", Code: "11000000", Name: "politics"}, {Name: "regulation"}},
			Places:   []string{"Berlin"}, People: []string{"Jane Doe"}, Organisations: []string{"EU"}, Keywords: []string{"rules", "Politics"},
			Body: article.Body{HTML: `<p>First <em>paragraph</em> with <a href="https://source.example.com/x?a=1&amp;b=2">a link</a>.</p>` +
				`<figure><img src="https://img.example.com/lead.jpg" alt="Ministers"><figcaption>Own caption</figcaption></figure>` +
				`<h2>What next?</h2><ul><li>One</li><li>Two</li></ul><p>End: 1 &lt; 2 ]]&gt; done.</p>`,
				Text: "First paragraph with a link.\nWhat next?\nOne\nTwo\nEnd: 1 < 2 ]]> done.", WordCount: 14},
			Images: []article.Media{
				{URL: "https://img.example.com/lead.jpg", Type: "image/jpeg", Medium: "image", Caption: "Ministers at the table", Alt: "Ministers",
					Credit: "Jo Photo/AFP", Copyright: "© AFP", Width: 1200, Height: 800, Length: 123456, Role: "lead", Group: "g1"},
				{URL: "https://img.example.com/lead-small.jpg", Type: "image/jpeg", Medium: "image", Caption: "Ministers at the table",
					Credit: "Jo Photo/AFP", Width: 300, Height: 200, Group: "g1"},
				{URL: "https://img.example.com/second.png", Medium: "image", Caption: "The building", Credit: "EU & co"},
			},
			Media: []article.Media{{URL: "https://media.example.com/talk.mp3", Type: "audio/mpeg", Medium: "audio", Title: "The talk", Length: 7654321, Duration: 600}},
			Rights: article.Rights{Copyright: "© 2024 The Source", Terms: "No archiving", License: "https://creativecommons.org/licenses/by-nd/4.0/",
				Republish: article.Full},
			Story: article.Story{ID: "story-9", Also: []article.Also{{Source: "Other", URL: "https://other.example.net/same", Title: "Same story"}}},
		},
		{
			ID: "tag:news.example.org,2026:bbbbbbbbbbbbbbbbbbbbbbbbbb", Version: 3, Status: article.Usable,
			Revision: article.Revision{Kind: "correction", Number: 1, Note: "In Jan. 3 story, corrects the minister's name"},
			Language: "de", Headline: "Überschwemmungen: „Lage bleibt ernst“", Standfirst: "Am Rhein steigen die Pegel weiter.",
			Byline:    "Von Karla Kolumna",
			Publisher: article.Publisher{Name: "Zeitung"},
			Source:    article.Source{ID: "zeitung", Name: "Zeitung", FeedURL: "https://zeitung.example.de/rss"},
			Published: day(6, 8, 0), Updated: day(8, 9, 0), FirstSeen: day(6, 8, 5),
			Links:  article.Links{Canonical: "https://zeitung.example.de/artikel/äöü"},
			Body:   article.Body{HTML: "<p>Der ganze Text, der nicht hinausgeht.</p>", Text: "Der ganze Text, der nicht hinausgeht."},
			Images: []article.Media{{URL: "https://img.example.de/rhein.jpg", Caption: "Der Rhein (Foto: dpa)", Credit: "dpa"}},
			Rights: article.Rights{Copyright: "© Zeitung", Republish: article.Summary},
		},
		{
			ID: "tag:news.example.org,2026:cccccccccccccccccccccccccc", Version: 1,
			Language: "en", Headline: "Flash: rates unchanged", Agencies: []string{"dpa"}, Urgency: 1,
			Source:    article.Source{ID: "dpa-in", Name: "dpa"},
			Published: day(5, 12, 0), FirstSeen: day(5, 12, 0),
			Body:   article.Body{Text: "Not to leave."},
			Rights: article.Rights{Terms: "Subscribers only", Republish: article.LinkOnly},
		},
	}
}
