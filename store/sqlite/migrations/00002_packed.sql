-- +goose Up
-- packed: the body is compressed (store/packed). Bodies that are there stay as
-- they are until they are written again.
ALTER TABLE document ADD COLUMN packed INTEGER NOT NULL DEFAULT 0;
