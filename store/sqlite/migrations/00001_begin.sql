-- +goose Up
-- Times are milliseconds since 1970, UTC; 0 is none. Hashes are xxHash64.

-- 'Wire': tells our files from other programs' databases.
PRAGMA application_id = 1466528357;

-- One row. sequence: the last number given to a change. articles and versions:
-- counted as they come, because counting rows walks them all. sources: a digest
-- of what Sync was last told, so that being told the same again costs nothing.
-- revision: the last one given to a document.
CREATE TABLE meta (
  sequence INTEGER NOT NULL DEFAULT 0,
  articles INTEGER NOT NULL DEFAULT 0,
  versions INTEGER NOT NULL DEFAULT 0,
  revision INTEGER NOT NULL DEFAULT 0,
  sources  BLOB
);
INSERT INTO meta DEFAULT VALUES;

-- due: when somebody may claim the host next: the earliest due time of its
-- sources, not before not_before; while it is leased, the end of the lease. It
-- is kept when a lease begins and ends, not at every poll. Rows are never
-- deleted: the token of a host only grows.
CREATE TABLE host (
  id         INTEGER PRIMARY KEY,
  name       TEXT    NOT NULL UNIQUE,
  due        INTEGER NOT NULL,
  lease      INTEGER NOT NULL DEFAULT 0,
  not_before INTEGER NOT NULL DEFAULT 0,
  token      INTEGER NOT NULL DEFAULT 0,
  worker     TEXT    NOT NULL DEFAULT ''
);
CREATE INDEX host_due ON host (due);

-- standing: 0 no longer in the config, 1 polled, 2 paused.
CREATE TABLE source (
  id        INTEGER PRIMARY KEY,
  name      TEXT    NOT NULL UNIQUE,
  host      INTEGER NOT NULL REFERENCES host (id),
  title     TEXT    NOT NULL,
  republish TEXT    NOT NULL,
  standing  INTEGER NOT NULL
);

-- What every poll writes, kept narrow. host is set for polled sources only, so
-- that the index holds what can be claimed. learnt is a hash of the source's row
-- in that table: a poll that learns nothing finds it equal and is one write.
CREATE TABLE state (
  source       INTEGER PRIMARY KEY REFERENCES source (id),
  host         INTEGER,
  due          INTEGER NOT NULL,
  interval     INTEGER NOT NULL DEFAULT 0,
  last_poll    INTEGER NOT NULL DEFAULT 0,
  last_success INTEGER NOT NULL DEFAULT 0,
  failures     INTEGER NOT NULL DEFAULT 0,
  status       INTEGER NOT NULL DEFAULT 0,
  learnt       INTEGER NOT NULL DEFAULT 0,
  error        TEXT    NOT NULL DEFAULT '',
  history      BLOB
);
CREATE INDEX state_due ON state (host, due) WHERE host IS NOT NULL;

-- What a poll with news writes.
CREATE TABLE learnt (
  source        INTEGER PRIMARY KEY REFERENCES source (id),
  url           TEXT    NOT NULL,
  etag          TEXT    NOT NULL,
  last_modified TEXT    NOT NULL,
  body_hash     INTEGER NOT NULL,
  last_change   INTEGER NOT NULL,
  known         BLOB,
  recent        BLOB,
  detail        TEXT    NOT NULL
);

-- place: the published time in the upper 42 bits, then what makes it unique, so
-- that the order of a feed is the order of one integer; latest: the same with the
-- updated time. key: hash of the identity in the source. print: of what a reader
-- would care about. name: of the last part of the article's id. entered: when it
-- was first seen. record: packed.
CREATE TABLE article (
  seq     INTEGER PRIMARY KEY,
  place   INTEGER NOT NULL,
  latest  INTEGER NOT NULL,
  source  INTEGER NOT NULL,
  key     INTEGER NOT NULL,
  print   INTEGER NOT NULL,
  name    INTEGER NOT NULL,
  change  INTEGER NOT NULL,
  entered INTEGER NOT NULL,
  status  INTEGER NOT NULL,
  embargo INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  record  BLOB    NOT NULL
);
CREATE UNIQUE INDEX article_place  ON article (place);          -- a feed's order
CREATE UNIQUE INDEX article_latest ON article (latest);         -- the other one
CREATE INDEX        article_source ON article (source, place);  -- a feed of few sources
CREATE INDEX        article_key    ON article (source, key, print); -- is this item known? without reading the row
CREATE UNIQUE INDEX article_name   ON article (name);
CREATE INDEX        article_change ON article (change);
CREATE INDEX        article_entered ON article (entered);       -- what came in a stretch of time; grows at its end only
CREATE INDEX        article_status ON article (status, place) WHERE status > 0; -- withheld and canceled: few

-- Further keys of articles whose source changed their ids: few.
CREATE TABLE alias (
  source  INTEGER NOT NULL,
  key     INTEGER NOT NULL,
  article INTEGER NOT NULL,
  PRIMARY KEY (source, key)
) WITHOUT ROWID;
CREATE INDEX alias_article ON alias (article);

-- Keys of articles that were forgotten, so that a source that still shows them
-- does not bring them back.
CREATE TABLE forgotten (
  source INTEGER NOT NULL,
  key    INTEGER NOT NULL,
  PRIMARY KEY (source, key)
) WITHOUT ROWID;

-- Former versions, packed.
CREATE TABLE version (
  article INTEGER NOT NULL,
  version INTEGER NOT NULL,
  record  BLOB    NOT NULL
);
CREATE INDEX version_article ON version (article, version);

-- Small pieces of state beside sources and articles. key: BLOB, so that the order
-- is that of its bytes.
CREATE TABLE document (
  kind     TEXT    NOT NULL,
  key      BLOB    NOT NULL,
  revision INTEGER NOT NULL,
  due      INTEGER NOT NULL,
  body     BLOB
);
CREATE UNIQUE INDEX document_key ON document (kind, key);
CREATE INDEX        document_due ON document (kind, due) WHERE due <> 0;

-- What feeds select by besides sources. Both are made when first asked for and
-- brought up to date when asked again, so that an import does not pay for what
-- nobody selects by; upto is the change they have seen.
CREATE TABLE indexed (
  name TEXT PRIMARY KEY,
  upto INTEGER NOT NULL
) WITHOUT ROWID;

-- term: 48 bits of the hash of a language, agency, topic or story.
CREATE TABLE term (
  term  INTEGER NOT NULL,
  place INTEGER NOT NULL,
  PRIMARY KEY (term, place)
) WITHOUT ROWID;

-- The words of an article (store/words), without their positions, which would
-- take three times the space; phrases are looked up in the record.
CREATE VIRTUAL TABLE word USING fts5 (text, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii');
