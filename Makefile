# Two commands do everything: `make run` runs the product, `make test` passes the tests.

STATICCHECK = go run honnef.co/go/tools/cmd/staticcheck@v0.8.2
VERSION    ?= $(shell git describe --always --dirty 2>/dev/null || echo dev)
space      := $(subst ,, )
# Without what debuggers read, and with a compiler that seldom collects garbage, the first build takes a quarter less. A panic says
# file and line nevertheless.
BUILD       = -trimpath -gcflags=all=-dwarf=false
# Packages without a goroutine or a lock of their own: the race detector would only make them slow. What meets in the stores is
# tested with it besides. What takes longest begins first.
SERIAL      = notes/merge dynamo dynamo/ddb edge/core transport/wire
# The pure packages: they also run as WebAssembly.
PURE        = ./notes ./transport/wire ./auth/claims ./edge/core/...

.PHONY: run page package first run-dynamodb run-lambda run-edge dynamodb-local build test check tools race client bench soak fmt help

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' Makefile

run: first build ## run the server on http://localhost:3000, data in ./data
	@exec bin/notewire

run-dynamodb: build ## run the server on the real DynamoDB Local (Java 17, Maven)
	@infra/run-dynamodb.sh

run-lambda: ## run the Lambda functions on AWS's contracts spoken locally, with DynamoDB Local
	go build -trimpath -o bin/lambdalocal ./infra/lambdalocal
	@exec bin/lambdalocal

dynamodb-local: ## run only DynamoDB Local, in memory, on 127.0.0.1:8000
	@infra/dynamodb-local/run.sh

first:
	@test -x bin/notewire || echo 'building; the first time takes about a minute'

page: ## build the page from client/demo into functions/page/app (Node, npm)
	cd client && npm ci --ignore-scripts --silent && npx tsc -p demo && npx vite build demo

build: ## build bin/notewire
	GOGC=400 go build $(BUILD) -ldflags '-s -w -X main.version=$(VERSION)' -o bin/notewire ./functions/server

test: tools check race client ## install what the tests need, then run everything

tools: ## install what tests use: Chromium, strace, curl, Java, Maven, Redis, Node, Python
	@infra/test-tools.sh

check: ## formatting, vet (native and wasip1), staticcheck
	@unformatted=$$(gofmt -l .); test -z "$$unformatted" || { echo "$$unformatted"; echo 'run: make fmt'; exit 1; }
	go vet ./...
	GOOS=wasip1 GOARCH=wasm go vet $(PURE)
	$(STATICCHECK) ./...

race: ## all tests, under the race detector where there is a goroutine
	go test -race -vet=off -timeout 15m ./functions/server $$(go list ./... | grep -v -E '/($(subst $(space),|,$(SERIAL))|functions/server)$$')
	go test -race -vet=off -run AtOnce ./dynamo ./dynamo/ddb
	go test -vet=off $(SERIAL:%=./%)

package: ## pack the npm package into bin/notewire-*.tgz (Node 20.19, npm)
	cd client && npm ci --ignore-scripts --silent && npm run --silent build && mkdir -p ../bin && npm pack --silent --pack-destination ../bin

client: ## the npm package: types, reference, tests, size, what is published, and the app in a browser (Node 20.19, npm, Chromium)
	@client/scripts/ci.sh

bench: ## benchmarks, each beside its raw baseline
	go test -run '^$$' -bench . -benchtime 1x ./dynamo/bolt ./functions ./functions/server
	go test -run '^$$' -bench . ./transport/... ./dynamo ./notes/merge

soak: ## the long checks; writes a dated report into infra/soak
	infra/soak.sh

fmt: ## format the code
	gofmt -w .

run-edge: ## run the server with an edge in front of it (Node 18, npm)
	@edge/run.sh
