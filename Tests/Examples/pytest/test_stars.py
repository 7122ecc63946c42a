"""What a client of ratings does with good and bad answers. Run it by:

ratings-local exec --ratings 5,4 -- pytest Tests/Examples/pytest
"""

import json
import os
import subprocess
import time
import urllib.error
import urllib.request

import pytest


def stars_of(product):
    """The code under test: the stars of a book, none where ratings fails."""
    try:
        with urllib.request.urlopen(f"{os.environ['RATINGS_URL']}/ratings/{product}", timeout=3) as answer:
            return list(json.load(answer)["ratings"].values())
    except urllib.error.HTTPError as error:
        assert json.load(error) == {"error": "could not connect to ratings database"}
        return []


@pytest.fixture
def fault():
    """Makes a fault of the database, which ends with the test."""

    def make(name, *options):
        subprocess.run(["ratings-local", "fault", name, *options], check=True)

    yield make
    make("none")


def test_stars():
    assert stars_of(0) == [5, 4]


def test_no_stars_without_a_database(fault):
    fault("certificateExpired")
    assert stars_of(0) == []


def test_stars_of_a_slow_database(fault):
    fault("slow", "--latency", "300ms")
    start = time.monotonic()
    assert stars_of(0) == [5, 4]
    assert time.monotonic() - start >= 0.3
