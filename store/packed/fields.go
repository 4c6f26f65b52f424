package packed

import (
	"strings"

	"wireroom/article"
)

// The fields of a record and their numbers. New fields take new numbers.

func (c *coder) record(r *article.Record) {
	c.id(r)
	num(c, 2, &r.Version)
	str(c, 3, &r.Status)
	one(c, 4, &r.Revision, func(c *coder, v *article.Revision) {
		str(c, 1, &v.Kind)
		num(c, 2, &v.Number)
		str(c, 3, &v.Note)
	})
	num(c, 5, &r.Urgency)
	str(c, 6, &r.Genre)
	flag(c, 7, &r.Paywall)
	str(c, 8, &r.Language)
	moment(c, 9, &r.Published)
	moment(c, 10, &r.Updated)
	moment(c, 11, &r.FirstSeen)
	str(c, 12, &r.Claimed)
	moment(c, 13, &r.Embargo)
	moment(c, 14, &r.Expires)
	str(c, 15, &r.Input)
	c.credits(r)
	one(c, 30, &r.Source, source)
	one(c, 31, &r.Links, links)
	str(c, 32, &r.Headline)
	str(c, 33, &r.RawTitle)
	flag(c, 34, &r.Derived)
	str(c, 35, &r.Kicker)
	str(c, 36, &r.Standfirst)
	str(c, 37, &r.Slugline)
	c.prose(r)
	many(c, 41, &r.Images, media)
	many(c, 42, &r.Media, media)
	c.about(r)
}

// id is the id of an article, or of a minted one, whose 26 random letters would
// take a twentieth of the record, its authority.
func (c *coder) id(r *article.Record) {
	authority := c.authority
	if c.writing {
		rest := strings.TrimPrefix(r.ID, "tag:")
		if authority, _, _ = strings.Cut(rest, ","); authority == "" || minted(authority, r) != r.ID {
			str(c, 1, &r.ID)
			return
		}
	}
	str(c, 60, &authority)
	if !c.writing {
		str(c, 1, &r.ID)
		c.authority = authority
	}
}

// prose is the text, once: where it is no more than the HTML's, that tells it.
func (c *coder) prose(r *article.Record) {
	b := &r.Body
	if c.writing && b.HTML != "" && len(b.Sections) == 0 && (c.told.Is(b.HTML, b.Text) || article.IsPlainText(b.HTML, b.Text)) {
		c.textless = true
		b = &article.Body{WordCount: b.WordCount, HTML: b.HTML}
	}
	flag(c, 61, &c.textless)
	one(c, 40, b, body)
}

// minted is the id that an article gets at first sight.
func minted(authority string, r *article.Record) string {
	return article.Mint(authority, r.Source.ID, article.Key(r.Source.GUID, r.Links.Canonical, "", ""))
}

// credits are who made and who owns the article.
func (c *coder) credits(r *article.Record) {
	str(c, 16, &r.Byline)
	many(c, 17, &r.Authors, func(c *coder, v *article.Person) {
		str(c, 1, &v.Name)
		str(c, 2, &v.Role)
		str(c, 3, &v.Place)
		str(c, 4, &v.URL)
	})
	strs(c, 18, &r.Editors)
	str(c, 23, &r.SignOff)
	one(c, 19, &r.Dateline, func(c *coder, v *article.Dateline) {
		str(c, 1, &v.Text)
		strs(c, 2, &v.Places)
		str(c, 3, &v.Date)
		str(c, 4, &v.Agency)
	})
	strs(c, 20, &r.Agencies)
	one(c, 21, &r.Publisher, func(c *coder, v *article.Publisher) {
		str(c, 1, &v.Name)
		str(c, 2, &v.URL)
	})
	one(c, 22, &r.Rights, func(c *coder, v *article.Rights) {
		str(c, 1, &v.Copyright)
		str(c, 2, &v.Terms)
		str(c, 3, &v.License)
		str(c, 4, &v.Republish)
	})
}

// about is what the article is about and where that is known from.
func (c *coder) about(r *article.Record) {
	many(c, 50, &r.Subjects, func(c *coder, v *article.Subject) {
		str(c, 1, &v.Scheme)
		str(c, 2, &v.Code)
		str(c, 3, &v.Name)
	})
	strs(c, 51, &r.Places)
	strs(c, 52, &r.People)
	strs(c, 53, &r.Organisations)
	strs(c, 54, &r.Keywords)
	one(c, 55, &r.Story, func(c *coder, v *article.Story) {
		str(c, 1, &v.ID)
		many(c, 2, &v.Also, func(c *coder, v *article.Also) {
			str(c, 1, &v.Source)
			str(c, 2, &v.URL)
			str(c, 3, &v.Title)
		})
		str(c, 3, &v.Text)
	})
	pairs(c, 56, &r.Provenance)
}

func source(c *coder, v *article.Source) {
	str(c, 1, &v.ID)
	str(c, 2, &v.Name)
	str(c, 3, &v.URL)
	str(c, 4, &v.FeedURL)
	str(c, 5, &v.FeedID)
	str(c, 6, &v.GUID)
	str(c, 7, &v.Rights)
	str(c, 8, &v.Via)
}

func links(c *coder, v *article.Links) {
	str(c, 1, &v.Canonical)
	str(c, 2, &v.Short)
	str(c, 3, &v.Via)
	str(c, 4, &v.Comments)
	many(c, 5, &v.Related, func(c *coder, v *article.Link) {
		str(c, 1, &v.URL)
		str(c, 2, &v.Title)
	})
}

func body(c *coder, v *article.Body) {
	num(c, 1, &v.WordCount)
	markup(c, 2, 5, &v.HTML)
	str(c, 3, &v.Text)
	many(c, 4, &v.Sections, func(c *coder, v *article.Section) {
		str(c, 1, &v.Heading)
		many(c, 2, &v.Blocks, block)
	})
}

func block(c *coder, v *article.Block) {
	str(c, 1, &v.Type)
	str(c, 2, &v.Text)
	str(c, 3, &v.HTML)
	strs(c, 4, &v.Items)
	many(c, 5, &v.Rows, func(c *coder, row *[]string) { strs(c, 1, row) })
	optional(c, 6, &v.Media, media)
	str(c, 7, &v.URL)
}

func media(c *coder, v *article.Media) {
	str(c, 1, &v.URL)
	str(c, 2, &v.Type)
	str(c, 3, &v.Medium)
	str(c, 4, &v.Title)
	str(c, 5, &v.Caption)
	str(c, 6, &v.Alt)
	str(c, 7, &v.Credit)
	str(c, 8, &v.Copyright)
	str(c, 9, &v.Thumbnail)
	num(c, 10, &v.Width)
	num(c, 11, &v.Height)
	num(c, 12, &v.Length)
	num(c, 13, &v.Duration)
	str(c, 14, &v.Role)
	str(c, 15, &v.Group)
}
