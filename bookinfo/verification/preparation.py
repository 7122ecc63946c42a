"""What must be there before ratings-v2 is touched: Bookinfo, this configuration and no other, gateways and their Services."""

from __future__ import annotations

from . import applied, kubectl, pods, services
from .report import Timer, Untried, count
from .state import State, Stop


def find_bookinfo(state: State) -> None:
    """Bookinfo is there."""
    try:
        kubectl.get("deployment/ratings-v2", "deployment/reviews-v3", "-n", state.namespace)
    except kubectl.KubectlError as error:
        raise Untried(f"Bookinfo with reviews-v3 and ratings-v2 must run in the namespace {state.namespace}: {error}") from error


def compare_applied(state: State) -> None:
    """The cluster holds this configuration and no other."""
    found = applied.Applied(state.configuration)
    if not found.is_there:
        raise Untried(f"not applied: kubectl apply -k {state.configuration.folder}")
    state.changed = found.changed
    differences = found.differences()
    if differences:
        state.report.fail(
            "applied", f"the objects that {state.configuration.name} renders", count(len(differences), "difference"),
            differences[:20], cause=f"the cluster holds something else than {state.configuration.name}",
            advice=f"delete what is applied, then kubectl apply -k {state.configuration.folder}")
        raise Stop
    state.report.ok("applied", f"{count(len(found.rendered), 'object')}, as rendered")


def find_gateways(state: State) -> None:
    """Each gateway of the path has a ready pod, and its Service the port."""
    for proxy in state.configuration.gateways():
        state.progress.say(f"waiting for a ready pod of {proxy.name}")
        timer = Timer(state.options.timeout)
        while True:
            found = pods.of(proxy)
            ready = [pod for pod in found if pod.is_ready]
            if ready or timer.is_over:
                break
            state.progress.pause(timer, 2)
        if not ready:
            seen = "; ".join(pod.problem() for pod in found) or f"no pod with {proxy.selector} in {proxy.namespace}"
            state.report.fail(
                proxy.name, "a ready pod", seen, cause=f"no pod of {proxy.name} is ready",
                advice=f"kubectl -n {proxy.namespace} get pods -l {proxy.selector}; bookinfo/README.md, The egress gateway")
            raise Stop
        state.gateways[proxy.name] = ready
    for proof in state.configuration.proofs:
        try:
            state.ports[proof] = services.port_in_pod(state.configuration, proof, state.gateways.get(proof.proxy, []))
        except services.NoSuchPort as error:
            state.report.fail(
                proof.proxy, f"a Service with the port {proof.listener_port}", str(error), cause=str(error),
                advice="bookinfo/README.md, The egress gateway: which ports its Service needs")
            raise Stop from error
