"""The command line, its output forms, and what keeps verify from trying at all."""

from __future__ import annotations

import json
from functools import partial
from typing import Callable, Iterator

import cluster
import facts

from . import in_process, scenario
from .case import Case, fails, untried, whole

CHOICE = "there are: " + ", ".join(scenario.NAMES)
RIGHT_BODY = '200 with "Reviewer1":1,"Reviewer2":1'


def cases() -> Iterator[Case]:
    """All of them."""
    yield whole("--help", "command-line/help", 0, scenario.base, "--help")
    yield whole("--json", "command-line/json", 0, partial(scenario.right, "tls-gateway-mtls"), "tls-gateway-mtls", "--json")
    yield whole(
        "--json of a failure", "command-line/json-failure", 1, partial(database_down, "tls-gateway"), "tls-gateway", "--json")
    yield whole("a failure, all of it", "command-line/failure", 1, partial(database_down, "tls-gateway"), "tls-gateway")
    yield whole(
        "progress while it waits", "command-line/progress", 1, partial(gateway_down, "tls-gateway"), "tls-gateway", "--timeout", "35")
    yield whole(
        "progress of a slow rollout", "command-line/slow-rollout", 0, partial(scenario.right, "tls"), "tls", patience=25)
    for words, complaint in (
        ((), f"name one configuration, or --all; {CHOICE}"),
        (("tls", "--all"), f"name one configuration, or --all; {CHOICE}"),
        (("tsl",), f"no configuration 'tsl'; {CHOICE}"),
        (("parameters",), f"no configuration 'parameters'; {CHOICE}"),
        (("tls", "tcp"), "unrecognized arguments: tcp"),
        (("tls", "--neg"), "unrecognized arguments: --neg"),
        (("tls", "--timeout"), "argument --timeout: expected one argument"),
        (("tls", "--timeout", "soon"), "argument --timeout: needs a number of seconds"),
        (("tls", "--timeout", "-1"), "argument --timeout: needs a number of seconds"),
    ):
        yield refused(words, complaint)
    yield no_server("tls")
    yield no_server("--all")
    yield from no_bookinfo()
    yield from answers()
    yield silent_envoy()


def refused(words: tuple[str, ...], complaint: str) -> Case:
    """A complaint in one line, status 2, and no call of kubectl."""

    def see() -> dict:
        made = scenario.right("tls")
        ended = in_process.run(made, *words)
        return {"status": ended.status, "output": ended.output, "error": ended.error, "calls": made.calls}

    return Case(
        f"arguments {' '.join(words) or 'missing'}",
        {"status": 2, "output": "", "error": f"verify: {complaint}\n", "calls": []}, see)


def database_down(name: str) -> cluster.Cluster:
    made = scenario.right(name)
    made.way = scenario.fault(name, "refused-behind-gateway")
    return made


def gateway_down(name: str) -> cluster.Cluster:
    made = scenario.right(name)
    del made.pods["istio-egressgateway-d75449c8c-hck7p"]
    return made


def no_server(word: str) -> Case:
    """kubectl reaches no API server."""
    said = "The connection to the server 192.0.2.2:6443 was refused - did you specify the right host or port?"

    def see() -> dict:
        made = scenario.right("tls")
        made.faults.add("no server")
        ended = in_process.run(made, word)
        return {"status": ended.status, "last": ended.error.splitlines()[-1], "output": ended.output}

    bookinfo = "Bookinfo with reviews-v3 and ratings-v2 must run in the namespace default: " if word == "tls" else ""
    return Case(f"{word} without a server", {
        "status": 2, "last": f"verify: {bookinfo}{said}", "output": f"untried tls: {bookinfo}{said}\n" if word == "tls" else ""}, see)


def no_bookinfo() -> Iterator[Case]:
    """A Deployment is missing."""
    for name in ("ratings-v2", "reviews-v3"):

        def make(name: str = name) -> cluster.Cluster:
            made = scenario.right("tls")
            made.objects.remove(made.find("Deployment", name))
            return made

        yield untried(
            f"no {name}", make, "tls",
            reason="Bookinfo with reviews-v3 and ratings-v2 must run in the namespace default: Error from server (NotFound): "
            f'deployments.apps "{name}" not found')


def answers() -> Iterator[Case]:
    """What reviews may get beside the right ratings and an error."""
    expected = {"check": "answer", "ok": False, "expected": RIGHT_BODY}

    def make(change: Callable[[cluster.Cluster], None]) -> cluster.Cluster:
        made = scenario.right("tls")
        change(made)
        return made

    stars = '{"id":0,"ratings":{"Reviewer1":5,"Reviewer2":4}}'
    cause = "the way is open, and the collection holds other ratings than database/run create-ratings puts there"
    yield fails(
        "other stars", partial(make, lambda made: setattr(made.way, "body", stars)), "tls", reason=cause,
        checks=[{**expected, "seen": f"200 {stars}", "cause": cause, "advice": "bookinfo/database/run create-ratings verify"}])
    said = "error: Internal error occurred: error executing command in container: no running task found"
    nothing, cause = f"no answer: {said}", f"reviews-v3 gets no answer from ratings: {said}"
    yield fails(
        "no answer from reviews", partial(make, lambda made: made.faults.add("no answer")), "tls", reason=cause,
        checks=[{**expected, "seen": nothing, "cause": cause, "advice": "kubectl -n default get pods"}])

    def blocked() -> cluster.Cluster:
        made = scenario.right("blocked")
        made.way = cluster.Way(facts.lines("tls"))
        return made

    cause = "sidecar goes by outbound|27017||mongo.example.com: another configuration is applied as well"
    yield fails(
        "blocked: tls is applied as well", blocked, "blocked", reason=cause,
        checks=[{"check": "answer", "ok": False, "expected": "500 with could not connect to ratings database",
                 "seen": '200 {"id":0,"ratings":{"Reviewer1":1,"Reviewer2":1}}', "cause": cause,
                 "advice": "kubectl get serviceentries -A"}])


def silent_envoy() -> Case:
    """Envoy's configuration can't be read."""
    said = 'Error: command "request GET" received error response (403)\ncommand terminated with exit code 1'

    def see() -> dict:
        made = scenario.right("tls-gateway-mtls")
        made.faults.add("no config_dump")
        document = json.loads(in_process.run(made, "tls-gateway-mtls", "--json").output)
        return {one["check"]: one["seen"] for one in document["checks"] if not one["ok"]}

    return Case("Envoy's administration refuses", {
        "what no configuration names": f"not to be seen: {said}",
        "mutual TLS": f"Envoy's listeners can't be read in pod istio-egressgateway-d75449c8c-hck7p: {said}"}, see)
