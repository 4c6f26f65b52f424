-- +goose Up
-- What was canceled lately is looked for at every start: few among many.
CREATE INDEX article_gone ON article (status, latest) WHERE status > 0;
