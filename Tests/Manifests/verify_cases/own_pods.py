"""ratings-v2's own pods: their sidecars, their logs, and what is older than they are."""

from __future__ import annotations

from datetime import datetime, timezone
from functools import partial
from typing import Iterator

import cluster
import connections
import facts

from . import scenario
from .case import Case, check, fails, passes, whole

DESCRIBE = "kubectl -n default describe pods -l app=ratings,version=v2"
NO_LOG = "{} has written no line since: its access log is off, or not in Istio's text format"
NO_LINE = "no line of such a connection"
TURN_ON = "kubectl apply -k bookinfo/access-logs"


def cases() -> Iterator[Case]:
    """All of them."""
    for name in scenario.NAMES:
        yield from sidecar(name)
        yield no_access_logs(name)
        yield from pod_before(name)
        yield allow_any(name)
        yield no_listener(name)
    yield whole("no access logs, all of it", "own-pods/no-access-logs", 1, partial(without_logs, "tls-gateway"), "tls-gateway")
    yield whole(
        "the connections of --no-restart are still open", "own-pods/still-open", 1, partial(scenario.right, "tls-gateway"),
        "tls-gateway", "--no-restart")
    yield whole(
        "a pod of before the change, without a new one", "own-pods/older-than-the-change", 1, older_than_the_change,
        "tls-gateway", "--no-restart")
    yield whole("a gateway without access logs", "own-pods/no-gateway-log", 1, without_gateway_log, "tls-gateway")
    yield passes("lines of a status are no change of the configuration", partial(scenario.right, "tls"), "tls", "--timeout", "5")


def sidecar(name: str) -> Iterator[Case]:
    """Missing, or a container that is not ready."""

    def make(trouble: str) -> cluster.Cluster:
        made = scenario.right(name)
        made.trouble = trouble
        return made

    new = scenario.new_pod(name)
    cause = f"pod {new} has no sidecar, so nothing governs where it connects to"
    yield fails(
        f"{name}: no sidecar", partial(make, "no sidecar"), name, reason=cause,
        checks=[check("sidecar", "a container istio-proxy in each pod of ratings-v2", f"pod {new} has ratings", cause,
                      "kubectl label namespace default istio-injection=enabled, then restart ratings-v2")])
    for trouble, why in (
        ("proxy", "istio-proxy: runs, and its readiness probe fails"), ("ratings", "ratings: ImagePullBackOff: Back-off pulling image"),
    ):
        problem = f"pod {new} is not ready ({why})"
        yield fails(
            f"{name}: {trouble} not ready", partial(make, trouble), name, reason=f"ratings-v2 is not ready: {problem}",
            checks=[check("ratings-v2", "ready pods, each with a sidecar", problem, f"ratings-v2 is not ready: {problem}", DESCRIBE)])


def without_logs(name: str) -> cluster.Cluster:
    made = scenario.right(name)
    made.has_access_logs = False
    made.logs.clear()
    return made


def proofs(name: str) -> list[tuple[str, str]]:
    """Proxies and titles of the proofs, from the output in the right state."""
    found = []
    for row in facts.text(f"verify/right/{name}.txt").splitlines():
        if row.startswith("ok   ") and row.endswith(": its line"):
            title = row.removeprefix("ok   ").removesuffix(": its line")
            found.append((title.partition(": ")[0], title))
    return found


def no_access_logs(name: str) -> Case:
    """No proxy writes any."""
    checks = [
        check(title, "a line of a connection of ratings-v2's new pods", NO_LINE, NO_LOG.format(proxy), TURN_ON)
        for proxy, title in proofs(name)]
    if name in scenario.MUTUAL_TLS_ONLY:
        checks.append(check(
            "another identity", "a line of the gateway that a policy refuses default/bookinfo-reviews",
            "closed without an answer, and no such line",
            "default/bookinfo-reviews gets nothing, and no line of the gateway says that a policy stops it"))
    return fails(f"{name}: no access logs", partial(without_logs, name), name, checks=checks, reason=NO_LOG.format("sidecar"))


def without_gateway_log() -> cluster.Cluster:
    """Only the sidecars' are on."""
    made = scenario.right("tls-gateway")
    made.way.lines = [one for one in made.way.lines if one[0] == "sidecar"]
    made.connections.clear()
    return made


