// Package tracing makes spans of requests, polls and store operations and sends
// them to an OpenTelemetry collector: OTLP over HTTP in its JSON encoding, W3C
// trace context in. In go what happened, and when; out go batches of spans. It is
// told what to do by OpenTelemetry's environment variables (OTEL_…), and there is
// no tracer where they don't ask for one.
//
// The protocol is written here because OpenTelemetry's exporter brings gRPC and
// protobuf with it, which would make the program a quarter larger. A collector
// that can't keep up, or is not there, costs spans and never a request: the queue
// is bounded, and what does not fit is left out. The address of a reader is never
// told, and neither sources nor readers are told of our traces.
package tracing
