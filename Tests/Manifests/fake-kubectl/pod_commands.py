"""kubectl's commands on pods: get, logs, exec, and the probe that verify makes and removes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Iterator

import connections
import facts
from answer import Answer, refuse
from cluster import Cluster

if TYPE_CHECKING:
    from commands import Call

# pilot-agent says so on standard error at every call.
NOTE = (
    "2026/11/25 23:13:31 INFO GOMEMLIMIT is already set, skipping package=github.com/KimMachineGun/automemlimit/memlimit "
    "GOMEMLIMIT=1073741824\n")


def get(cluster: Cluster, call: "Call") -> Answer:
    """`kubectl get pods -l …`, or one pod."""
    from commands import as_json, list_of, not_found

    if "-l" in call.options:
        return as_json(list_of(cluster.select(call.namespace, call.options["-l"])))
    if cluster.probe is None or call.words[2] != cluster.probe["metadata"]["name"]:
        return not_found("Pod", call.words[2])
    return as_json(cluster.probe)


def logs(cluster: Cluster, call: "Call") -> Answer:
    """`kubectl logs POD -c CONTAINER`; the node compares `--since-time` by its own clock, and lines by when they were written."""
    name = call.words[1]
    if cluster.probe and name == cluster.probe["metadata"]["name"]:
        return Answer(0, "".join(f"{output}\n" for output, _ in cluster.without_sidecar))
    if name not in cluster.pods:
        return Answer(1, "", f'Error from server (NotFound): pods "{name}" not found\n')
    since = call.options.get("--since-time", "")
    rows = [line for time, line in cluster.logs.get((name, call.options["-c"]), []) if time >= since]
    return Answer(0, "".join(f"{row}\n" for row in rows))


def follow(cluster: Cluster, call: "Call") -> Iterator[str]:
    """`kubectl logs --follow`: until the pod is gone."""
    name = call.words[1]
    with cluster.changed:
        cluster.changed.wait_for(lambda: name not in cluster.pods, timeout=60)
    yield from (f"{line}\n" for _, line in cluster.logs.get((name, call.options["-c"]), []))


def execute(cluster: Cluster, call: "Call") -> Answer:
    """`kubectl exec`: what verify runs in pods."""
    target, command = call.words[1], call.command
    if command[:4] == ["pilot-agent", "request", "GET", "config_dump?resource=dynamic_listeners"]:
        return config_dump(cluster, target)
    if target == "deployment/ratings-v2" and command == ["ratings", "check"]:
        text = facts.text(f"ratings-check/{cluster.way.check}").replace("string  mongo.example.com:27017", f"string  {cluster.url}")
        return Answer(0 if cluster.way.check == "right" else 1, text, "" if cluster.way.check == "right" else
                      "command terminated with exit code 1\n")
    if target == "deployment/reviews-v3" and command[:2] == ["bash", "-c"]:
        return ask(cluster)
    if target.startswith("reviews-v3-") and command[:2] == ["bash", "-c"] and command[3:4] == ["probe"]:
        output, line = cluster.identity
        if line:
            refused(cluster, cluster.pods[target]["status"]["podIP"], line)
        return Answer(0, output + "\n")
    return refuse(["exec", target, *command])


def ask(cluster: Cluster) -> Answer:
    """What reviews gets of ratings; the sidecar writes a request's line at once."""
    if "no answer" in cluster.faults:
        return Answer(1, "", "error: Internal error occurred: error executing command in container: no running task found\n")
    for pod in cluster.select("default", "app=ratings,version=v2"):
        address = pod["status"]["podIP"]
        cluster.write(pod["metadata"]["name"], "istio-proxy", (
            f'[{connections.milliseconds(cluster.now)}] "GET /ratings/0 HTTP/1.1" {cluster.way.status} - via_upstream - "-" 0 48 3 2 "-" '
            f'"curl/7.88.1" "b631ab76-cff6-4091-a88e-4c1764423371" "ratings:9080" "{address}:9080" inbound|9080|| 127.0.0.6:41144 '
            f"{address}:9080 10.244.1.148:53814 outbound_.9080_.v2_.ratings.default.svc.cluster.local default"))
        if cluster.way.closes:
            connections.open_way(cluster, pod)
    return Answer(
        0, f"{cluster.way.body}\n{cluster.way.status}\n",
        "E1125 23:13:21.926096    3996 websocket.go:296] Unknown stream id 1, discarding message\n")


def config_dump(cluster: Cluster, name: str) -> Answer:
    """Envoy's GET /config_dump?resource=dynamic_listeners."""
    if "no config_dump" in cluster.faults:
        return Answer(1, "", "Error: command \"request GET\" received error response (403)\ncommand terminated with exit code 1\n")
    pod = cluster.pods[name]
    proxy = "sidecar" if pod["metadata"]["labels"].get("app") == "ratings" else next(
        proxy for proxy in connections.GATEWAYS if connections.gateway_pod(cluster, proxy) is pod)
    configs = [{
        "@type": "type.googleapis.com/envoy.admin.v3.ListenersConfigDump.DynamicListener", "name": listener["name"],
        "active_state": {
            "version_info": "2026-11-25T23:13:41Z/12", "last_updated": "2026-11-25T23:13:41.013Z",
            "listener": {"@type": "type.googleapis.com/envoy.config.listener.v3.Listener", **listener},
        },
    } for listener in cluster.listeners.get(proxy, [])]
    return Answer(0, json.dumps({"configs": configs}, indent=1) + "\n", NOTE)


def create(cluster: Cluster, call: "Call") -> Answer:
    """`kubectl create -f -`: the pod without a sidecar, which runs at once."""
    pod = json.loads(call.input)
    pod["status"] = {
        "phase": "Failed" if "probe fails" in cluster.faults else "Succeeded", "podIP": "10.244.1.199",
        "podIPs": [{"ip": "10.244.1.199"}], "startTime": cluster.stamp(), "conditions": [],
    }
    cluster.probe = pod
    for _, line in cluster.without_sidecar:
        if line:
            refused(cluster, "10.244.1.199", line)
    return Answer(0, f"pod/{pod['metadata']['name']} created\n")


def delete(cluster: Cluster, call: "Call") -> Answer:
    """`kubectl delete pod`."""
    cluster.probe = None
    return Answer(0)


def refused(cluster: Cluster, address: str, line: str) -> None:
    """A gateway's line of another client's connection: `PROXY: LINE`."""
    proxy, _, text = line.partition(": ")
    pod = connections.gateway_pod(cluster, proxy)
    assert pod is not None
    text = text.replace("${begin}", connections.milliseconds(cluster.now)).replace("${duration}", "3")
    text = text.replace("${pod}", address).replace("${gateway}", pod["status"]["podIP"])
    cluster.write(pod["metadata"]["name"], connections.GATEWAYS[proxy][2], text)
