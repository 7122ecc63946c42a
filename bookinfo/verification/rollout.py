"""New pods of ratings-v2, and the lines of the pods that go.

Envoy writes a TCP connection's line when the connection closes, and ratings keeps its connections. A pod that ends closes
them, and its log goes with it: so the sidecar's log is followed from before its end on. Nothing runs inside the pod.
"""

from __future__ import annotations

import threading
import time

from . import kubectl, pods
from .pods import Pod
from .report import Progress, Timer

DEPLOYMENT = "deployment/ratings-v2"
SELECTOR = "app=ratings,version=v2"


def restart(namespace: str, progress: Progress, timer: Timer) -> str:
    """Replaces all pods; returns why they are not ready, or nothing.

    Raises:
        kubectl.KubectlError: the Deployment can't be restarted.
    """
    kubectl.run("-n", namespace, "rollout", "restart", DEPLOYMENT)
    child = kubectl.follow(
        ["-n", namespace, "rollout", "status", DEPLOYMENT, f"--timeout={max(1, round(timer.left))}s"])
    seen = [""]
    reader = threading.Thread(target=lambda: seen.extend(line.strip() for line in child.stdout or ()), daemon=True)
    reader.start()
    while child.poll() is None:
        progress.tick(timer, seen[-1])
        time.sleep(0.1)
    reader.join()
    if child.returncode == 0:
        return ""
    broken = [pod.problem() for pod in pods.select(namespace, SELECTOR) if not pod.is_ready]
    return "; ".join(broken) or seen[-1] or "the Deployment's pods did not become ready"


def wait_for_end(namespace: str, names: list[str], timer: Timer) -> None:
    """Until pods are gone, or time is up: as long as they are there, reviews may still ask one of them."""
    if names:
        try:
            kubectl.run(
                "-n", namespace, "wait", "--for=delete", *(f"pod/{name}" for name in names),
                f"--timeout={max(1, round(timer.left))}s")
        except kubectl.KubectlError:
            pass


class Follower:
    """A container's log, read on in the background until the container ends."""

    def __init__(self, pod: Pod, container: str):
        self.rows: list[str] = []
        self.child = kubectl.follow(["-n", pod.namespace, "logs", pod.name, "-c", container, "--follow"])
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self) -> None:
        assert self.child.stdout is not None
        for row in self.child.stdout:
            self.rows.append(row.rstrip("\n"))

    def join(self, timer: Timer) -> None:
        """Until the log ends, or time is up."""
        self.thread.join(timer.left)
        self.stop()

    def stop(self) -> None:
        """Ends the child; what was read stays."""
        if self.child.poll() is None:
            self.child.terminate()
        self.child.wait()
        self.thread.join(1)

    @property
    def text(self) -> str:
        return "\n".join(self.rows)


def last_words(namespace: str, followed: list[Pod], container: str, progress: Progress, timer: Timer) -> dict[str, str]:
    """Restarts once more and returns the logs of the pods that end by it, by their names.

    Raises:
        kubectl.KubectlError: the Deployment can't be restarted.
    """
    followers = {pod.name: Follower(pod, container) for pod in followed}
    try:
        restart(namespace, progress, timer)
        # A pod of which ratings and sidecar end has 15 s for it (terminationGracePeriodSeconds).
        patience = Timer(max(timer.left, 35.0) if timer.seconds else 1.0)
        for follower in followers.values():
            follower.join(patience)
    finally:
        for follower in followers.values():
            follower.stop()
    return {name: follower.text for name, follower in followers.items()}
