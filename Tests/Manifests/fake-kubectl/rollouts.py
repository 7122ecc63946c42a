"""`kubectl rollout` and `kubectl wait`: new pods of ratings-v2 for the old ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import connections
from answer import Answer, refuse
from cluster import Cluster

if TYPE_CHECKING:
    from commands import Call

SELECTOR = "app=ratings,version=v2"
SECONDS = 5.0


def rollout(cluster: Cluster, call: "Call") -> Answer:
    """`restart` makes the pod, `status` waits until it is ready and the old ones are gone."""
    if call.words[1] == "restart":
        address = cluster.next_address or f"10.244.1.{160 + cluster.made}"
        pod = cluster.start("ratings", address)
        spoil(pod, cluster.trouble)
        if cluster.trouble not in ("proxy", "ratings"):
            connections.open_way(cluster, pod)
        return Answer(0, "deployment.apps/ratings-v2 restarted\n")
    if call.words[1] != "status":
        return refuse(call.words)
    waiting = 'Waiting for deployment "ratings-v2" rollout to finish: 1 old replicas are pending termination...\n'
    if cluster.trouble in ("proxy", "ratings"):
        cluster.clock += float(call.options["--timeout"].rstrip("s"))
        return Answer(1, waiting, "error: timed out waiting for the condition\n")
    cluster.clock += SECONDS
    with cluster.changed:
        *old, _ = sorted(cluster.select("default", SELECTOR), key=lambda pod: pod["status"]["startTime"])
        for pod in old:
            connections.close(cluster, pod["metadata"]["name"])
            del cluster.pods[pod["metadata"]["name"]]
        cluster.changed.notify_all()
    return Answer(0, waiting + 'deployment "ratings-v2" successfully rolled out\n')


def wait(cluster: Cluster, call: "Call") -> Answer:
    """`kubectl wait --for=delete`."""
    names = [word.partition("/")[2] for word in call.words[1:]]
    if any(name in cluster.pods for name in names):
        return Answer(1, "", "error: timed out waiting for the condition\n")
    return Answer(0, "".join(f"pod/{name} condition met\n" for name in names))


def spoil(pod: dict, trouble: str) -> None:
    """What is wrong with new pods."""
    status = pod["status"]
    if trouble == "no sidecar":
        pod["spec"]["initContainers"] = []
        status["initContainerStatuses"] = []
    elif trouble in ("proxy", "ratings"):
        statuses = status["initContainerStatuses"] + status["containerStatuses"]
        state = next(one for one in statuses if one["name"] == ("istio-proxy" if trouble == "proxy" else "ratings"))
        state["ready"] = False
        if trouble == "ratings":
            state["state"] = {"waiting": {"reason": "ImagePullBackOff", "message": "Back-off pulling image"}}
        for condition in status["conditions"]:
            if condition["type"] in ("Ready", "ContainersReady"):
                condition["status"] = "False"
