# make build | test | lint | fuzz | cover | bench | image
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
GOLANGCI := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
FUZZTIME ?= 10s
IMAGE ?= wireroom

.PHONY: build test fmt vet lint race fuzz cover bench image

build:
	CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.stamp=$(VERSION)" -o wireroom ./cmd/wireroom

test: fmt vet lint race

fmt:
	@out=$$(gofmt -l $$(git ls-files '*.go')); if [ -n "$$out" ]; then echo "not formatted: $$out"; exit 1; fi

vet:
	go vet ./...

lint:
	go run $(GOLANGCI) run

# What failed is told once more at the end, with its first words.
race:
	@out=$$(mktemp); { go test -race -timeout 20m ./...; echo $$? >$$out.rc; } 2>&1 | tee $$out; rc=$$(cat $$out.rc); \
	[ $$rc = 0 ] || { printf '\nfailed:\n'; grep -E -A12 '^ *--- FAIL|^panic:|DATA RACE' $$out; }; rm -f $$out $$out.rc; exit $$rc

# Every fuzz target for FUZZTIME. Now and then Go before 1.27 takes the end of that time
# for a failure (golang.org/issue/75804); one without a failing input is none.
fuzz:
	@set -e; out=$$(mktemp); for d in $$(grep -rl --include='*_test.go' '^func Fuzz' . | xargs -n1 dirname | sort -u); do \
	  for f in $$(grep -ho '^func Fuzz[A-Za-z0-9_]*' $$d/*_test.go | cut -c6-); do \
	    echo "$$d $$f"; \
	    if go test -run "^$$" -fuzz "^$$f$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 5x $$d >$$out 2>&1; then tail -1 $$out; \
	    elif grep -q '^ *context deadline exceeded$$' $$out && ! grep -q 'Failing input' $$out; then echo 'ended at its deadline'; \
	    else cat $$out; rm -f $$out; exit 1; fi; done; done; rm -f $$out

cover:
	go test -coverprofile coverage.out ./... && go tool cover -func coverage.out | tail -1

# What polling costs, held against the least it can cost; BENCH=short takes minutes,
# BENCH=scale measures stores of up to 100,000 sources.
bench:
	go run ./bench $(if $(BENCH),-$(BENCH)) $(BENCHFLAGS)

image:
	docker build --build-arg VERSION=$(VERSION) -t $(IMAGE) .
