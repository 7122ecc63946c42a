#!/bin/sh
# Run by the mongo image on its first start, for bookinfo/platform/kube/components/mongodb: the same scripts, against the
# server on loopback that the image's entry point has started and that asks for no password yet.
set -eu
for step in create-user create-ratings; do
    MONGODB_LOCAL=true mongosh --quiet --norc "mongodb://127.0.0.1:27017/test" \
        --file /etc/bookinfo-database/connection.js --file "/etc/bookinfo-database/$step.js"
done
