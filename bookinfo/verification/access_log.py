"""Lines of the proxies' access logs.

Envoy's, in Istio's default text format (https://istio.io/latest/docs/tasks/observability/logs/access-log/), and nginx's,
in the format of egress/tls-wildcard-sni-proxy/config-map.yaml.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

ENVOY = re.compile(
    r'\[(?P<start>[^\]]+)\] "(?P<request>[^"]*)" (?P<code>\d+) (?P<flags>\S+) (?P<details>\S+) (?P<termination>.*?) '
    r'"(?P<failure>[^"]*)" (?P<received>\d+) (?P<sent>\d+) (?P<duration>\S+) \S+ "[^"]*" "[^"]*" "[^"]*" "[^"]*" '
    r'"(?P<upstream>[^"]*)" (?P<cluster>\S+) (?P<upstream_local>\S+) (?P<local>\S+) (?P<remote>\S+) (?P<sni>\S+) (?P<route>\S+)'
)
NGINX = re.compile(
    r"(?P<remote>\S+) \[(?P<end>[^\]]+)\] \S+ \[(?P<sni>[^\]]*)\](?P<status>\d+) "
    r"(?P<sent>\d+) (?P<received>\d+) (?P<seconds>[\d.]+)"
)


@dataclass(frozen=True)
class Line:
    """One connection, or one request of it. Empty where Envoy writes `-`."""

    text: str
    # By the clock of the proxy's node.
    start: datetime
    end: datetime
    received: int
    sent: int
    # Downstream: the address that was connected to, and the one that connected.
    local: str
    remote: str
    sni: str
    is_tcp: bool = True
    cluster: str = ""
    flags: frozenset[str] = frozenset()
    # Why Envoy itself ended the connection, a policy for one.
    termination: str = ""
    # Why TLS to the next hop failed.
    failure: str = ""
    upstream: str = ""
    # nginx's, https://nginx.org/en/docs/stream/ngx_stream_core_module.html#var_status; 0 in Envoy's lines.
    status: int = 0
    # How much later it may have begun.
    uncertainty: timedelta = timedelta(milliseconds=2)

    @property
    def carried(self) -> bool:
        """Whether bytes passed in both directions."""
        return self.received > 0 and self.sent > 0

    @property
    def client(self) -> str:
        """The address that connected, without its port."""
        return address_of(self.remote)

    @property
    def has_inner_client(self) -> bool:
        """Whether something in the proxy's own pod connected: an internal listener, or a container beside it."""
        return self.remote.startswith("envoy://") or self.client in ("127.0.0.1", "::1")


def parse(text: str) -> Line | None:
    """A line, or `None` where it is something else: a proxy's own message, or another format."""
    match = ENVOY.match(text)
    if match:
        fields = {key: "" if value == "-" else value for key, value in match.groupdict().items()}
        start = time(fields["start"])
        duration = int(fields["duration"]) if fields["duration"].isdigit() else 0
        return Line(
            text=text, start=start, end=start + timedelta(milliseconds=duration), received=int(fields["received"]),
            sent=int(fields["sent"]), local=fields["local"], remote=fields["remote"], sni=fields["sni"],
            is_tcp=fields["request"] == "- - -", cluster=fields["cluster"],
            flags=frozenset(filter(None, fields["flags"].split(","))), termination=fields["termination"],
            failure=fields["failure"], upstream=fields["upstream"],
        )
    match = NGINX.match(text)
    if match:
        # nginx writes whole seconds: begin and end are up to a second later than it says.
        end = datetime.strptime(match["end"], "%d/%b/%Y:%H:%M:%S %z")
        return Line(
            text=text, start=end - timedelta(seconds=float(match["seconds"])), end=end + timedelta(seconds=1),
            received=int(match["received"]), sent=int(match["sent"]), local="", remote=match["remote"], sni=match["sni"],
            status=int(match["status"]), uncertainty=timedelta(seconds=1),
        )
    return None


def lines(text: str) -> list[Line]:
    """All lines of a log that can be read, in its order."""
    return [line for line in map(parse, text.splitlines()) if line]


def time(text: str) -> datetime:
    """RFC 3339 in UTC, with or without fractions of a second: what Kubernetes and Envoy write."""
    whole, _, fraction = text.rstrip("Z").partition(".")
    seconds = datetime.strptime(whole, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=timezone.utc)
    return seconds + timedelta(microseconds=int(fraction[:6].ljust(6, "0")) if fraction else 0)


def address_of(place: str) -> str:
    """`192.0.2.10:27017` or `[2001:db8::10]:27017` without the port; nginx writes addresses without one."""
    match = re.fullmatch(r"\[(.*)\]:\d+|([^:]*):\d+", place)
    return match[1] or match[2] if match else place


def port_of(place: str) -> int | None:
    """The port of the same; `None` where it has none, as an internal listener."""
    digits = place.rpartition(":")[2]
    return int(digits) if digits.isdigit() else None
