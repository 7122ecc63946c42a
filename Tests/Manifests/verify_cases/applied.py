"""What is applied is not what was asked for."""

from __future__ import annotations

import json
from functools import partial
from typing import Callable, Iterator

import api_server
import cluster

from . import in_process, scenario
from .case import Case, check, fails, passes, untried, whole


def cases() -> Iterator[Case]:
    """All of them."""
    for name in scenario.NAMES:
        yield untried(
            f"{name}: not applied", partial(not_applied, name), name,
            reason=f"not applied: kubectl apply -k {scenario.folder(name)}")
        yield one_missing(name)
        yield one_changed(name)
        if name != "blocked":
            yield another(name)
    yield whole(
        "tls-gateway named while tls-gateway-mtls is applied", "applied/tls-gateway-named-while-mtls", 1,
        partial(scenario.right, "tls-gateway-mtls"), "tls-gateway")
    yield whole(
        "tls-gateway-mtls named while tls-gateway is applied", "applied/tls-gateway-mtls-named-while-without", 1,
        partial(scenario.right, "tls-gateway"), "tls-gateway-mtls")
    yield whole(
        "gateway-api-tls-gateway-mtls named while gateway-api-tls-gateway is applied", "applied/gateway-api-named-while-without", 1,
        partial(scenario.right, "gateway-api-tls-gateway"), "gateway-api-tls-gateway-mtls")
    for name in scenario.MUTUAL_TLS_ONLY:
        yield whole(
            f"{name} with its policy for another name", f"applied/{name}-policy-for-another-name", 1,
            partial(edited, name, "AuthorizationPolicy", policy_for_another_name), name)
    yield whole(
        "blocked with ALLOW_ANY in its Sidecar", "applied/blocked-allow-any", 1,
        partial(edited, "blocked", "Sidecar", allow_any), "blocked")
    yield whole(
        "gateway-api-tls-gateway with a second listener", "applied/gateway-api-second-listener", 1,
        partial(applied_with_more, "gateway-api-tls-gateway", "Gateway"), "gateway-api-tls-gateway")
    yield passes(
        "gateway-api-tls-gateway with the defaults of another version", partial(
            edited, "gateway-api-tls-gateway", "Gateway", lambda spec: spec.update(addresses=[])), "gateway-api-tls-gateway")


def differs(name: str, count: int) -> dict:
    """The check that fails."""
    return check(
        "applied", f"the objects that {name} renders", "1 difference" if count == 1 else f"{count} differences",
        f"the cluster holds something else than {name}",
        f"delete what is applied, then kubectl apply -k {scenario.folder(name)}")


def not_applied(name: str) -> cluster.Cluster:
    made = scenario.right(name)
    made.delete(scenario.rendered(name))
    return made


def one_missing(name: str) -> Case:
    """The last of its objects is gone."""
    rendered = scenario.rendered(name)
    if len(rendered) == 1:
        return untried(
            f"{name}: its object missing", partial(not_applied, name), name,
            reason=f"not applied: kubectl apply -k {scenario.folder(name)}")

    def make() -> cluster.Cluster:
        made = scenario.right(name)
        made.delete(rendered[-1:])
        return made

    return fails(
        f"{name}: an object missing", make, name, checks=[differs(name, 1)],
        reason=f"the cluster holds something else than {name}")


def one_changed(name: str) -> Case:
    """Somebody added to one of its objects by hand. Istio's kinds have no defaults, so more than is rendered counts."""

    def make() -> cluster.Cluster:
        made = scenario.right(name)
        istio = [one for one in made.live(scenario.rendered(name)) if one["apiVersion"].split("/")[0].endswith(".istio.io")]
        istio[-1]["spec"]["unknown"] = True
        return made

    return fails(
        f"{name}: an object edited", make, name, checks=[differs(name, 1)],
        reason=f"the cluster holds something else than {name}")


def another(name: str) -> Case:
    """Another configuration has taken its place; they share names, so that not one of the names is missing for some."""
    other = "tls" if name != "tls" else "tcp"

    def make() -> cluster.Cluster:
        made = scenario.right(name)
        made.delete(scenario.rendered(name))
        scenario.apply(made, other)
        made.way = scenario.way(other)
        return made

    def see() -> dict:
        ended = json.loads(in_process.run(make(), name, "--json").output)
        first = ended["checks"][0]
        number = len(first["lines"])
        return {
            "verdict": ended["verdict"], "reason": ended["reason"], "checks": len(ended["checks"]), "check": first["check"],
            "differs": number > 0 and first["seen"] == ("1 difference" if number == 1 else f"{number} differences"),
        }

    return Case(
        f"{name}: {other} is applied", {
            "verdict": "fail", "reason": f"the cluster holds something else than {name}", "checks": 1, "check": "applied",
            "differs": True,
        }, see)


def edited(name: str, kind: str, change: Callable[[dict], None]) -> cluster.Cluster:
    """`kubectl edit` of an object's specification."""
    made = scenario.right(name)
    live = next(one for one in made.live(scenario.rendered(name)) if one["kind"] == kind)
    change(live["spec"])
    api_server.changed(live, made.stamp(-10))
    return made


def policy_for_another_name(spec: dict) -> None:
    spec["rules"][0]["when"][0]["values"] = ["other.example.com"]


def allow_any(spec: dict) -> None:
    spec["outboundTrafficPolicy"]["mode"] = "ALLOW_ANY"


def applied_with_more(name: str, kind: str) -> cluster.Cluster:
    """An older or a changed folder was applied: the annotation of the last apply tells."""
    made = scenario.right(name)
    documents = [dict(one) for one in scenario.rendered(name)]
    for document in documents:
        if document["kind"] == kind:
            document["spec"]["listeners"].append({"name": "more", "port": 8443, "protocol": "TLS"})
    for live in made.live(documents):
        if live["kind"] == kind:
            made.apply([one for one in documents if one["kind"] == kind])
    return made
