package syndication

import gofeedjson "github.com/mmcdole/gofeed/json"

// plainJSON reads a JSON Feed in the form that nearly all have: strict JSON, as repair
// makes it, in which the members that are read are called as the standard has it, stand
// once, and are of the types it asks for. Anything else makes it give up, and gofeed
// reads the document; what it reads, gofeed would read alike.
type plainJSON struct {
	in    []byte
	pos   int
	other bool // the document has another form
	buf   []byte
	items []gofeedjson.Item // memory for them
	hubs  []byte            // value of that member as it stands, which gofeed doesn't read
}

// readPlainJSON reads a document of about so many items; ok is false where it is not
// of the plain form.
func readPlainJSON(body []byte, items int) (feed *gofeedjson.Feed, hubs []byte, ok bool) {
	p := &plainJSON{in: body, items: make([]gofeedjson.Item, 0, items)}
	feed = new(gofeedjson.Feed)
	p.feed(feed)
	if p.space(); p.other || p.pos != len(p.in) {
		return nil, nil, false
	}
	return feed, p.hubs, true
}

func (p *plainJSON) feed(f *gofeedjson.Feed) {
	for p.enter('{'); p.more('}'); {
		switch string(p.key()) {
		case "version":
			p.text(&f.Version)
		case "title":
			p.text(&f.Title)
		case "home_page_url":
			p.text(&f.HomePageURL)
		case "feed_url":
			p.text(&f.FeedURL)
		case "next_url":
			p.text(&f.NextURL)
		case "icon":
			p.text(&f.Icon)
		case "favicon":
			p.text(&f.Favicon)
		case "language":
			p.text(&f.Language)
		case "expired":
			f.Expired = p.truth()
		case "author":
			p.author(&f.Author)
		case "authors":
			p.authors(&f.Authors)
		case "hubs":
			from := p.pos
			p.skip()
			p.hubs = p.in[from:p.pos]
		case "items":
			if p.list(f.Items == nil) {
				for f.Items = make([]*gofeedjson.Item, 0, cap(p.items)); p.more(']'); {
					f.Items = append(f.Items, p.item())
				}
			}
		case "description", "user_comment":
			p.unread()
		default:
			p.skip()
		}
	}
}

func (p *plainJSON) item() *gofeedjson.Item {
	if len(p.items) == cap(p.items) {
		p.items = make([]gofeedjson.Item, 0, 8)
	}
	p.items = p.items[:len(p.items)+1]
	it := &p.items[len(p.items)-1]
	for p.enter('{'); p.more('}'); {
		switch string(p.key()) {
		case "id":
			p.text(&it.ID)
		case "url":
			p.text(&it.URL)
		case "external_url":
			p.text(&it.ExternalURL)
		case "title":
			p.text(&it.Title)
		case "content_html":
			p.text(&it.ContentHTML)
		case "content_text":
			p.text(&it.ContentText)
		case "summary":
			p.text(&it.Summary)
		case "image":
			p.text(&it.Image)
		case "banner_image":
			p.text(&it.BannerImage)
		case "date_published":
			p.text(&it.DatePublished)
		case "date_modified":
			p.text(&it.DateModified)
		case "language":
			p.text(&it.Language)
		case "author":
			p.author(&it.Author)
		case "authors":
			p.authors(&it.Authors)
		case "tags":
			if p.list(it.Tags == nil) {
				for p.more(']') {
					it.Tags = append(it.Tags, p.str())
				}
			}
		case "attachments":
			if p.list(it.Attachments == nil) {
				it.Attachments = new([]gofeedjson.Attachments)
				for p.more(']') {
					*it.Attachments = append(*it.Attachments, p.attachment())
				}
			}
		default:
			p.skip()
		}
	}
	return it
}

func (p *plainJSON) authors(list *[]*gofeedjson.Author) {
	if !p.list(*list == nil) {
		return
	}
	for p.more(']') {
		var a *gofeedjson.Author
		if p.author(&a); a == nil {
			p.giveUp()
		}
		*list = append(*list, a)
	}
}

func (p *plainJSON) author(to **gofeedjson.Author) {
	if *to != nil {
		p.giveUp()
	}
	if p.null() {
		return
	}
	a := new(gofeedjson.Author)
	for p.enter('{'); p.more('}'); {
		switch string(p.key()) {
		case "name":
			p.text(&a.Name)
		case "url":
			p.text(&a.URL)
		case "avatar":
			p.unread()
		default:
			p.skip()
		}
	}
	*to = a
}

func (p *plainJSON) attachment() (a gofeedjson.Attachments) {
	for p.enter('{'); p.more('}'); {
		switch string(p.key()) {
		case "url":
			p.text(&a.URL)
		case "mime_type":
			p.text(&a.MimeType)
		case "title":
			p.text(&a.Title)
		case "size_in_bytes":
			a.SizeInBytes = p.number()
		case "duration_in_seconds":
			a.DurationInSeconds = p.number()
		default:
			p.skip()
		}
	}
	return a
}
