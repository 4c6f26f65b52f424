package move

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"

	"github.com/cespare/xxhash/v2"

	"wireroom/store"
	"wireroom/store/catalog"
	"wireroom/store/packed"
)

// Tally is what a store holds, counted and hashed.
type Tally struct {
	Sources, Documents, Articles, Versions, Forgotten int
	Hash                                              uint64 // of all of it, in no order
}

// digest hashes one row.
type digest struct{ xxhash.Digest }

func (d *digest) text(b []byte) {
	var n [8]byte
	binary.LittleEndian.PutUint64(n[:], uint64(len(b)))
	d.Write(n[:])
	d.Write(b)
}

func (d *digest) number(v int64) {
	var n [8]byte
	binary.LittleEndian.PutUint64(n[:], uint64(v))
	d.Write(n[:])
}

func (t *Tally) article(row *catalog.ArticleRow) {
	var d digest
	d.Reset()
	d.number(row.Change)
	d.text([]byte(row.Source))
	d.number(row.Key)
	for _, k := range row.Aliases {
		d.number(k)
	}
	d.text(row.Record)
	for _, f := range row.Former {
		d.number(int64(f.Version))
		d.text(f.Record)
	}
	t.Articles++
	t.Versions += 1 + len(row.Former)
	t.Hash += d.Sum64()
}

func (t *Tally) source(row *catalog.SourceRow) error {
	b, err := json.Marshal(row)
	if err != nil {
		return err
	}
	t.Sources++
	t.Hash += xxhash.Sum64(b)
	return nil
}

func (t *Tally) document(doc *store.Document) {
	var d digest
	d.Reset()
	d.text([]byte(doc.Kind))
	d.text([]byte(doc.Key))
	d.number(doc.Revision)
	d.number(packed.Millis(doc.Due))
	d.text(doc.Body)
	t.Documents++
	t.Hash += d.Sum64()
}

// Count reads all of a store. look is called for each article, if it is set.
func Count(ctx context.Context, s Shelf, look func(*catalog.ArticleRow) error) (t Tally, err error) {
	for rows, err := range sources(ctx, s) {
		if err != nil {
			return t, err
		}
		for i := range rows {
			if err := t.source(&rows[i]); err != nil {
				return t, err
			}
		}
	}
	for docs, err := range documents(ctx, s) {
		if err != nil {
			return t, err
		}
		for i := range docs {
			t.document(&docs[i])
		}
	}
	for rows, err := range forgotten(ctx, s) {
		if err != nil {
			return t, err
		}
		for _, r := range rows {
			var d digest
			d.Reset()
			d.text([]byte(r.Source))
			d.number(r.Key)
			t.Forgotten++
			t.Hash += d.Sum64()
		}
	}
	for rows, err := range articles(ctx, s, 0) {
		if err != nil {
			return t, err
		}
		for i := range rows {
			t.article(&rows[i])
			if look == nil {
				continue
			}
			if err := look(&rows[i]); err != nil {
				return t, err
			}
		}
	}
	return t, nil
}

// compare holds the copy against what was copied.
func (c *copying) compare(total int) error {
	n := 0
	look := func(*catalog.ArticleRow) error {
		if n++; n%articleBatch == 0 {
			c.tell("check", n, 2*total)
		}
		return nil
	}
	sent, err := Count(c.ctx, c.from, look)
	if err != nil {
		return err
	}
	arrived, err := Count(c.ctx, c.to, look)
	if err != nil {
		return err
	}
	if sent == arrived {
		return nil
	}
	return fmt.Errorf("the copy holds %d sources, %d documents, %d articles and %d versions (hash %016x), the original %d, %d, %d and %d (%016x): %w",
		arrived.Sources, arrived.Documents, arrived.Articles, arrived.Versions, arrived.Hash, sent.Sources, sent.Documents, sent.Articles, sent.Versions, sent.Hash, ErrMoved)
}

// faults is how many of them Check names.
const faults = 20

// Check reads all of a store and names what is wrong with it: damage that the
// database finds in itself, records that can't be read or are found by something
// that they do not hold, versions that are missing, counts that are wrong.
func Check(ctx context.Context, s Shelf, told func(Progress)) (t Tally, wrong []string, err error) {
	if err := s.Examine(ctx); err != nil {
		return t, nil, err
	}
	stats, err := s.Stats(ctx)
	if err != nil {
		return t, nil, err
	}
	codec, err := packed.NewCodec()
	if err != nil {
		return t, nil, err
	}
	fault := func(format string, args ...any) {
		if len(wrong) < faults {
			wrong = append(wrong, fmt.Sprintf(format, args...))
		}
	}
	last := int64(0)
	t, err = Count(ctx, s, func(row *catalog.ArticleRow) error {
		if t.Articles++; told != nil && t.Articles%articleBatch == 0 {
			told(Progress{"check", t.Articles, max(stats.Articles, t.Articles)})
		}
		last = row.Change
		inspect(codec, row, fault)
		return ctx.Err()
	})
	if err != nil {
		return t, nil, err
	}
	sequence, err := s.Sequence(ctx)
	if err != nil {
		return t, nil, err
	}
	if sequence < last {
		fault("the sequence is %d, but an article has change %d", sequence, last)
	}
	after, err := s.Stats(ctx)
	if err != nil {
		return t, nil, err
	}
	if after.Articles == stats.Articles && after.Versions == stats.Versions && (t.Articles != stats.Articles || t.Versions != stats.Versions) {
		fault("%d articles and %d versions are counted, there are %d and %d", stats.Articles, stats.Versions, t.Articles, t.Versions)
	}
	return t, wrong, nil
}

// inspect looks at one article.
func inspect(codec *packed.Codec, row *catalog.ArticleRow, fault func(string, ...any)) {
	r, err := codec.ParseRecord(row.Record)
	if err != nil {
		fault("an article of source %s (change %d): %v", row.Source, row.Change, err)
		return
	}
	if want := catalog.ColumnsOf(&r); row.Columns != want {
		fault("article %s is filed as %+v; its record says %+v", r.ID, row.Columns, want)
	}
	last := 0
	for _, f := range row.Former {
		if f.Version <= last || f.Version >= r.Version {
			fault("article %s: version %d stands between %d and %d", r.ID, f.Version, last, r.Version)
		}
		last = f.Version
		if old, err := codec.ParseRecord(f.Record); err != nil || old.ID != r.ID {
			fault("article %s, version %d: it is %q (%v)", r.ID, f.Version, old.ID, err)
		}
	}
}