def pod_before(name: str) -> Iterator[Case]:
    """The pod before had all the lines, the new one has none of one proxy: nothing is proved, whatever the caller's clock."""
    own = proofs(name)
    for lost in sorted({proxy for proxy, _ in own}):
        if lost == scenario.GATEWAY_OF.get(name):
            gone = {lost, "sni-proxy"}
            yield fails(
                f"{name}: lines of {lost} are of a pod that had the same address", partial(same_address, name), name,
                checks=[check(title, "a line of a connection of ratings-v2's new pods", NO_LINE)
                        for proxy, title in own if proxy in gone],
                reason=next(f"{title}: {NO_LINE}" for proxy, title in own if proxy in gone))
        # nginx's lines are told by those of the Envoy beside it.
        gone = {lost, "sni-proxy"} if lost == "egress-gateway-with-sni-proxy" else {lost}
        for seconds in (0, -120):
            yield fails(
                f"{name}: lines of {lost} are of the pod before" + (", the caller's clock 120 s behind" if seconds else ""),
                partial(only_old_lines, name, lost, seconds), name,
                checks=[check(title, "a line of a connection of ratings-v2's new pods", NO_LINE)
                        for proxy, title in own if proxy in gone],
                reason=next(f"{title}: {NO_LINE}" for proxy, title in own if proxy in gone))


def same_address(name: str) -> cluster.Cluster:
    """The new pod has the address of the one before."""
    made = only_old_lines(name, scenario.GATEWAY_OF[name], 0)
    made.next_address = "10.244.1.155"
    return made


def only_old_lines(name: str, lost: str, seconds: int) -> cluster.Cluster:
    """New connections leave no lines at one proxy."""
    clock = (datetime.now(timezone.utc) - cluster.BEGIN).total_seconds() - seconds if seconds else 0
    made = scenario.right(name, clock)
    made.way.lines = [one for one in made.way.lines if one[0] != lost]
    return made


def older_than_the_change() -> cluster.Cluster:
    """The pod connected while another configuration was applied; its connections are closed by now."""
    made = scenario.right("tls-gateway")
    pod = made.select("default", "app=ratings,version=v2")[0]
    pod["status"]["startTime"] = made.stamp(-400)
    made.connections.clear()
    connections.open_way(made, pod)
    connections.close(made, pod["metadata"]["name"])
    return made


def allow_any(name: str) -> Case:
    """The right configuration in a mesh that lets everything else out, too."""
    advice = "kubectl apply -k bookinfo/egress/blocked; kubectl get sidecars -A"
    new = scenario.new_pod(name)
    if name == "blocked":

        def blocked() -> cluster.Cluster:
            made = scenario.right(name)
            made.way = cluster.Way(facts.lines("faults/passthrough"))
            return made

        cause = "sidecar lets out what no configuration names (PassthroughCluster): ALLOW_ANY is in force"
        return fails(
            "blocked: ALLOW_ANY", blocked, name, reason=cause,
            checks=[check("answer", "500 with could not connect to ratings database",
                          '200 {"id":0,"ratings":{"Reviewer1":1,"Reviewer2":1}}', cause, advice)])

    def make() -> cluster.Cluster:
        made = scenario.right(name)
        chains = made.listeners["sidecar"][0]["filter_chains"]
        chains[-1]["filters"][-1]["typed_config"]["cluster"] = "PassthroughCluster"
        return made

    cause = "the sidecar lets out what no configuration names: ALLOW_ANY is in force"
    return fails(
        f"{name}: ALLOW_ANY", make, name, reason=cause,
        checks=[check("what no configuration names", f"the sidecar of {new} sends it to BlackHoleCluster", "PassthroughCluster", cause, advice)])


def no_listener(name: str) -> Case:
    """The sidecar has nothing for redirected connections: istiod has told it nothing."""
    new = scenario.new_pod(name)

    def make() -> cluster.Cluster:
        made = scenario.right(name)
        made.listeners["sidecar"] = []
        return made

    return fails(
        f"{name}: no listener for everything else", make, name, reason="what no configuration names: no listener virtualOutbound",
        checks=[check("what no configuration names", f"the sidecar of {new} sends it to BlackHoleCluster", "no listener virtualOutbound", None,
                      "kubectl apply -k bookinfo/egress/blocked; kubectl get sidecars -A")])
