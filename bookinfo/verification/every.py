"""All configurations, one after the other: each is applied, verified and deleted, and `blocked` comes last and stays."""

from __future__ import annotations

import re

from . import expectations, kubectl, traffic
from .report import Progress, Report, Untried
from .run import checked_values, verify
from .state import Options

FLOOR = "blocked"


def run(options: Options, is_printed: bool, progress: Progress) -> list[Report]:
    """Verifies all.

    Raises:
        Untried: one is applied already, which would be deleted, or the cluster does not answer.
    """
    values = checked_values("")
    names = [name for name in expectations.names() if name != FLOOR] + [FLOOR]
    try:
        for name in names[:-1]:
            folder = expectations.load(name, values).folder
            if is_applied(folder):
                raise Untried(f"{name} is applied, and --all deletes what it verifies: kubectl delete -k {folder}")
        kubectl.run("apply", "-k", str(expectations.load(FLOOR, values).folder))
        url = traffic.ratings_check(values["namespace"])
    except kubectl.KubectlError as error:
        raise Untried(str(error)) from error
    reports = []
    # What is left of one would decide how the next ones end.
    left = ""
    for name in names:
        report = Report(name, is_printed)
        reports.append(report)
        report.untried = left or misfit(expectations.load(name, values), values, url)
        if not report.untried:
            left = one(name, options, report, progress)
        report.finish()
    return reports


def is_applied(folder: object) -> bool:
    """Whether an object of it is in the cluster; a kind that the cluster does not know is not."""
    try:
        return bool(kubectl.run("get", "-k", str(folder), "--ignore-not-found", "-o", "name").strip())
    except kubectl.KubectlError as error:
        if "no matches for kind" in str(error) or "resource mapping not found" in str(error):
            return False
        raise


def one(name: str, options: Options, report: Report, progress: Progress) -> str:
    """Applies, verifies, and deletes, also when something goes wrong in between.

    Returns:
        Why it could not be deleted; empty where it was.
    """
    left = ""
    folder = str(expectations.FILE.parent / name)
    try:
        try:
            kubectl.run("apply", "-k", folder)
        except kubectl.KubectlError as error:
            report.untried = f"can't be applied: {error}"
        else:
            verify(name, options, report, progress)
    finally:
        if name != FLOOR:
            progress.say(f"deleting {name}")
            try:
                kubectl.run("delete", "-k", folder, "--ignore-not-found")
            except kubectl.KubectlError as error:
                left = f"{name} can't be deleted: {error}"
    return left


def misfit(configuration: expectations.Configuration, values: dict, ratings_check: str) -> str:
    """Why MONGO_DB_URL, as `ratings check` tells of it without the password, does not fit; empty where it does."""
    row = re.search(r"^✓ connection string +(\S+?)(, TLS)?(?:, | {2}|$)", ratings_check, re.M)
    if row is None:
        return ""
    hosts = {place.partition(":")[0] for place in row[1].split(",")}
    has_tls = bool(row[2])
    if configuration.is_open and configuration.tls != has_tls and not configuration.plain:
        return f"needs a URL {'with' if configuration.tls else 'without'} TLS: bookinfo/platform/mongodb-url {configuration.name}"
    if configuration.is_open and configuration.hosts == "host" and values["host"] not in hosts:
        return f"needs a URL with the host {values['host']}: bookinfo/platform/mongodb-url {configuration.name}"
    if configuration.hosts == "members" and not hosts & set(values["members"]):
        return f"needs a URL with the replica set's members: bookinfo/platform/mongodb-url {configuration.name}"
    return ""


def summary(reports: list[Report]) -> list[str]:
    """One line per configuration, and a last one."""
    counts = {verdict: sum(report.verdict == verdict for report in reports) for verdict in ("pass", "FAIL", "untried")}
    return ["", *(report.last_line() for report in reports), "all: " + ", ".join(f"{count} {verdict}" for verdict, count in counts.items())]
