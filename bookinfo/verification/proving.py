"""Reviews' answer, and the lines that prove the way; where they don't, why."""

from __future__ import annotations

from . import evidence, reasons, rollout, traffic
from .expectations import Proof
from .report import Timer
from .state import PROXY, State, Stop


def ask(state: State) -> None:
    """The answer that reviews gets. Proxies may need some seconds to learn a change."""
    state.progress.say("asking ratings from reviews-v3")
    wanted = state.configuration
    timer = Timer(state.options.timeout)
    while True:
        answer = traffic.ask(state.namespace)
        is_right = answer.status == wanted.status and wanted.body in answer.body
        if is_right or timer.is_over:
            break
        state.progress.pause(timer, 2, str(answer))
    state.has_answered = answer.status == 200
    if is_right:
        state.report.ok("answer", str(answer))
        return
    # The lines say why, once the connections are closed.
    collect(state)
    reason = None
    if not answer.status:
        reason = reasons.Reason(
            f"reviews-v3 gets no answer from ratings: {answer.body}", f"kubectl -n {state.namespace} get pods")
    elif answer.status != wanted.status:
        reason = reason_of(state) or reasons.of_open_way(wanted, state.evidence, state.values["port"])
    elif state.configuration.is_open:
        reason = reasons.Reason(
            "the way is open, and the collection holds other ratings than database/run create-ratings puts there",
            "bookinfo/database/run create-ratings verify")
    state.report.fail(
        "answer", f"{wanted.status} with {wanted.body}", str(answer), list(reason.lines) if reason else own_lines(state),
        cause=reason.cause if reason else "", advice=reason.advice if reason else "")
    raise Stop


def collect(state: State) -> None:
    """The sidecars' lines, of closed connections too, and the gateways', until the proofs are there."""
    timer = Timer(state.options.timeout)
    logs: dict[str, str] = {}
    if state.options.restart and state.has_answered:
        state.progress.say("restarting ratings-v2 once more, so that its connections close and their lines are written")
        logs = rollout.last_words(state.namespace, state.pods, PROXY, state.progress, timer)
    state.progress.say("reading the proxies' access logs")
    timer = Timer(state.options.timeout)
    while True:
        if not state.has_answered or not state.options.restart:
            logs = {pod.name: evidence.read(pod, PROXY, min(state.begins.values())) for pod in state.pods}
        evidence.of_sidecar(logs, state.begins, state.evidence)
        evidence.of_gateway(state.configuration, state.gateways, state.begins, state.evidence)
        missing = [proof for proof in state.configuration.proofs if not line_of(state, proof)]
        # A wrong answer will not bring the proofs any more: what is there has to do.
        if not missing or timer.is_over or state.has_answered != state.configuration.is_open:
            break
        state.progress.pause(timer, 2, f"missing {missing[0]}")


def line_of(state: State, proof: Proof) -> str | None:
    """The line that proves it."""
    for line in state.evidence.of(proof.proxy):
        if evidence.proves(proof, line, state.ports[proof]):
            return line.text
    return None


def own_lines(state: State) -> list[str]:
    """What there is to see for a person, where no reason is known."""
    return [f"{proxy}: {line.text}" for proxy, lines in state.evidence.lines.items() for line in lines[:5]]


def reason_of(state: State) -> reasons.Reason | None:
    state.report.ratings_check = traffic.ratings_check(state.namespace)
    return reasons.explain(state.configuration, state.evidence, state.values["port"], state.report.ratings_check)


def prove(state: State) -> None:
    """Every proof has its line, and what must not be there is not."""
    for proof in state.configuration.proofs:
        line = line_of(state, proof)
        if line:
            state.report.ok(str(proof), "its line", [line])
            continue
        reason = missing_reason(state, proof)
        seen = [one.text for one in state.evidence.of(proof.proxy)][:5]
        state.report.fail(
            str(proof), f"a line of a connection of ratings-v2's {'new ' if state.options.restart else ''}pods",
            "other lines" if seen else "no line of such a connection", seen,
            cause=reason.cause if reason else "", advice=reason.advice if reason else "")
    for proof in state.configuration.absent:
        for line in state.evidence.of(proof.proxy):
            if evidence.proves(proof, line, None, carries=False) and evidence.is_to(line, state.values["port"]):
                reason = reasons.of_line(state.configuration, proof.proxy, line)
                state.report.fail(
                    f"{proof.proxy}: not {proof.cluster}", "no connection this way", "one", [line.text],
                    cause=reason.cause if reason else f"{proof.proxy} goes by {proof.cluster}, past the configuration",
                    advice=reason.advice if reason else "")
                break


def missing_reason(state: State, proof: Proof) -> reasons.Reason | None:
    """Why a line may be missing although the answer was right."""
    # The sidecar writes reviews' request at once, a gateway nothing before a connection closes.
    is_open = not state.options.restart and state.configuration.is_open
    is_silent = not state.evidence.read.get(proof.proxy)
    # A gateway that the sidecar did not go to has nothing to write.
    is_passed = all(line_of(state, one) for one in state.configuration.proofs if one.proxy == "sidecar")
    is_passed = is_passed or not state.evidence.read.get("sidecar")
    if is_silent and (proof.proxy == "sidecar" or (is_passed and not is_open)):
        return reasons.Reason(
            f"{proof.proxy} has written no line since: its access log is off, or not in Istio's text format",
            "kubectl apply -k bookinfo/access-logs")
    if is_open:
        return reasons.Reason(
            f"{proof.proxy} has no such line: connections that are still open have none", "without --no-restart, verify ends them")
    return reasons.explain(state.configuration, state.evidence, state.values["port"], "")
