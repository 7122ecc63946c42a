"""Others than ratings-v2: another identity, and a pod without a sidecar (`--negative`)."""

from __future__ import annotations

import json
from functools import partial
from typing import Iterator

import cluster
import facts

from . import in_process, scenario
from .case import Case, check, fails, passes, whole

MUTUAL = [name for name, entry in scenario.ENTRIES.items() if entry["mutualTLS"]]
CLOSED, SILENCE, UNREACHABLE, ANSWERED = (
    "status 0 bytes ", "status 124 bytes ", "status 7 bytes ", "status 0 bytes  16 03 03 00 5a")
HELD = {
    "apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "egress-through-the-mesh-only"},
    "spec": {"podSelector": {}, "policyTypes": ["Egress"], "egress": []},
}
# As the manual has it, and two that leave ratings or the pod without a sidecar alone.
SELECTORS: dict[str, tuple[dict, bool]] = {
    "all but the Gateway API's gateways": (
        {"matchExpressions": [{"key": "gateway.networking.k8s.io/gateway-name", "operator": "DoesNotExist"}]}, True),
    "details only": ({"matchLabels": {"app": "details"}}, False),
    "all but ratings": ({"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["ratings"]}]}, False),
}


def cases() -> Iterator[Case]:
    """All of them."""
    for name in scenario.MUTUAL_TLS_ONLY:
        yield from identity(name)
    for name in scenario.NAMES:
        yield passes(f"{name} --negative", partial(negative, name), name, "--negative")
    yield whole("tls-gateway-mtls --negative", "others/tls-gateway-mtls-negative", 0, partial(negative, "tls-gateway-mtls"),
                "tls-gateway-mtls", "--negative")
    yield whole("blocked --negative", "others/blocked-negative", 0, partial(negative, "blocked"), "blocked", "--negative")
    yield whole("tls --negative without a NetworkPolicy", "others/tls-negative-without-network-policy", 0,
                partial(scenario.right, "tls"), "tls", "--negative")
    for which, (selector, holds) in SELECTORS.items():
        yield policy_of(which, selector, holds)
    yield blocked_lets_others_out()
    yield from without_sidecar()
    yield removed()


# Another identity.


def identity(name: str) -> Iterator[Case]:
    """reviews-v3 tries ratings' way."""
    proxy = scenario.GATEWAY_OF[name]
    who = "default/bookinfo-reviews"

    def make(output: str, line: str) -> cluster.Cluster:
        made = scenario.right(name)
        made.identity = (output, line)
        return made

    through = f"{proxy}: {facts.lines(name, {'port': '443'})[-1][1]}"
    cause = f"{who} gets through to mongo.example.com"
    yield fails(
        f"{name}: another identity gets through", partial(make, ANSWERED, through), name, reason=cause,
        checks=[check("another identity", f"{who} is refused", "an answer came back (16 03 03 00 5a)", cause,
                      "compare the AuthorizationPolicy with the one that is rendered, and REGISTRY_ONLY in the namespace")])
    cause = f"{who} gets nothing, and no line of the gateway says that a policy stops it"
    for output, what in ((CLOSED, "closed without an answer"), (SILENCE, "silence"), (UNREACHABLE, "no connection")):
        yield fails(
            f"{name}: another identity and {what}, but no policy", partial(make, output, ""), name, reason=cause,
            checks=[check("another identity", f"a line of the gateway that a policy refuses {who}",
                          f"{what}, and no such line", cause)])
    yield fails(
        f"{name}: no bash in reviews", partial(make, "sh: bash: not found", ""), name,
        reason="another identity: the container reviews can't: sh: bash: not found",
        checks=[check("another identity", f"{who} tries it", "the container reviews can't: sh: bash: not found")])

    def nobody() -> cluster.Cluster:
        made = scenario.right(name)
        reviews = made.select("default", "app=reviews,version=v3")[0]
        next(one for one in reviews["status"]["conditions"] if one["type"] == "Ready")["status"] = "False"
        return made

    yield fails(
        f"{name}: no ready pod of reviews", nobody, name, reason="another identity: none",
        checks=[check("another identity", "a ready pod of reviews-v3 to try it from", "none")])


# --negative.


def negative(name: str) -> cluster.Cluster:
    """A NetworkPolicy holds all pods, and a gateway with mutual TLS closes what has no certificate."""
    made = scenario.right(name)
    made.apply([HELD])
    made.without_sidecar = [(SILENCE, "")] + ([(CLOSED, "")] if name in MUTUAL else [])
    return made


def policy_of(which: str, selector: dict, holds: bool) -> Case:
    """A NetworkPolicy is gone by where it holds ratings and the pod without a sidecar, and only there."""

    def see() -> list[str]:
        made = scenario.right("tls")
        made.apply([{**HELD, "spec": {**HELD["spec"], "podSelector": selector}}])
        made.without_sidecar = [(SILENCE, "")]
        checks = json.loads(in_process.run(made, "tls", "--negative", "--json").output)["checks"]
        return [one["check"] for one in checks if one["check"].startswith("a pod without")]

    return Case(
        f"tls --negative with a NetworkPolicy for {which}",
        ["a pod without a sidecar, straight to the database"] if holds else [], see)


def blocked_lets_others_out() -> Case:
    """Another pod of the namespace reaches the database while ratings does not."""

    def make() -> cluster.Cluster:
        made = negative("blocked")
        made.identity = (ANSWERED, "")
        return made

    cause = "default/bookinfo-reviews gets through to mongo.example.com"
    return fails(
        "blocked --negative: another identity gets through", make, "blocked", "--negative", reason=cause,
        checks=[check("another identity", "default/bookinfo-reviews is refused", "an answer came back (16 03 03 00 5a)", cause,
                      "compare the AuthorizationPolicy with the one that is rendered, and REGISTRY_ONLY in the namespace")])


def without_sidecar() -> Iterator[Case]:
    """The pod gets through, to the database or through the gateway, or can't try."""
    advice = "bookinfo/README.md, Past the sidecar; the cluster's network must enforce NetworkPolicies"
    name = "tls-gateway-mtls"
    gateway = "istio-egressgateway.istio-system.svc:443"

    def make(*outcomes: tuple[str, str]) -> cluster.Cluster:
        made = negative(name)
        made.without_sidecar = list(outcomes)
        return made

    cause = "a pod without a sidecar gets through to mongo.example.com:27017"
    yield fails(
        f"{name} --negative: straight to the database", partial(make, (ANSWERED, ""), (CLOSED, "")), name, "--negative",
        reason=cause,
        checks=[check("a pod without a sidecar, straight to the database", "nothing comes back from mongo.example.com:27017",
                      "an answer came back (16 03 03 00 5a)", cause, advice)])
    cause = f"a pod without a sidecar gets through to {gateway}"
    line = f"egress-gateway: {facts.lines(name, {'port': '443'})[1][1]}"
    yield fails(
        f"{name} --negative: through the gateway", partial(make, (SILENCE, ""), (ANSWERED, line)), name, "--negative",
        reason=cause,
        checks=[check("a pod without a sidecar, to the gateway", f"nothing comes back from {gateway}",
                      "an answer came back (16 03 03 00 5a)", cause, advice)])
    # With mutual TLS the gateway sends its certificate before it asks for one: an answer, and no way through.
    yield passes(
        f"{name} --negative: the gateway's certificate only", partial(make, (SILENCE, ""), (ANSWERED, "")), name, "--negative")

    def dead() -> cluster.Cluster:
        made = make()
        made.faults.add("probe fails")
        return made

    seen = "pod verify-without-sidecar is not ready (probe: not started): no output"
    yield fails(
        f"{name} --negative: the pod can't try", dead, name, "--negative",
        reason=f"a pod without a sidecar, straight to the database: {seen}",
        checks=[check("a pod without a sidecar, straight to the database", "the pod tries it", seen)])


def removed() -> Case:
    """The pod is gone afterwards, and one left by an interrupted run was removed before."""

    def see() -> dict:
        made = negative("tls-gateway-mtls")
        ended = in_process.run(made, "tls-gateway-mtls", "--negative")
        verbs = [call[call.index("-n") + 2] if call[0] == "-n" else call[0] for call in made.calls]
        return {"status": ended.status, "left": made.probe, "made": verbs.count("create"), "removed": [
            call[2:] for call in made.calls if "delete" in call]}

    return Case("--negative removes its pod", {
        "status": 0, "left": None, "made": 1, "removed": [
            ["delete", "pod", "verify-without-sidecar", "--ignore-not-found"],
            ["delete", "pod", "verify-without-sidecar", "--ignore-not-found", "--wait=false"]],
    }, see)
