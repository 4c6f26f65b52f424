-- +goose Up
-- Times are milliseconds since 1970, UTC; 0 is none. Hashes are xxHash64. Text
-- that comes from servers is bytea: it may hold anything.

-- One row. sequence: the last number given to a change; its row lock, held from
-- the allotment to the commit, makes numbers appear in the order of commits, so
-- that nobody who reads "after n" can miss one. articles and versions: counted as
-- they come. sources: a digest of what Sync was last told. needs: the lowest
-- schema that a program must know to work with this one; a migration that older
-- programs can live with leaves it alone, so that N and N+1 run side by side.
CREATE TABLE meta (
  sequence bigint  NOT NULL DEFAULT 0,
  articles bigint  NOT NULL DEFAULT 0,
  versions bigint  NOT NULL DEFAULT 0,
  needs    integer NOT NULL DEFAULT 1,
  sources  bytea
) WITH (fillfactor = 10);
INSERT INTO meta DEFAULT VALUES;

-- due: when somebody may claim the host next: the earliest due time of its
-- sources, not before not_before; while it is leased, the end of the lease. It
-- is kept when a lease begins and ends, not at every poll. Rows are never
-- deleted: the token of a host only grows.
CREATE TABLE host (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name       text   NOT NULL UNIQUE,
  due        bigint NOT NULL,
  lease      bigint NOT NULL DEFAULT 0,
  not_before bigint NOT NULL DEFAULT 0,
  token      bigint NOT NULL DEFAULT 0,
  worker     text   NOT NULL DEFAULT ''
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
CREATE INDEX host_due ON host (due);

-- standing: 0 no longer in the config, 1 polled, 2 paused.
CREATE TABLE source (
  id        bigint   GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name      text     NOT NULL UNIQUE,
  host      bigint   NOT NULL REFERENCES host (id),
  title     text     NOT NULL,
  republish text     NOT NULL,
  standing  smallint NOT NULL
);
CREATE INDEX source_name_c ON source (name COLLATE "C");

-- What every poll writes, kept narrow; room is left in its pages, and it is
-- vacuumed often. host is set for polled sources only. learnt is a hash of the
-- source's row in that table.
CREATE TABLE state (
  source       bigint  PRIMARY KEY,
  host         bigint,
  due          bigint  NOT NULL,
  interval     bigint  NOT NULL DEFAULT 0,
  last_poll    bigint  NOT NULL DEFAULT 0,
  last_success bigint  NOT NULL DEFAULT 0,
  failures     integer NOT NULL DEFAULT 0,
  status       integer NOT NULL DEFAULT 0,
  learnt       bigint  NOT NULL DEFAULT 0,
  error        bytea   NOT NULL DEFAULT '',
  history      bytea
) WITH (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
CREATE INDEX state_due ON state (host, due) WHERE host IS NOT NULL;

-- What a poll with news writes.
CREATE TABLE learnt (
  source        bigint PRIMARY KEY,
  url           bytea  NOT NULL,
  etag          bytea  NOT NULL,
  last_modified bytea  NOT NULL,
  body_hash     bigint NOT NULL,
  last_change   bigint NOT NULL,
  known         bytea,
  recent        bytea,
  detail        text   NOT NULL
) WITH (fillfactor = 80);

-- key: hash of the identity in the source. print: of what a reader would care
-- about. name: of the last part of the article's id. entered: when it was first
-- seen. id is bytea because ties are
-- ordered by its bytes. record: packed and compressed already.
CREATE TABLE article (
  seq       bigint   GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  source    bigint   NOT NULL,
  key       bigint   NOT NULL,
  print     bigint   NOT NULL,
  name      bigint   NOT NULL,
  change    bigint   NOT NULL,
  published bigint   NOT NULL,
  updated   bigint   NOT NULL,
  entered   bigint   NOT NULL,
  embargo   bigint   NOT NULL,
  expires   bigint   NOT NULL,
  status    smallint NOT NULL,
  id        bytea    NOT NULL,
  record    bytea    NOT NULL
);
CREATE UNIQUE INDEX article_key       ON article (source, key) INCLUDE (print, seq); -- is this item known? without reading the row
CREATE UNIQUE INDEX article_name      ON article (name);
CREATE INDEX        article_change    ON article (change);
CREATE INDEX        article_published ON article (published DESC, id);               -- a feed's order
CREATE INDEX        article_updated   ON article (updated DESC, id);                 -- the other one
CREATE INDEX        article_source    ON article (source, published DESC, id);       -- a feed of few sources
CREATE INDEX        article_entered   ON article (entered);                          -- what came in a stretch of time; grows at its end only
CREATE INDEX        article_status    ON article (status, published DESC, id) WHERE status > 0;

-- Further keys of articles whose source changed their ids: few.
CREATE TABLE alias (
  source  bigint NOT NULL,
  key     bigint NOT NULL,
  article bigint NOT NULL,
  PRIMARY KEY (source, key)
);
CREATE INDEX alias_article ON alias (article);

-- Keys of articles that were forgotten, so that a source that still shows them
-- does not bring them back.
CREATE TABLE forgotten (
  source bigint NOT NULL,
  key    bigint NOT NULL,
  PRIMARY KEY (source, key)
);

-- Former versions, packed.
CREATE TABLE version (
  article bigint  NOT NULL,
  version integer NOT NULL,
  record  bytea   NOT NULL,
  PRIMARY KEY (article, version)
);

-- Small pieces of state beside sources and articles. Revisions are drawn before
-- the transaction that uses them, so that one that is tried again after a lost
-- connection finds what it had already written.
CREATE SEQUENCE document_revision;
CREATE TABLE document (
  kind     text   NOT NULL,
  key      bytea  NOT NULL,
  revision bigint NOT NULL,
  due      bigint NOT NULL,
  body     bytea,
  PRIMARY KEY (kind, key)
);
CREATE INDEX document_due ON document (kind, due) WHERE due <> 0;

-- What feeds select by besides sources. Both are made when first asked for and
-- brought up to date when asked again, so that an import does not pay for what
-- nobody selects by; upto is the change they have seen.
CREATE TABLE indexed (
  name text   PRIMARY KEY,
  upto bigint NOT NULL
);

-- terms: 48-bit hashes of languages, agencies, topics and stories.
CREATE TABLE term (
  article bigint   PRIMARY KEY,
  terms   bigint[] NOT NULL
);
CREATE INDEX term_terms ON term USING gin (terms);

-- words: 32-bit hashes of the words of an article (store/words).
CREATE TABLE word (
  article bigint    PRIMARY KEY,
  words   integer[] NOT NULL
);
CREATE INDEX word_words ON word USING gin (words);

-- These are compressed already, or can't be.
ALTER TABLE article ALTER COLUMN record SET STORAGE EXTERNAL;
ALTER TABLE version ALTER COLUMN record SET STORAGE EXTERNAL;
ALTER TABLE word    ALTER COLUMN words  SET STORAGE EXTERNAL;
