# Two commands do everything on a fresh machine: `make start` and `make test`.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help start test demo build models clean system-start system-test

help: ## Say what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

start: system-start build ## Install, build, migrate and serve (REST on 8080, gRPC on 50051)
	@node scripts/welcome.mjs & exec node dist/src/main.js

test: system-test build ## Install what the tests need, and run all of them
	@node scripts/test.mjs

demo: node_modules/.installed ## Play a short exam with a swap against the running service (FACES=DIR for your own)
	@npx tsx scripts/demo/main.ts

build: node_modules/.installed models
	@npm run --silent build

models: node_modules/.installed
	@npm run --silent models

node_modules/.installed: package.json package-lock.json .npmrc
	npm ci --no-audit --no-fund
	@touch $@

system-start:
	@scripts/system.sh start

system-test:
	@scripts/system.sh test

clean: ## Remove what was built, not the data
	rm -rf dist node_modules models/build src/grpc/gen examples/typescript/gen
