# The ratings service on Debian bookworm, with nothing in the last stage but the binary and what it links to.
# Another registry or a pinned digest: --build-arg BUILD_IMAGE=… --build-arg RUN_IMAGE=…
ARG BUILD_IMAGE=docker.io/library/swift:6.3-bookworm
ARG RUN_IMAGE=docker.io/library/debian:bookworm-slim

FROM ${BUILD_IMAGE} AS build
# bookworm's libmongoc and libuv are what the code is written against, so their versions are the distribution's.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libmongoc-dev libuv1-dev pkg-config \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY Package.swift ./
COPY Sources Sources
COPY Tests Tests
RUN swift build -c release --static-swift-stdlib --product ratings \
    && install -D -m 755 .build/release/ratings /opt/ratings/ratings \
    && strip /opt/ratings/ratings

FROM ${RUN_IMAGE}
RUN apt-get update \
    && apt-get install -y --no-install-recommends libmongoc-1.0-0 libuv1 ca-certificates \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /opt/ratings /opt/ratings
# A number, since Kubernetes' runAsNonRoot cannot judge a name; and not 1337, which is the sidecar's.
USER 1000
# libmongoc keeps counters in /dev/shm, which a read-only container may not have.
ENV MONGOC_DISABLE_SHM=1
EXPOSE 9080
# As the original's `node /opt/microservices/ratings.js 9080`.
CMD ["/opt/ratings/ratings", "9080"]
