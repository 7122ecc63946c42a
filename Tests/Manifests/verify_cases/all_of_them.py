"""`--all`: each configuration is applied, verified and deleted, and blocked stays."""

from __future__ import annotations

import json
from functools import partial
from typing import Callable, Iterator

import cluster
import facts

from . import in_process, scenario
from .case import Case, whole

UNFIT = {
    "tls-origination": "untried tls-origination: needs a URL without TLS: bookinfo/platform/mongodb-url tls-origination",
    "replica-set": "untried replica-set: needs a URL with the replica set's members: bookinfo/platform/mongodb-url replica-set",
}
FIT = [name for name in scenario.NAMES if name not in UNFIT]


def cases() -> Iterator[Case]:
    """All of them."""
    yield whole("--all", "all/all", 2, everything, "--all")
    yield verdicts()
    missing = (
        "can't be applied: error: resource mapping not found for name: \"mongo-from-gateway\" namespace: \"default\" from "
        '"bookinfo": no matches for kind "TLSRoute" in version "gateway.networking.k8s.io/v1"')
    yield summary("--all where the Gateway API is missing", without_gateway_api, 2, "10 pass, 0 FAIL, 4 untried", {
        "gateway-api-tls-gateway": f"untried gateway-api-tls-gateway: {missing}",
        "gateway-api-tls-gateway-mtls": f"untried gateway-api-tls-gateway-mtls: {missing}"})
    yield summary("--all where one way leads past its gateway", one_fails, 1, "11 pass, 1 FAIL, 2 untried", {
        "tls-gateway": "FAIL tls-gateway: sidecar goes by outbound|27017||mongo.example.com, past the configuration"})
    yield whole("--all while one is applied", "all/one-is-applied", 2, partial(scenario.right, "tls-gateway"), "--all")
    yield summary("--all where one can't be applied", partial(with_fault, "refuses tls"), 2, "11 pass, 0 FAIL, 3 untried", {
        "tls": "untried tls: can't be applied: Error from server (Forbidden): serviceentries.networking.istio.io is forbidden"})
    stays = 'tcp can\'t be deleted: Error from server (Forbidden): serviceentries.networking.istio.io "mongo" is forbidden'
    yield summary("--all where nothing can be deleted", partial(with_fault, "no delete"), 2, "1 pass, 0 FAIL, 13 untried", {
        name: f"untried {name}: {stays}" for name in scenario.NAMES if name != "tcp"})
    yield left()
    yield members()


def summary(title: str, make: Callable[[], cluster.Cluster], status: int, counts: str, lines: dict[str, str]) -> Case:
    """The lines after the last empty one: those of `lines`, and all others as with a database of one host and TLS."""
    expected = {name: f"pass {name}" for name in [*(name for name in scenario.NAMES if name != "blocked"), "blocked"]}
    expected.update(UNFIT)
    expected.update(lines)

    def see() -> dict:
        ended = in_process.run(make(), "--all")
        return {"status": ended.status, "lines": ended.output.rpartition("\n\n")[2].splitlines()}

    return Case(title, {"status": status, "lines": [*expected.values(), f"all: {counts}"]}, see)


def verdicts() -> Case:
    """One document with all of them."""

    def see() -> dict:
        document = json.loads(in_process.run(everything(), "--all", "--json").output)
        return {one["configuration"]: one["verdict"] for one in document["configurations"]}

    return Case("--all --json", {
        name: "untried" if name in UNFIT else "pass" for name in scenario.NAMES}, see)


def everything() -> cluster.Cluster:
    """A cluster in which every configuration takes effect once it is applied."""
    made = scenario.base()
    for name in ("gateway-api-tls-gateway", "tls-wildcard-sni-proxy"):
        scenario.apply(made, name)
        made.delete(scenario.rendered(name))
    made.start("ratings", "10.244.1.155", seconds=-290, suffix="vk6dj")
    made.way = scenario.way("blocked")
    for name in scenario.NAMES:
        proxy = scenario.GATEWAY_OF.get(name)
        made.effects[name] = (scenario.way(name), {proxy: facts.listeners(name)} if proxy else {})
    # The policy's lines of both gateways look alike but for the policy's name.
    made.identity = (scenario.OTHER_REFUSED, "")
    made.identities = {name: scenario.policy_line(name) for name in scenario.MUTUAL_TLS_ONLY}
    return made


def without_gateway_api() -> cluster.Cluster:
    made = everything()
    made.unknown_kinds.add("TLSRoute")
    return made


def one_fails() -> cluster.Cluster:
    """tls-gateway's connections go past the gateway."""
    made = everything()
    made.effects["tls-gateway"] = (scenario.way("tls"), made.effects["tls-gateway"][1])
    return made


def with_fault(name: str) -> cluster.Cluster:
    made = everything()
    made.faults.add(name)
    return made


def left() -> Case:
    """What is applied afterwards, and in which order all were."""

    def see() -> dict:
        made = everything()
        in_process.run(made, "--all")
        names = [call[2].rpartition("/")[2] for call in made.calls if call[:2] == ["apply", "-k"]]
        gone = [call[2].rpartition("/")[2] for call in made.calls if call[:2] == ["delete", "-k"]]
        kept = sorted(live["kind"] for live in made.objects if "istio.io" in live["apiVersion"])
        return {"applied": names, "deleted": gone, "left": kept}

    order = [name for name in FIT if name != "blocked"]
    return Case("--all leaves blocked", {
        "applied": ["blocked", *order, "blocked"], "deleted": order, "left": ["Sidecar"]}, see)


def members() -> Case:
    """A URL with the replica set's members fits replica-set alone."""

    def see() -> dict:
        made = everything()
        made.url = "mongodb1.example.com:27017,mongodb2.example.com:27017,mongodb3.example.com:27017"
        found = json.loads(in_process.run(made, "--all", "--json").output)["configurations"]
        return {one["configuration"]: one["reason"] for one in found if one["verdict"] == "untried"}

    return Case("--all with a URL of a replica set", {
        **{name: f"needs a URL with the host mongo.example.com: bookinfo/platform/mongodb-url {name}" for name in FIT if name != "blocked"},
        "tls-origination": "needs a URL without TLS: bookinfo/platform/mongodb-url tls-origination"}, see)
