"""Ratings' own pods: new ones, each with a sidecar that knows no way but those that are configured."""

from __future__ import annotations

from . import evidence, kubectl, outbound, pods, rollout
from .report import Timer
from .state import PROXY, State, Stop


def find_pods(state: State) -> None:
    """New pods, or with --no-restart those that are there, each with a sidecar."""
    if state.options.restart:
        state.progress.say("restarting ratings-v2, so that it connects anew")
        timer = Timer(state.options.timeout)
        before = [pod.name for pod in pods.select(state.namespace, rollout.SELECTOR)]
        problem = rollout.restart(state.namespace, state.progress, timer)
        if problem:
            fail_sidecar(state, problem)
        rollout.wait_for_end(state.namespace, before, timer)
        state.pods = [pod for pod in pods.select(state.namespace, rollout.SELECTOR) if pod.name not in before]
    else:
        state.pods = pods.select(state.namespace, rollout.SELECTOR)
    if not state.pods:
        fail_sidecar(state, f"there is no pod with {rollout.SELECTOR} in {state.namespace}")
    for pod in state.pods:
        if PROXY not in pod.containers:
            state.report.fail(
                "sidecar", f"a container {PROXY} in each pod of ratings-v2", f"pod {pod.name} has {', '.join(pod.containers)}",
                cause=f"pod {pod.name} has no sidecar, so nothing governs where it connects to",
                advice=f"kubectl label namespace {state.namespace} istio-injection=enabled, then restart ratings-v2")
            raise Stop
        if not pod.is_ready:
            fail_sidecar(state, pod.problem())
    state.begins = evidence.since(state.pods, state.changed)


def fail_sidecar(state: State, problem: str) -> None:
    state.report.fail(
        "ratings-v2", "ready pods, each with a sidecar", problem, cause=f"ratings-v2 is not ready: {problem}",
        advice=f"kubectl -n {state.namespace} describe pods -l {rollout.SELECTOR}")
    raise Stop


def look_beyond(state: State) -> None:
    """REGISTRY_ONLY is in force: the configuration opens the only way, not one of many."""
    for pod in state.pods:
        try:
            cluster = outbound.beyond(pod, state.configuration.proxies["sidecar"])
        except kubectl.KubectlError as error:
            cluster = f"not to be seen: {error}"
        if cluster == outbound.BLACK_HOLE:
            state.report.ok("what no configuration names", f"the sidecar of {pod.name} sends it to {cluster}")
        else:
            state.report.fail(
                "what no configuration names", f"the sidecar of {pod.name} sends it to {outbound.BLACK_HOLE}", cluster,
                cause="the sidecar lets out what no configuration names: ALLOW_ANY is in force"
                if cluster == "PassthroughCluster" else "",
                advice="kubectl apply -k bookinfo/egress/blocked; kubectl get sidecars -A")
