package tracing

import (
	"fmt"
	"maps"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// settings are what the environment says (OpenTelemetry specification,
// "Environment Variable Specification" and "OpenTelemetry Protocol Exporter").
type settings struct {
	endpoint string // of traces, whole
	headers  http.Header
	timeout  time.Duration
	gzip     bool
	resource map[string]string
	follow   bool    // a caller's decision to sample or not is ours
	ratio    float64 // of the other traces that are sampled
	delay    time.Duration
	queue    int
	batch    int
}

// fromEnv reads the environment; nil if no traces are asked for.
func fromEnv(getenv func(string) string, version string) (*settings, error) {
	get := func(name string) string { return strings.TrimSpace(getenv("OTEL_" + name)) }
	// A setting of traces comes before one of all signals.
	exporter := func(name string) string {
		if v := get("EXPORTER_OTLP_TRACES_" + name); v != "" {
			return v
		}
		return get("EXPORTER_OTLP_" + name)
	}
	switch kind := get("TRACES_EXPORTER"); {
	case strings.EqualFold(get("SDK_DISABLED"), "true"), kind == "none", kind == "" && exporter("ENDPOINT") == "":
		return nil, nil
	case kind != "" && kind != "otlp":
		return nil, fmt.Errorf("OTEL_TRACES_EXPORTER: expected otlp or none, not %q", kind)
	}
	if p := exporter("PROTOCOL"); p == "grpc" {
		return nil, fmt.Errorf("OTEL_EXPORTER_OTLP_PROTOCOL: grpc is not spoken here; set http/json and the collector's HTTP port, usually 4318")
	}
	s := &settings{headers: http.Header{}, gzip: exporter("COMPRESSION") == "gzip"}
	var err error
	if s.endpoint, err = endpoint(get("EXPORTER_OTLP_TRACES_ENDPOINT"), get("EXPORTER_OTLP_ENDPOINT")); err != nil {
		return nil, err
	}
	headers, err := pairs(exporter("HEADERS"))
	if err != nil {
		return nil, fmt.Errorf("OTEL_EXPORTER_OTLP_HEADERS: %w", err)
	}
	for name, value := range headers {
		s.headers.Set(name, value)
	}
	s.resource = map[string]string{"service.name": "wireroom", "service.version": version}
	named, err := pairs(get("RESOURCE_ATTRIBUTES"))
	if err != nil {
		return nil, fmt.Errorf("OTEL_RESOURCE_ATTRIBUTES: %w", err)
	}
	maps.Copy(s.resource, named)
	if name := get("SERVICE_NAME"); name != "" {
		s.resource["service.name"] = name
	}
	if err := s.sampler(get("TRACES_SAMPLER"), get("TRACES_SAMPLER_ARG")); err != nil {
		return nil, err
	}
	s.timeout = milliseconds(exporter("TIMEOUT"), 10*time.Second)
	s.delay = milliseconds(get("BSP_SCHEDULE_DELAY"), 5*time.Second)
	s.queue = number(get("BSP_MAX_QUEUE_SIZE"), 2048)
	s.batch = min(number(get("BSP_MAX_EXPORT_BATCH_SIZE"), 512), s.queue)
	return s, nil
}

// endpoint is the traces' own as it stands, or the one of all signals with the
// traces' path.
func endpoint(traces, all string) (string, error) {
	name, at := "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", traces
	if at == "" {
		name, at = "OTEL_EXPORTER_OTLP_ENDPOINT", all
		if at == "" {
			at = "http://localhost:4318"
		}
		at = strings.TrimRight(at, "/") + "/v1/traces"
	}
	u, err := url.Parse(at)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return "", fmt.Errorf("%s: expected an address such as http://localhost:4318", name)
	}
	return at, nil
}

// pairs reads name=value,name=value with percent-encoded values (W3C Baggage).
func pairs(s string) (map[string]string, error) {
	m := map[string]string{}
	for part := range strings.SplitSeq(s, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		name, value, ok := strings.Cut(part, "=")
		word, err := url.PathUnescape(strings.TrimSpace(value))
		if name = strings.TrimSpace(name); !ok || name == "" || err != nil {
			return nil, fmt.Errorf("expected name=value,name=value") // the values may be secrets
		}
		m[name] = word
	}
	return m, nil
}

func (s *settings) sampler(name, arg string) error {
	kind, follow := strings.CutPrefix(name, "parentbased_")
	if name == "" {
		kind, follow = "always_on", true
	}
	s.follow = follow
	switch kind {
	case "always_on":
		s.ratio = 1
	case "always_off":
		s.ratio = 0
	case "traceidratio":
		s.ratio = 1
		if arg != "" {
			r, err := strconv.ParseFloat(arg, 64)
			if err != nil || math.IsNaN(r) || r < 0 || r > 1 {
				return fmt.Errorf("OTEL_TRACES_SAMPLER_ARG: expected a number from 0 to 1, not %q", arg)
			}
			s.ratio = r
		}
	default:
		return fmt.Errorf("OTEL_TRACES_SAMPLER: expected always_on, always_off, traceidratio, or parentbased_ with one of them, not %q", name)
	}
	return nil
}

func milliseconds(s string, or time.Duration) time.Duration {
	if n := number(s, 0); n > 0 {
		return time.Duration(n) * time.Millisecond
	}
	return or
}

func number(s string, or int) int {
	if n, err := strconv.Atoi(s); err == nil && n > 0 {
		return n
	}
	return or
}
