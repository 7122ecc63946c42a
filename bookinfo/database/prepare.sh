#!/bin/sh
# Makes the users and the ratings of the in-cluster MongoDB (bookinfo/platform/kube/components/mongodb), in an init container
# before the server itself: with a mongod of its own on loopback that asks for no password yet. Every start repeats it, so
# a start that failed is made good by the next, and a changed password in the Secret is taken over. It ends with another
# status than 0, and with a line that says why, where a step failed; the server does not start then.
set -eu
folder=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
data=${MONGOD_DATA:-/data/db}
port=${MONGOD_PORT:-27017}
log=$(mktemp)

stop() {
    kill "$server" 2>/dev/null || return 0
    wait "$server" || true
}
mongod --dbpath "$data" --bind_ip 127.0.0.1 --port "$port" --nounixsocket --quiet >"$log" 2>&1 &
server=$!
trap 'stop; rm -f "$log"' EXIT
trap 'exit 1' INT TERM

tries=0
until grep -q '"Waiting for connections"' "$log"; do
    tries=$((tries + 1))
    if ! kill -0 "$server" 2>/dev/null || [ "$tries" -ge 600 ]; then
        echo "prepare: mongod does not start on $data; what its log says of it:" >&2
        grep '"s":"[EF]"' "$log" >&2 || tail -n 5 "$log" >&2
        exit 1
    fi
    sleep 0.2
done
MONGODB_LOCAL=true mongosh --quiet --norc "mongodb://127.0.0.1:$port/test" --file "$folder/connection.js" \
    --file "$folder/create-admin.js" --file "$folder/create-user.js" --file "$folder/create-ratings.js" || {
    echo "prepare: failed; the line above says why. Correct it (a password: the Secret mongodb-passwords), then" \
        "kubectl delete pod mongodb-v1-0: the next start tries again" >&2
    exit 1
}
