"""egress/expectations.json with the database's values filled in: what a configuration has to show."""

from __future__ import annotations

import json
import pathlib
import re
from dataclasses import dataclass, field

FILE = pathlib.Path(__file__).resolve().parent.parent / "egress/expectations.json"


@dataclass(frozen=True)
class Proxy:
    """Where a proxy's pods and its log are."""

    name: str
    namespace: str
    selector: str
    container: str


@dataclass(frozen=True)
class Proof:
    """A line that a proxy must write, or must not write."""

    proxy: str
    cluster: str = ""
    sni: str = ""
    flags: str = ""
    # A part of the line, for logs that are not Envoy's.
    text: str = ""
    # The port that the Gateway names. Its pods may listen on another one: see services.py.
    listener_port: int | None = None

    def __str__(self) -> str:
        words = f"{self.proxy}: {self.cluster}" + (f'"{self.text}"' if self.text else "")
        words += f" with SNI {self.sni}" if self.sni else ""
        words += f" with flag {self.flags}" if self.flags else ""
        return words + (f" on port {self.listener_port}" if self.listener_port else "")


@dataclass(frozen=True)
class MutualTLS:
    """The mesh's own TLS between two proxies; `only` where a policy admits one identity alone."""

    client: str
    server: str
    sni: str
    only: bool


@dataclass(frozen=True)
class Configuration:
    """One entry of the file."""

    name: str
    description: str
    path: list[str]
    # Whether the service itself speaks TLS, whether it need not, and whether its URL names the host or the members.
    tls: bool
    plain: bool
    hosts: str
    status: int
    # What the body of the answer holds.
    body: str
    mutual_tls: MutualTLS | None
    proofs: list[Proof]
    absent: list[Proof]
    proxies: dict[str, Proxy] = field(repr=False, default_factory=dict)

    @property
    def folder(self) -> pathlib.Path:
        return FILE.parent / self.name

    @property
    def is_open(self) -> bool:
        """Whether ratings reach the database at all."""
        return self.status == 200

    def gateways(self) -> list[Proxy]:
        """The proxies of the path that have pods of their own, in the path's order."""
        return [self.proxies[name] for name in self.path if name in self.proxies and name != "sidecar"]


def names() -> list[str]:
    """All configurations, in the file's order."""
    return [entry["name"] for entry in json.loads(FILE.read_text(encoding="utf-8"))["configurations"]]


def load(name: str, values: dict) -> Configuration:
    """One configuration.

    Args:
        values: as `parameters.read` gives them.

    Raises:
        KeyError: there is none of this name.
    """
    known = json.loads(FILE.read_text(encoding="utf-8"))
    entries = {entry["name"]: entry for entry in known["configurations"]}
    entry = entries[name]

    def fill(text: str, **more: str) -> str:
        return re.sub(r"\{(\w+)\}", lambda match: str({**values, **more}[match[1]]), text)

    def proofs(which: str) -> list[Proof]:
        found = []
        for proof in entry[which]:
            for member in values["members"] if proof.get("each") == "member" else [""]:
                texts = {key: fill(proof.get(key, ""), member=member) for key in ("cluster", "sni", "flags", "text")}
                found.append(Proof(proof["proxy"], listener_port=proof.get("listenerPort"), **texts))
        return found

    # The service names them Reviewer1, Reviewer2, and so on.
    stars = ",".join(f'"Reviewer{number}":{stars}' for number, stars in enumerate(entry.get("ratings", []), 1))
    mutual = entry["mutualTLS"]
    return Configuration(
        name=name, description=entry["description"], path=entry["path"], tls=entry["connection"]["tls"],
        plain=entry["connection"].get("plain", False),
        hosts=entry["connection"]["hosts"], status=entry["status"], body=entry.get("error", stars),
        mutual_tls=mutual and MutualTLS(mutual["client"], mutual["server"], fill(mutual["sni"]), bool(mutual.get("only"))),
        proofs=proofs("proofs"), absent=proofs("absent"),
        proxies={
            proxy: Proxy(proxy, fill(data["namespace"]), fill(data["selector"]), data["container"])
            for proxy, data in known["proxies"].items()
        },
    )
