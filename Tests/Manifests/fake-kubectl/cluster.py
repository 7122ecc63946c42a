"""A cluster's state: objects, pods, the proxies' logs, and connections that are open."""

from __future__ import annotations

import copy
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

import api_server
import facts

# The recorded day; the caller's clock shows another one.
BEGIN = datetime(2026, 11, 25, 23, 13, 36, tzinfo=timezone.utc)


@dataclass
class Connection:
    """One that a pod has opened: lines that its proxies write when it closes."""

    pod: str
    address: str
    begin: datetime
    lines: list[tuple[str, str]]


@dataclass
class Way:
    """What becomes of ratings' connections, and what the service answers."""

    lines: list[tuple[str, str]] = field(default_factory=list)
    status: int = 200
    body: str = '{"id":0,"ratings":{"Reviewer1":1,"Reviewer2":1}}'
    check: str = "right"
    # Whether they close at once, as those that go nowhere do.
    closes: bool = False


class Cluster:
    """The state; `api_server` and `commands` change it."""

    def __init__(self) -> None:
        # Seconds since BEGIN, by the cluster's own clock.
        self.clock = 0.0
        self.objects: list[dict] = []
        self.changes = 0
        self.pods: dict[str, dict] = {}
        self.made = 0
        # What the next pod gets, where a test minds.
        self.next_address = ""
        # By pod and container: when a line was written, and the line.
        self.logs: dict[tuple[str, str], list[tuple[str, str]]] = {}
        self.connections: list[Connection] = []
        self.way = Way()
        # What becomes of another identity's connection, and of one without a sidecar: output and the gateway's line.
        self.identity: tuple[str, str] = ("status 0 bytes ", "")
        # The same line by the configuration that is applied, where several are in turn.
        self.identities: dict[str, str] = {}
        # What stands for the host in MONGO_DB_URL.
        self.url = "mongo.example.com:27017"
        self.without_sidecar: list[tuple[str, str]] = []
        self.listeners: dict[str, list[dict]] = {"sidecar": facts.listeners("sidecar")}
        # What is wrong with new pods of ratings-v2: nothing, "no sidecar", "proxy" or "ratings" (that container is not ready).
        self.trouble = ""
        self.has_access_logs = True
        # By the name of a configuration's folder: what applying it changes beside the objects.
        self.effects: dict[str, tuple[Way, dict[str, list[dict]]]] = {}
        self.unknown_kinds: set[str] = set()
        self.faults: set[str] = set()
        self.probe: dict | None = None
        # Every call, for tests that ask what was done.
        self.calls: list[list[str]] = []
        self.changed = threading.Condition()

    def __getstate__(self) -> dict:
        return {key: value for key, value in self.__dict__.items() if key != "changed"}

    def __setstate__(self, state: dict) -> None:
        self.__dict__.update(state)
        self.changed = threading.Condition()

    # Time.

    @property
    def now(self) -> datetime:
        return BEGIN + timedelta(seconds=self.clock)

    def stamp(self, seconds: float = 0) -> str:
        """As the API server writes it: whole seconds."""
        return (self.now + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")

    # Objects.

    def apply(self, documents: list[dict], seconds: float = 0) -> None:
        """`kubectl apply`, so many seconds from now."""
        for document in documents:
            self.delete([document])
            self.changes += 1
            self.objects.append(api_server.applied(document, self.stamp(seconds), self.changes))

    def take_effect(self, folder: str) -> None:
        """What istiod tells the proxies once a configuration is applied."""
        name = folder.rstrip("/").rpartition("/")[2]
        if name in self.effects:
            self.way, listeners = copy.deepcopy(self.effects[name])
            self.listeners.update(listeners)
            self.identity = (self.identity[0], self.identities.get(name, ""))

    def find(self, kind: str, name: str, namespace: str = "default") -> dict | None:
        """A stored object."""
        for live in self.objects:
            if (live["kind"], live["metadata"]["name"], live["metadata"]["namespace"]) == (kind, name, namespace):
                return live
        return None

    def live(self, documents: list[dict]) -> list[dict]:
        """The stored objects of these names, of whatever content."""
        keys = [key_of(document) for document in documents]
        found = [live for live in self.objects if key_of(live) in keys]
        return sorted(found, key=lambda live: keys.index(key_of(live)))

    def delete(self, documents: list[dict]) -> list[dict]:
        gone = self.live(documents)
        self.objects = [live for live in self.objects if live not in gone]
        return gone

    # Pods.

    def start(self, template: str, address: str, *, seconds: float = 0, suffix: str = "") -> dict:
        """A pod that began so many seconds from now."""
        pod = facts.pod(template)
        metadata, status = pod["metadata"], pod["status"]
        metadata["name"] = metadata["generateName"] + (suffix or f"pod{self.made}")
        self.made += 1
        metadata["creationTimestamp"] = status["startTime"] = self.stamp(seconds)
        status["podIP"], status["podIPs"] = address, [{"ip": address}]
        self.pods[metadata["name"]] = pod
        return pod

    def select(self, namespace: str, selector: str) -> list[dict]:
        """By labels."""
        wanted = dict(pair.split("=") for pair in selector.split(","))
        return [
            pod for _, pod in sorted(self.pods.items())
            if pod["metadata"]["namespace"] == namespace and wanted.items() <= pod["metadata"]["labels"].items()
        ]

    def write(self, pod: str, container: str, line: str) -> None:
        if self.has_access_logs:
            self.logs.setdefault((pod, container), []).append((self.stamp(), line))


def key_of(document: dict) -> tuple[str, str, str, str]:
    """What makes an object that object."""
    return (
        document["apiVersion"], document["kind"], document["metadata"]["name"],
        document["metadata"].get("namespace", "default"))
