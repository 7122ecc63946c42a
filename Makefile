# Every target installs what it needs (Debian packages, pinned tools into .cache) and says so.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run test lint bench image test-image sanitize mesh test-mesh bench-mesh clean swift

# `make run PORT=9081 MONGO_DB_URL=…`; exported to the programs by make itself.
PORT ?= 9080
# `make mesh CONFIG=tls-gateway KEEP=1`
CONFIG ?=
KEEP ?=
# `make image IMAGE=registry.example.com/ratings:v2`
IMAGE ?= ratings:v2

# The flag that a terminal implies, always: a run whose output goes to a file would build everything anew otherwise.
BUILD := swift build -Xswiftc -color-diagnostics

UNIT_TESTS := LogTests EventLoopTests HTTP1Tests MongoClientTests RatingsServiceTests RatingsDatabaseTests ToolTests

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

run: swift ## Serve ratings from a real, throw-away MongoDB over TLS (PORT=9080, MONGO_DB_URL=your own)
	@if (exec 3<>/dev/tcp/127.0.0.1/$(PORT)) 2>/dev/null; then \
	    echo "make run: port $(PORT) is taken: something answers there already; choose another, as in PORT=9081" >&2; \
	    exit 1; fi
	@.ci/install-packages build run
	@[[ -n "$$MONGO_DB_URL" ]] || .ci/fetch-tools mongod
	@echo "make run: building (a minute the first time, seconds after that) ..."
	@$(BUILD) -c release --product ratings
	@$(BUILD) -c release --product ratings-local
	@exec .build/release/ratings-local --ratings .build/release/ratings --port '$(PORT)'

test: swift ## Run all tests: units, the service against a real mongod, every egress configuration
	@.ci/install-packages build run test mesh
	@.ci/fetch-tools mongod envoy kubectl kubernetes-validate
	@.ci/test $(UNIT_TESTS) IntegrationTests MeshTests

lint: swift ## Check formatting, shell, YAML, Dockerfile and manifests
	@.ci/install-packages lint
	@.ci/fetch-tools hadolint kubectl kubernetes-validate
	@.ci/lint

bench: swift ## Measure requests/s and latency beside a pooled node-mongodb service and the bare driver (2 minutes)
	@.ci/install-packages build run bench
	@.ci/fetch-tools mongod
	@$(BUILD) -c release --product ratings
	@$(BUILD) -c release --product ratings-bench
	@exec .build/release/ratings-bench --ratings .build/release/ratings

image: ## Build the container image (IMAGE=ratings:v2) with docker, podman or buildah
	@.ci/build-image "$(IMAGE)"

test-image: swift ## Prove the image's last stage without a container engine, and measure it (root)
	@.ci/install-packages build run image
	@.ci/fetch-tools mongod
	@.ci/test-image

sanitize: swift ## Run unit and integration tests under the thread sanitizer, then the address sanitizer with leaks
	@.ci/install-packages build run test
	@.ci/fetch-tools mongod
	@.ci/sanitize $(UNIT_TESTS) IntegrationTests

mesh: swift ## Show one egress configuration at work (CONFIG=tls-gateway-mtls, KEEP=1), or list them
	@.ci/install-packages build run mesh
	@.ci/fetch-tools mongod envoy kubectl
	@$(BUILD) -c release --product ratings
	@$(BUILD) -c release --product mesh
	@exec .build/release/mesh run $(if $(KEEP),--keep) $(CONFIG)

test-mesh: swift ## Run every egress configuration with assertions and print the matrix
	@.ci/install-packages build run mesh
	@.ci/fetch-tools mongod envoy kubectl
	@.ci/test MeshTests

bench-mesh: swift ## Measure what each way out of the mesh costs
	@.ci/install-packages build run mesh
	@.ci/fetch-tools mongod envoy kubectl
	@$(BUILD) -c release --product ratings
	@$(BUILD) -c release --product mesh
	@exec .build/release/mesh bench

clean: ## Remove what was built; downloads in .cache stay
	rm -rf .build .build-*

swift:
	@command -v swift >/dev/null || { \
	    echo "swift is not on the PATH: install Swift 6.0 or newer from https://www.swift.org/install" >&2; exit 69; }
