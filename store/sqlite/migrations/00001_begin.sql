-- +goose Up
-- Times are milliseconds since 1970, UTC.

-- The one sequence of changes; whoever renders reads what came after its last.
CREATE TABLE sequence (n INTEGER NOT NULL);
INSERT INTO sequence VALUES (0);

-- due: when somebody may claim the host next. While it is claimed that is the
-- end of the lease, so that idle and claimed hosts cost a claim nothing.
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

CREATE TABLE source (
  id        INTEGER PRIMARY KEY,
  name      TEXT    NOT NULL UNIQUE,
  host      INTEGER NOT NULL REFERENCES host (id),
  title     TEXT    NOT NULL DEFAULT '',
  republish TEXT    NOT NULL DEFAULT '',
  active    INTEGER NOT NULL DEFAULT 1,
  paused    INTEGER NOT NULL DEFAULT 0,
  detail    TEXT    NOT NULL DEFAULT '{}'
);

-- What every poll writes: narrow, apart from what seldom changes.
CREATE TABLE state (
  source        INTEGER PRIMARY KEY REFERENCES source (id),
  host          INTEGER NOT NULL,
  due           INTEGER NOT NULL,
  url           TEXT    NOT NULL DEFAULT '',
  etag          TEXT    NOT NULL DEFAULT '',
  last_modified TEXT    NOT NULL DEFAULT '',
  body_hash     INTEGER NOT NULL DEFAULT 0,
  interval      INTEGER NOT NULL DEFAULT 0,
  last_poll     INTEGER NOT NULL DEFAULT 0,
  last_success  INTEGER NOT NULL DEFAULT 0,
  last_change   INTEGER NOT NULL DEFAULT 0,
  failures      INTEGER NOT NULL DEFAULT 0,
  status        INTEGER NOT NULL DEFAULT 0,
  error         TEXT    NOT NULL DEFAULT '',
  known         BLOB,
  history       BLOB
);
CREATE INDEX state_due ON state (host, due);

-- id is the last part of the article's tag URI. key is a hash of its identity in
-- the source. record is compressed JSON.
CREATE TABLE article (
  seq         INTEGER PRIMARY KEY,
  id          TEXT    NOT NULL UNIQUE,
  source      INTEGER NOT NULL,
  key         BLOB    NOT NULL,
  status      INTEGER NOT NULL,
  published   INTEGER NOT NULL,
  updated     INTEGER NOT NULL,
  embargo     INTEGER NOT NULL DEFAULT 0,
  expires     INTEGER NOT NULL DEFAULT 0,
  change      INTEGER NOT NULL,
  fingerprint INTEGER NOT NULL,
  record      BLOB    NOT NULL
);
CREATE UNIQUE INDEX article_key ON article (source, key);
CREATE INDEX article_change ON article (change);
CREATE INDEX article_published ON article (status, published DESC, id);
CREATE INDEX article_updated ON article (status, updated DESC, id);
CREATE INDEX article_source ON article (source, status, published DESC, id);

-- Former versions.
CREATE TABLE version (
  article INTEGER NOT NULL,
  version INTEGER NOT NULL,
  record  BLOB    NOT NULL,
  PRIMARY KEY (article, version)
) WITHOUT ROWID;

-- What feeds select by: a:agency, t:topic, l:language.
CREATE TABLE term (
  term      TEXT    NOT NULL,
  published INTEGER NOT NULL,
  article   INTEGER NOT NULL,
  PRIMARY KEY (term, published DESC, article)
) WITHOUT ROWID;

CREATE VIRTUAL TABLE words USING fts5 (text, content='', contentless_delete=1, detail='full', tokenize='unicode61 remove_diacritics 2');
