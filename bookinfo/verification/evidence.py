"""The lines that tell of ratings' own connections, and which of them prove a way.

A line counts only if the connection began after the pod did (and after the configuration was last changed), and if it
came from that pod's address. All times are the cluster's: the pod's status, the API server's, and the lines' own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from . import access_log, kubectl
from .access_log import Line
from .expectations import Configuration, Proof, Proxy
from .pods import Pod

# Between two lines of one proxy: Envoy writes milliseconds.
ROUNDING = timedelta(milliseconds=2)


@dataclass
class Evidence:
    """Lines by proxy, of ratings' pods only, none older than them."""

    lines: dict[str, list[Line]] = field(default_factory=dict)
    # How many lines there were at all, to tell a log that is off from one of other connections.
    read: dict[str, int] = field(default_factory=dict)

    def of(self, proxy: str) -> list[Line]:
        return self.lines.get(proxy, [])

    def add(self, proxy: str, lines: list[Line], read: int) -> None:
        known = self.lines.setdefault(proxy, [])
        known += [line for line in lines if line not in known]
        self.read[proxy] = max(read, self.read.get(proxy, 0))


def since(pods: list[Pod], changed: datetime | None) -> dict[str, datetime]:
    """From when on lines count, by the pods' addresses."""
    return {
        address: max(filter(None, (pod.began, changed)))
        for pod in pods for address in pod.addresses if pod.began or changed
    }


def own(lines: list[Line], begins: dict[str, datetime]) -> list[Line]:
    """The lines of connections from ratings' pods, and of what these caused inside the proxy's pod: what began during them."""
    outer = [line for line in lines if line.client in begins and line.start >= begins[line.client]]
    inner = [
        line for line in lines if line.has_inner_client
        and any(one.start <= line.start + line.uncertainty and line.start <= one.end + ROUNDING for one in outer)
    ]
    return [line for line in lines if line in outer or line in inner]


def of_sidecar(logs: dict[str, str], begins: dict[str, datetime], evidence: Evidence) -> None:
    """Takes in the sidecars' logs: the connections that ratings opened."""
    for text in logs.values():
        lines = access_log.lines(text)
        evidence.add("sidecar", [line for line in own(lines, begins) if line.is_tcp], len(lines))


def of_gateway(configuration: Configuration, gateways: dict[str, list[Pod]], begins: dict[str, datetime], evidence: Evidence) -> None:
    """Reads the gateways' logs; containers in one pod are read together, since one's lines explain the other's.

    Raises:
        kubectl.KubectlError: a log can't be read.
    """
    if not begins:
        return
    begin = min(begins.values())
    places: dict[tuple[str, str], list[Proxy]] = {}
    for proxy in configuration.gateways():
        places.setdefault((proxy.namespace, proxy.selector), []).append(proxy)
    for proxies in places.values():
        for pod in gateways[proxies[0].name]:
            logs = {proxy.name: access_log.lines(read(pod, proxy.container, begin)) for proxy in proxies}
            together = own([line for lines in logs.values() for line in lines], begins)
            for name, lines in logs.items():
                evidence.add(name, [line for line in lines if line in together], len(lines))


def read(pod: Pod, container: str, begin: datetime) -> str:
    """A log from a time on, which the node compares by its own clock."""
    return kubectl.run(
        "-n", pod.namespace, "logs", pod.name, "-c", container, "--tail=-1",
        f"--since-time={begin.strftime('%Y-%m-%dT%H:%M:%SZ')}")


def proves(proof: Proof, line: Line, port: int | None, *, carries: bool = True) -> bool:
    """Whether a line is the one that a proof speaks of.

    Args:
        port: that the gateway's pods listen on for it, `None` where any will do.
        carries: whether bytes must have passed; a refused connection proves no way.
    """
    if proof.text:
        return proof.text in line.text
    if line.cluster != proof.cluster or (proof.sni and line.sni != proof.sni):
        return False
    if proof.flags:
        return proof.flags in line.flags
    if port is not None and access_log.port_of(line.local) != port:
        return False
    return line.carried or not carries


def is_to(line: Line, port: int) -> bool:
    """Whether ratings connected to this port: its other connections are of no concern."""
    return access_log.port_of(line.local) == port
