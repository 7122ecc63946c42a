"""kubectl's commands, answered from a cluster's state. What is not known here is refused, so that no call goes unseen."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Callable

import offline
import pod_commands
import rollouts
from answer import Answer, refuse
from cluster import Cluster

PLURALS = {
    "networkpolicies": "NetworkPolicy", "service": "Service", "deployment": "Deployment", "pods": "Pod", "pod": "Pod",
}


@dataclass
class Call:
    """A command line, taken apart."""

    words: list[str]
    options: dict[str, str] = field(default_factory=dict)
    # What stands after `--`.
    command: list[str] = field(default_factory=list)
    input: str = ""

    @property
    def namespace(self) -> str:
        return self.options.get("-n", "default")


def parse(arguments: list[str], input: str) -> Call:
    """Takes a command line apart."""
    call = Call([], input=input)
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        if word == "--":
            call.command = rest
            break
        if word.startswith("--"):
            name, _, value = word.partition("=")
            call.options[name] = value
        elif word.startswith("-") and len(word) == 2:
            call.options[word] = rest.pop(0)
        else:
            call.words.append(word)
    return call


def answer(cluster: Cluster, arguments: list[str], input: str = "") -> Answer:
    """One call's answer."""
    cluster.calls.append(arguments)
    if arguments[0] in ("kustomize", "label"):
        return offline.kubectl(arguments, input)
    if "no server" in cluster.faults:
        # kubectl's own log comes first, as often as it tried.
        log = ('E1128 20:02:13.221768   27346 memcache.go:265] "Unhandled Error" err="couldn\'t get current server API group list: '
               'Get \\"https://192.0.2.2:6443/api?timeout=32s\\": dial tcp 192.0.2.2:6443: connect: connection refused"\n')
        said = "The connection to the server 192.0.2.2:6443 was refused - did you specify the right host or port?\n"
        return Answer(1, "", 4 * log + said)
    call = parse(arguments, input)
    cluster.clock += 0.1
    handler = HANDLERS.get(call.words[0])
    return handler(cluster, call) if handler else refuse(arguments)


# What the API server has.


def get(cluster: Cluster, call: Call) -> Answer:
    """`kubectl get`, as JSON or as names."""
    if "-k" in call.options:
        rendered = offline.rendered(call.options["-k"])
        unknown = [one for one in rendered if one["kind"] in cluster.unknown_kinds]
        if unknown:
            return Answer(1, "", unknown_kind(unknown[0]))
        found = cluster.live(rendered)
        missing = len(rendered) - len(found)
        if call.options.get("-o") == "name":
            return Answer(0, "".join(f"{one['kind'].lower()}/{one['metadata']['name']}\n" for one in found))
        if "--show-managed-fields" not in call.options:
            found = [without_managed_fields(one) for one in found]
        if missing and "--ignore-not-found" not in call.options:
            return not_found(rendered[0]["kind"], rendered[0]["metadata"]["name"])
        if not found:
            return Answer(0)
        return as_json(found[0] if len(rendered) == 1 else list_of(found))
    kind, *names = call.words[1:]
    if "/" in kind:
        wanted = [tuple(word.split("/")) for word in call.words[1:]]
    else:
        wanted = [(kind, name) for name in names]
    kind = PLURALS.get(wanted[0][0] if wanted else kind, kind)
    if kind == "Pod":
        return pod_commands.get(cluster, call)
    if not wanted:
        return as_json(list_of([
            without_managed_fields(one) for one in cluster.objects
            if one["kind"] == kind and one["metadata"]["namespace"] == call.namespace]))
    found = []
    for resource, name in wanted:
        live = cluster.find(PLURALS[resource], name, call.namespace)
        if live is None and "--ignore-not-found" in call.options:
            return Answer(0)
        if live is None:
            return not_found(PLURALS[resource], name)
        found.append(without_managed_fields(live))
    return as_json(found[0] if len(found) == 1 else list_of(found))


def apply(cluster: Cluster, call: Call) -> Answer:
    """`kubectl apply -k`."""
    rendered = offline.rendered(call.options["-k"])
    unknown = [one for one in rendered if one["kind"] in cluster.unknown_kinds]
    if unknown:
        return Answer(1, "", unknown_kind(unknown[0]))
    if "refuses tls" in cluster.faults and call.options["-k"].endswith("/tls"):
        return Answer(1, "", 'Error from server (Forbidden): serviceentries.networking.istio.io is forbidden\n')
    cluster.apply(rendered)
    cluster.take_effect(call.options["-k"])
    return Answer(0, "".join(f"{one['kind'].lower()}/{one['metadata']['name']} created\n" for one in rendered))


def delete(cluster: Cluster, call: Call) -> Answer:
    """`kubectl delete`, by folder or a pod by name."""
    if "-k" in call.options:
        if "no delete" in cluster.faults:
            return Answer(1, "", 'Error from server (Forbidden): serviceentries.networking.istio.io "mongo" is forbidden\n')
        cluster.delete(offline.rendered(call.options["-k"]))
        cluster.take_effect("blocked")
        return Answer(0)
    return pod_commands.delete(cluster, call)


def without_managed_fields(live: dict) -> dict:
    """As `kubectl get -o json` shows it."""
    return {**live, "metadata": {key: value for key, value in live["metadata"].items() if key != "managedFields"}}


def as_json(value: Any) -> Answer:
    return Answer(0, json.dumps(value, indent=4, sort_keys=True) + "\n")


def list_of(found: list[dict]) -> dict:
    return {"apiVersion": "v1", "items": found, "kind": "List", "metadata": {"resourceVersion": ""}}


def not_found(kind: str, name: str) -> Answer:
    """As the API server says it of Deployments; other kinds differ in the plural's group only."""
    plural = {"Deployment": "deployments.apps", "Service": "services", "Pod": "pods"}.get(kind, kind.lower() + "s.networking.istio.io")
    return Answer(1, "", f'Error from server (NotFound): {plural} "{name}" not found\n')


def unknown_kind(document: dict) -> str:
    """What kubectl says where a CRD is not there."""
    metadata = document["metadata"]
    return (
        f'error: resource mapping not found for name: "{metadata["name"]}" namespace: "{metadata.get("namespace", "")}" from '
        f'"bookinfo": no matches for kind "{document["kind"]}" in version "{document["apiVersion"]}"\n'
        "ensure CRDs are installed first\n")


HANDLERS: dict[str, Callable[[Cluster, Call], Answer]] = {
    "get": get, "apply": apply, "delete": delete, "create": pod_commands.create, "exec": pod_commands.execute,
    "logs": pod_commands.logs, "rollout": rollouts.rollout, "wait": rollouts.wait,
}
