#!/usr/bin/env bash
# What a client of ratings does with good and bad answers. Run it by:
#   ratings-local exec --ratings 5,4 -- Tests/Examples/shell/stars.sh
set -euo pipefail

# The code under test: prints the first reviewer's stars, or a dash where there are none.
stars_of() { # product
    local answer
    answer=$(curl --silent --fail --max-time 3 "$RATINGS_URL/ratings/$1") || {
        echo -
        return
    }
    sed -E 's/.*"Reviewer1":([0-9.]+).*/\1/' <<<"$answer"
}

expect() { # name expected actual
    if [[ $2 != "$3" ]]; then
        echo "FAILED: $1: expected '$2', got '$3'"
        exit 1
    fi
    echo "passed: $1"
}

expect "stars of a book" 5 "$(stars_of 0)"
ratings-local fault refused
expect "no stars without a database" - "$(stars_of 0)"
ratings-local fault none
expect "stars again" 5 "$(stars_of 0)"
