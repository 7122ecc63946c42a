# The ratings service on Debian 13: nothing in the image but the binary, what it loads, and the lists of what that is.
#
# The base images come by tag, since digests are had from a registry only: --build-arg BUILD_IMAGE=…@sha256:… pins one. Packages
# are those that Debian 13 has on the day of the build; with --build-arg MIRROR=http://snapshot.debian.org/archive/debian/DATE
# they are those of that date. The image's own list says which they were: /usr/share/doc/ratings/sbom.cdx.json.
ARG BUILD_IMAGE=docker.io/library/debian:trixie-slim
ARG RUN_IMAGE=docker.io/library/debian:trixie-slim

FROM ${BUILD_IMAGE} AS build
ARG MIRROR=
COPY .ci/image/install-packages .ci/image/build-packages /image/
RUN /image/install-packages /image/build-packages "$MIRROR"
# Package.swift and the service's sources: .dockerignore leaves out what the binary is not made of.
COPY . /context
# SwiftPM's folder is kept where the builder keeps caches: what changed is found by content.
RUN --mount=type=cache,target=/src,sharing=locked /context/.ci/image/build-in-cache /context /src /opt/ratings

FROM ${RUN_IMAGE} AS files
ARG MIRROR=
COPY .ci/image/install-packages .ci/image/run-packages /image/
RUN /image/install-packages /image/run-packages "$MIRROR"
COPY .ci/image/assemble .ci/image/bill-of-materials /image/
COPY --from=build /opt/ratings /opt/ratings
ARG SOURCE_DATE_EPOCH=0
RUN /image/assemble /opt/ratings /root-of-image

FROM scratch
ARG RUN_IMAGE
ARG SOURCE=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="ratings" \
      org.opencontainers.image.description="Bookinfo's ratings v2: ratings from a MongoDB database" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="v2-1.0.0" \
      org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="${RUN_IMAGE}"
COPY --from=files /root-of-image /
# Numbers, since Kubernetes' runAsNonRoot cannot judge a name, with a group of its own; and not 1337, which is the sidecar's.
USER 1000:1000
# libmongoc keeps counters in /dev/shm, which a read-only container may not have. Swift's backtracer is not in the image.
ENV MONGOC_DISABLE_SHM=1 SWIFT_BACKTRACE=enable=no
# For `kubectl exec … -- ratings check`.
ENV PATH=/opt/ratings
EXPOSE 9080
# As the original's `node /opt/microservices/ratings.js 9080`.
CMD ["/opt/ratings/ratings", "9080"]
