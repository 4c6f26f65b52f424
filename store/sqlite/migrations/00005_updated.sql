-- +goose Up
-- latest is place where an article was never updated, as most were not: the order by
-- update is that of place, and this one's merged.
DROP INDEX article_latest;
CREATE UNIQUE INDEX article_latest ON article (latest) WHERE latest <> place;
