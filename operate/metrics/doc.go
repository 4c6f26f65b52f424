// Package metrics counts what the program does and tells it in Prometheus' text
// format (exposition format 0.0.4, which OpenMetrics scrapers read too). In go
// polls, requests, deliveries and store operations as they happen; out comes one
// page of numbers. Labels are bounded: a family that would grow beyond maxSeries
// counts the rest under "other", and nothing is labelled by source or client.
//
// The format is written here because the client library brings protobuf with it,
// a twelfth of the program's size; its linter and parser are the judges in the
// tests. This package never decides anything and never keeps what it was told.
package metrics
