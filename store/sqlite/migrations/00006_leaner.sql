-- +goose Up
-- named: the article's name follows from the key of its item, as it nearly always
-- does; so it is found by its name. Those that are not (all that were there before)
-- have an index of their own.
ALTER TABLE article ADD COLUMN named INTEGER NOT NULL DEFAULT 0;
DROP INDEX article_key;
CREATE INDEX article_key ON article (source, key, print) WHERE named = 0;

-- An article's number is that of the change with which it came: the order of changes
-- is that of the rows, but for those that were changed since.
DROP INDEX article_change;
CREATE INDEX article_change ON article (change) WHERE change <> seq;
