"""The command line of bookinfo/verify."""

from __future__ import annotations

import argparse
import sys
import textwrap

from . import every, expectations, run, state
from .report import Progress, Report, Untried, print_json

USAGE = """bookinfo/verify CONFIGURATION, or bookinfo/verify --all"""

DESCRIPTION = """\
Says whether an egress configuration does on a live cluster what it is meant to do.

It compares what is applied with what is rendered, restarts ratings-v2 (a pooled connection of before would go the way of
before), asks ratings from the reviews pod as reviews does, restarts it once more (Envoy writes a TCP connection's line when
the connection closes), and looks for the lines that prove the way in the proxies' access logs. What it expects stands in
egress/expectations.json, the database's values in egress/parameters.
"""

EPILOGUE = """\
configurations:
{names}

The last line says pass, FAIL, or untried and why. Without blocked beneath, a way is not the only one, and the verdict is FAIL.
Ends with 0 when all is as expected, 1 when it is not, 2 when it could not be tried.
"""


class Parser(argparse.ArgumentParser):
    """argparse, with complaints as the rest of verify has them."""

    def error(self, message: str) -> None:  # type: ignore[override]
        print(f"verify: {message}", file=sys.stderr)
        sys.exit(2)


def seconds(text: str) -> float:
    """A number of seconds that can be waited."""
    if not text.isdigit():
        raise argparse.ArgumentTypeError("needs a number of seconds")
    return float(text)


def arguments(words: list[str]) -> argparse.Namespace:
    """Parses the command line; ends the program where it can't."""
    names = textwrap.fill(
        ", ".join(expectations.names()), 100, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)
    parser = Parser(
        prog="verify", usage=USAGE, description=DESCRIPTION, epilog=EPILOGUE.format(names=names), allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("configuration", nargs="?", help="one of those below")
    parser.add_argument(
        "--all", action="store_true", help="apply, verify and delete each configuration in turn; blocked comes last and stays")
    parser.add_argument(
        "--negative", action="store_true",
        help="also try what must not get through: a pod without a sidecar (made for it, and removed), and for blocked another "
        "identity, which the configurations with a policy try always")
    parser.add_argument(
        "--no-restart", action="store_true", help="leave ratings-v2 alone; connections that are still open have no line yet")
    parser.add_argument(
        "--timeout", type=seconds, default=60.0, metavar="S", help="how long to wait for each step, 60 unless given")
    parser.add_argument("--json", action="store_true", help="print the result as one JSON document")
    parsed = parser.parse_args(words)
    if parsed.all == bool(parsed.configuration):
        parser.error(f"name one configuration, or --all; there are: {', '.join(expectations.names())}")
    if parsed.configuration and parsed.configuration not in expectations.names():
        parser.error(f"no configuration '{parsed.configuration}'; there are: {', '.join(expectations.names())}")
    return parsed


def main(words: list[str]) -> int:
    """Runs it; returns the exit status."""
    parsed = arguments(words)
    options = state.Options(restart=not parsed.no_restart, timeout=parsed.timeout, negative=parsed.negative)
    progress = Progress()
    try:
        if parsed.all:
            return verify_all(options, parsed.json, progress)
        report = Report(parsed.configuration, not parsed.json)
        run.verify(parsed.configuration, options, report, progress)
        report.finish()
        if parsed.json:
            print_json(report.as_json())
        return report.status
    except KeyboardInterrupt:
        print("verify: interrupted", file=sys.stderr)
        return 130


def verify_all(options: state.Options, is_json: bool, progress: Progress) -> int:
    """`--all`: 1 when one fails, else 2 when one could not be tried."""
    try:
        reports = every.run(options, not is_json, progress)
    except Untried as error:
        print(f"verify: {error}", file=sys.stderr)
        return 2
    if is_json:
        print_json({"configurations": [report.as_json() for report in reports]})
    else:
        print(*every.summary(reports), sep="\n")
    statuses = {report.status for report in reports}
    return next((status for status in (1, 2) if status in statuses), 0)
