# Every target installs what it needs (Debian packages, pinned tools into .cache) and says so.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run test lint bench image test-image test-image-build test-debian13 sanitize fuzz mesh test-mesh test-mesh-checks \
    bench-mesh clean swift

# `make run PORT=9081 MONGO_DB_URL=…`; exported to the programs by make itself.
PORT ?= 9080
# `make mesh CONFIG=tls-gateway KEEP=1`, or `EXEC='curl -i $RATINGS_URL/ratings/0'`
CONFIG ?=
KEEP ?=
EXEC ?=
EXPLAIN ?=
# `make mesh BREAK=gateway-down`: a fault, in the configuration that shows it best or in CONFIG
BREAK ?=
# `make image IMAGE=registry.example.com/ratings:v2`
IMAGE ?= ratings:v2

# SwiftPM warns of a flag in Debian 13's own file; one that the user names comes first.
export PKG_CONFIG_PATH := $(if $(PKG_CONFIG_PATH),$(PKG_CONFIG_PATH):)$(CURDIR)/Sources/CMongoC/pkg-config

# The flag that a terminal implies, always: a run whose output goes to a file would build everything anew otherwise.
BUILD := swift build -Xswiftc -color-diagnostics

UNIT_TESTS := LogTests EventLoopTests HTTP1Tests MongoClientTests RatingsServiceTests RatingsDatabaseTests ToolTests
# `make test TESTS=HTTP1Tests`, and the same for test-debian13
TESTS ?= $(UNIT_TESTS) IntegrationTests Examples MeshTests

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' Makefile

run: swift ## Serve ratings from a real, throw-away MongoDB over TLS (PORT=9080, MONGO_DB_URL=your own)
	@if (exec 3<>/dev/tcp/127.0.0.1/$(PORT)) 2>/dev/null; then \
	    echo "make run: port $(PORT) is taken: something answers there already; choose another, as in PORT=9081" >&2; \
	    exit 1; fi
	@.ci/install-packages build run
	@[[ -n "$$MONGO_DB_URL" ]] || .ci/fetch-tools mongod
	@echo "make run: building (a minute the first time, seconds after that) ..."
	@$(BUILD) -c release --product ratings
	@$(BUILD) -c release --product ratings-local
	@exec .build/release/ratings-local --service .build/release/ratings --port '$(PORT)'

test: swift ## Run all tests: units, the service against a real mongod, every egress configuration
	@.ci/install-packages build run test mesh
	@.ci/fetch-tools mongod envoy kubectl kubernetes-validate pytest
	@.ci/test $(TESTS)

lint: swift ## Check formatting, shell, YAML, Dockerfile and manifests
	@.ci/install-packages lint
	@.ci/fetch-tools mongod hadolint kubectl kubernetes-validate
	@.ci/lint

bench: swift ## Measure requests/s and latency beside a pooled node-mongodb service and the bare driver (2 minutes)
	@.ci/install-packages build run bench
	@.ci/fetch-tools mongod
	@$(BUILD) -c release --product ratings
	@$(BUILD) -c release --product ratings-bench
	@exec .build/release/ratings-bench --ratings .build/release/ratings

image: ## Build the container image (IMAGE=ratings:v2) with docker, podman or buildah
	@.ci/build-image "$(IMAGE)"

test-debian13: ## Prove `make run` and `make test` on a fresh, minimal Debian 13 in .cache
	@.ci/install-packages debian13
	@.ci/test-debian13 test 'TESTS=$(TESTS)'

test-image: ## Run the image's files as a pod would, in the Debian 13 of test-debian13 (root)
	@.ci/install-packages debian13 image
	@.ci/test-image

test-image-build: ## Build the Dockerfile itself with buildah on base images made here, twice, and compare (root)
	@.ci/install-packages debian13 image image-build
	@.ci/test-image-build

sanitize: swift ## Run unit and integration tests under the thread sanitizer, then the address sanitizer with leaks
	@.ci/install-packages build run test
	@.ci/fetch-tools mongod
	@.ci/sanitize $(UNIT_TESTS) IntegrationTests

fuzz: swift ## Fuzz the HTTP parser, the JSON validator and the connection string for a minute
	@.ci/install-packages build run
	@.ci/fuzz

# As it stands, dollar signs and all.
mesh: export MESH_EXEC := $(value EXEC)
mesh: swift ## Show one egress configuration at work (CONFIG=tls-gateway-mtls, KEEP=1, EXPLAIN=1, BREAK=gateway-down, EXEC=…), or list them
	@.ci/install-packages build run mesh
	@.ci/fetch-tools mongod envoy kubectl
	@$(BUILD) -c release --product ratings
	@$(BUILD) -c release --product mesh
	@exec .build/release/mesh run $(if $(KEEP),--keep) $(if $(EXPLAIN),--explain) $(if $(BREAK),--break '$(BREAK)') $(if $(value EXEC),--exec "$$MESH_EXEC") $(CONFIG)

test-mesh: swift ## Run every egress configuration with assertions and print the matrix
	@.ci/install-packages build run mesh
	@.ci/fetch-tools mongod envoy kubectl
	@.ci/test MeshTests

test-mesh-checks: swift ## Show that each check of the mesh can fail: change the world around it (10 minutes)
	@.ci/install-packages build run mesh
	@.ci/fetch-tools mongod envoy kubectl
	@$(BUILD) -c release --product ratings
	@$(BUILD) -c release --product mesh
	@exec .build/release/mesh mutate

bench-mesh: swift ## Measure what each way out of the mesh costs
	@.ci/install-packages build run mesh
	@.ci/fetch-tools mongod envoy kubectl
	@$(BUILD) -c release --product ratings
	@$(BUILD) -c release --product mesh
	@exec .build/release/mesh bench

clean: ## Remove what was built; downloads in .cache stay
	rm -rf .build .build-*

swift:
	@.ci/install-swift
