"""The fields of egress/parameters/database.yaml, each with what can be meant by it.

Wildcards follow Istio's reference of ServiceEntry.hosts.
"""

from __future__ import annotations

import ipaddress
import re
from typing import Any, Callable, Iterator

from .host_names import LABEL, Problem, is_address, is_loopback, name

# The members that the repository comes with: nobody has named a replica set yet.
EXAMPLE_MEMBERS = ["mongodb1.example.com", "mongodb2.example.com", "mongodb3.example.com"]


def namespace(field: str, value: Any) -> Iterator[Problem]:
    """A Kubernetes namespace (RFC 1123 label)."""
    if not isinstance(value, str) or not LABEL.fullmatch(value):
        yield Problem(field, value, "is no namespace (RFC 1123: small letters, digits and hyphens)", EXAMPLES[field])


def host(field: str, value: Any) -> Iterator[Problem]:
    """The database's name."""
    yield from name(field, value, EXAMPLES[field])


def port(field: str, value: Any) -> Iterator[Problem]:
    """A TCP port, as a number: kustomize puts text into the manifests as text, and Istio's schemas refuse it there."""
    if isinstance(value, str) and value.isdigit():
        yield Problem(field, value, "is text; write it without quotes", EXAMPLES[field])
    elif isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 65535:
        yield Problem(field, value, "is no port (1 to 65535)", EXAMPLES[field])


def address(field: str, value: Any) -> Iterator[Problem]:
    """The database's address, IPv4 or IPv6, alone. istiod takes it as one address, /32 or /128."""

    def wrong(why: str) -> Problem:
        return Problem(field, value, why, EXAMPLES[field])

    if not isinstance(value, str):
        yield wrong("is no text")
        return
    if is_loopback(value):
        yield wrong("is the pod itself to whatever runs in a pod, and the way to it passes no proxy")
        return
    if "://" in value:
        yield wrong("is a URL, and an IP address is wanted")
        return
    if "/" in value:
        yield wrong("holds a prefix; write the address alone, it is one address, /32 or /128")
        return
    try:
        found = ipaddress.ip_address(value)
    except ValueError:
        if re.fullmatch(r"\[.*\](:\d+)?|[\d.]+:\d+", value):
            yield wrong("holds brackets or a port; write the address alone")
        elif re.search(r"[a-zA-Z]", value) and ":" not in value:
            yield wrong("is a name; look its address up with `getent ahosts`")
        else:
            yield wrong("is no IP address")
        return
    is_broadcast = found == ipaddress.IPv4Address(2**32 - 1)
    if found.is_unspecified or found.is_multicast or found.is_link_local or is_broadcast:
        yield wrong("is no address of one server (unspecified, multicast, broadcast or link-local)")
    elif str(found) != value:
        yield wrong(f"is written {found} by every proxy; write it that way")


def wildcard(field: str, value: Any) -> Iterator[Problem]:
    """A domain, as `*.` and a name: Envoy matches SNIs by whole labels."""
    if isinstance(value, str) and "://" not in value and not is_address(value) and not value.startswith("*."):
        yield Problem(field, value, "does not begin with `*.`, so it would be one host or none", EXAMPLES[field])
        return
    if isinstance(value, str) and value.startswith("*."):
        rest = value[2:]
        for problem in name(field, rest, EXAMPLES[field], dots=0):
            yield Problem(field, value, problem.why, problem.example)
    else:
        yield from name(field, value, EXAMPLES[field])


def members(field: str, value: Any) -> Iterator[Problem]:
    """Host names, each once; an empty list where there is no replica set."""
    if not isinstance(value, list):
        yield Problem(field, value, "is no list", EXAMPLES[field])
        return
    for index, member in enumerate(value):
        yield from name(f"{field}[{index}]", member, f"- {EXAMPLE_MEMBERS[0]}")
        if member in value[:index]:
            yield Problem(f"{field}[{index}]", member, "is there twice", f"- {EXAMPLE_MEMBERS[0]}")


def resolver(field: str, value: Any) -> Iterator[Problem]:
    """The name server that nginx asks: a name, an IPv4 address, or an IPv6 address in brackets, as nginx writes it."""
    inside = re.fullmatch(r"\[(.*)\]", value) if isinstance(value, str) else None
    bare = inside[1] if inside else value
    if isinstance(bare, str) and is_loopback(bare):
        yield Problem(field, value, "is the gateway's pod itself, and no name server runs there", EXAMPLES[field])
        return
    try:
        version = ipaddress.ip_address(bare).version
    except ValueError:
        yield from name(field, value, EXAMPLES[field])
        return
    if (version == 6) != bool(inside):
        yield Problem(field, value, "must be in brackets if it is an IPv6 address, and only then", 'resolver: "[2001:db8::53]"')


CHECKS: dict[str, Callable[[str, Any], Iterator[Problem]]] = {
    "namespace": namespace, "host": host, "port": port, "address": address, "wildcard": wildcard, "members": members,
    "resolver": resolver,
}

EXAMPLES = {
    "namespace": "namespace: default",
    "host": "host: mongo.example.com",
    "port": "port: 27017",
    "address": "address: 192.0.2.10, or 2001:db8::10",
    "wildcard": 'wildcard: "*.example.com"',
    "members": "members: [mongodb1.example.com, mongodb2.example.com], or []",
    "resolver": "resolver: kube-dns.kube-system.svc.cluster.local",
}
