"""Others than ratings-v2 must not get through: another identity, and a pod without a sidecar.

As Istio's own task does it (https://istio.io/latest/docs/tasks/traffic-management/egress/egress-gateway, "Additional
security considerations"): what the mesh alone can't hold back, a NetworkPolicy must.
"""

from __future__ import annotations

import json
from typing import Any

from . import access_log, evidence, kubectl, pods, probe, services
from .access_log import Line
from .expectations import Configuration
from .label_selector import selects
from .pods import Pod
from .report import Progress, Report, Timer

OTHER = "app=reviews,version=v3"
POD = "verify-without-sidecar"
LABELS = {"sidecar.istio.io/inject": "false", "app": POD}
RATINGS = {"app": "ratings", "version": "v2"}


class Others:
    """Connections of others than ratings-v2, and what became of them."""

    def __init__(
        self, configuration: Configuration, values: dict, gateways: dict[str, list[Pod]], report: Report, progress: Progress,
        timeout: float,
    ):
        self.configuration = configuration
        self.values = values
        self.gateways = gateways
        self.report = report
        self.progress = progress
        self.timeout = timeout
        host = values["members"][0] if configuration.hosts == "members" else values["host"]
        self.database = (host, values["port"])
        self.greeting = probe.greeting(host, configuration.tls)

    def other_identity(self) -> None:
        """reviews-v3 through its own sidecar, with its own service account."""
        self.progress.say("trying the way as another identity")
        name = "another identity"
        found = [pod for pod in pods.select(self.values["namespace"], OTHER) if pod.is_ready]
        if not found:
            self.report.fail(name, "a ready pod of reviews-v3 to try it from", "none")
            return
        pod = found[0]
        who = f"{pod.namespace}/{pod.service_account}"
        before = self.lines_of(pod)
        text = kubectl.run(
            "-n", pod.namespace, "exec", pod.name, "-c", "reviews", "--", "bash", "-c", probe.SCRIPT, "probe",
            self.database[0], str(self.database[1]), self.greeting)
        outcome = probe.parse(text)
        if outcome is None:
            self.report.fail(name, f"{who} tries it", f"the container reviews can't: {' '.join(text.split()) or 'no output'}")
            return
        if outcome.answered:
            self.report.fail(
                name, f"{who} is refused", str(outcome), [line.text for line in self.new_lines(pod, before)],
                cause=f"{who} gets through to {self.database[0]}",
                advice="compare the AuthorizationPolicy with the one that is rendered, and REGISTRY_ONLY in the namespace")
            return
        if not self.configuration.gateways():
            self.report.ok(name, f"{who} gets nothing: {outcome}")
            return
        # That nothing comes back may have other reasons; the gateway's line names the policy.
        timer = Timer(min(self.timeout, 15))
        while True:
            denied = [line for line in self.new_lines(pod, before) if "rbac_access_denied" in line.termination]
            if denied or timer.is_over:
                break
            self.progress.pause(timer, 1)
        if denied:
            self.report.ok(name, f"{who} is refused: {outcome}", [denied[0].text])
        else:
            self.report.fail(
                name, f"a line of the gateway that a policy refuses {who}", f"{outcome}, and no such line",
                [line.text for line in self.new_lines(pod, before)],
                cause=f"{who} gets nothing, and no line of the gateway says that a policy stops it")

    def without_sidecar(self) -> None:
        """A pod that no proxy stands beside, straight to the database and to the gateway."""
        held = self.network_policy()
        mutual = self.configuration.mutual_tls
        targets: list[tuple[str, str, int]] = []
        if held:
            targets.append(("a pod without a sidecar, straight to the database", *self.database))
        if mutual:
            proof = next(one for one in self.configuration.proofs if one.proxy == mutual.server and one.listener_port)
            place = services.service_of(self.configuration, proof)
            if place:
                targets.append(
                    ("a pod without a sidecar, to the gateway", f"{place[1]}.{place[0]}.svc", proof.listener_port or 0))
        if not held:
            self.progress.say(
                "no NetworkPolicy holds all pods of the namespace, so a pod without a sidecar may go where it likes: "
                "bookinfo/README.md, Past the sidecar")
        if targets:
            self.try_without_sidecar(targets)

    def network_policy(self) -> str | None:
        """A NetworkPolicy that holds the egress of ratings and of the pod that is made here; `None` where there is none."""
        for policy in kubectl.items(kubectl.get("networkpolicies", "-n", self.values["namespace"])):
            spec = policy["spec"]
            selector = spec.get("podSelector", {})
            if "Egress" in spec.get("policyTypes", []) and selects(selector, LABELS) and selects(selector, RATINGS):
                return policy["metadata"]["name"]
        return None

    def try_without_sidecar(self, targets: list[tuple[str, str, int]]) -> None:
        """Makes the pod, lets it try, and removes it."""
        self.progress.say(f"trying the way from the pod {POD}, which is removed afterwards")
        namespace = self.values["namespace"]
        reviews = kubectl.get("deployment", "reviews-v3", "-n", namespace)
        image = next(one["image"] for one in reviews["spec"]["template"]["spec"]["containers"] if one["name"] == "reviews")
        remove = ("-n", namespace, "delete", "pod", POD, "--ignore-not-found")
        kubectl.run(*remove)
        try:
            kubectl.run("create", "-f", "-", input=json.dumps(manifest(namespace, image, targets, self.greeting)))
            timer = Timer(max(self.timeout, 1))
            while True:
                pod = pods.from_json(kubectl.get("pod", POD, "-n", namespace))
                if pod.phase in ("Succeeded", "Failed") or timer.is_over:
                    break
                self.progress.pause(timer, 1, pod.phase)
            text = kubectl.run("-n", namespace, "logs", POD)
        finally:
            kubectl.run(*remove, "--wait=false")
        outcomes = [probe.parse(row) for row in text.splitlines() if row.startswith("status ")]
        if len(outcomes) != len(targets):
            self.report.fail(targets[0][0], "the pod tries it", f"{pod.problem()}: {' '.join(text.split()) or 'no output'}")
            return
        for (name, host, port), outcome in zip(targets, outcomes):
            assert outcome is not None
            passed = [line for line in self.new_lines(pod, []) if line.carried] if name.endswith("gateway") else []
            # A gateway with mutual TLS answers with its certificate before it asks for one; bytes behind it decide.
            if passed or (outcome.answered and not name.endswith("gateway")):
                self.report.fail(
                    name, f"nothing comes back from {host}:{port}", str(outcome), [line.text for line in passed],
                    cause=f"a pod without a sidecar gets through to {host}:{port}",
                    advice="bookinfo/README.md, Past the sidecar; the cluster's network must enforce NetworkPolicies")
            else:
                self.report.ok(name, f"nothing gets through {host}:{port}: {outcome}")

    def lines_of(self, pod: Pod) -> list[Line]:
        """The gateways' lines of connections from a pod."""
        found: list[Line] = []
        for proxy in self.configuration.gateways():
            for gateway in self.gateways[proxy.name]:
                if pod.began:
                    lines = access_log.lines(evidence.read(gateway, proxy.container, pod.began))
                    found += [line for line in lines if line.client in pod.addresses and line.start >= pod.began]
        return found

    def new_lines(self, pod: Pod, before: list[Line]) -> list[Line]:
        """The same, without those of before."""
        return [line for line in self.lines_of(pod) if line not in before]


def manifest(namespace: str, image: str, targets: list[tuple[str, str, int]], greeting: str) -> dict[str, Any]:
    """The pod without a sidecar: it passes the Pod Security Standard "restricted"."""
    script = "\n".join(f"set -- {host} {port} '{greeting}'\n{probe.SCRIPT}" for _, host, port in targets)
    return {
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {
            "name": POD, "namespace": namespace,
            "labels": LABELS,
        },
        "spec": {
            "restartPolicy": "Never", "automountServiceAccountToken": False, "activeDeadlineSeconds": 120,
            "securityContext": {
                "runAsNonRoot": True, "runAsUser": 1000, "runAsGroup": 1000, "seccompProfile": {"type": "RuntimeDefault"},
            },
            "containers": [
                {
                    "name": "probe", "image": image, "command": ["bash", "-c", script],
                    "securityContext": {
                        "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]},
                    },
                    "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"memory": "64Mi"}},
                },
            ],
        },
    }
