"""Host names and IP addresses as a person may write them. Names follow RFC 1123 and RFC 4343."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Any, Iterator

LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


@dataclass(frozen=True)
class Problem:
    """A value that can't be meant."""

    field: str
    value: Any
    why: str
    example: str

    def __str__(self) -> str:
        value = "" if self.value is None else f" {self.value!r}" if isinstance(self.value, str) else f" {self.value}"
        return f"{self.field}:{value} {self.why}; for example {self.example}"


def name(field: str, value: Any, example: str, *, dots: int = 1) -> Iterator[Problem]:
    """A host name, lower case, without anything around it.

    Args:
        dots: how many there must be at least; a name without one is a Service's short name to a pod's resolver.
    """

    def wrong(why: str) -> Problem:
        return Problem(field, value, why, example)

    if not isinstance(value, str):
        yield wrong("is no text")
    elif "://" in value:
        yield wrong("is a URL, and the name alone is wanted: it becomes the host and the SNI")
    elif "@" in value or "/" in value:
        yield wrong("holds more than a name")
    elif is_loopback(value):
        yield wrong("is the pod itself to whatever runs in a pod, and the way to it passes no proxy")
    elif is_address(value):
        yield wrong("is an IP address, and SNI carries names only (RFC 6066); an address belongs into `address`")
    elif re.fullmatch(r"[^:]+:\d*", value):
        yield wrong("holds a port; the port has a field of its own")
    elif "*" in value:
        yield wrong("is a wildcard; wildcards belong into `wildcard`")
    elif value.endswith("."):
        yield wrong("ends with a dot, which no certificate and no SNI has")
    elif value != value.lower():
        yield wrong("has capital letters; Envoy compares names in lower case")
    elif not value.isascii():
        yield wrong("has letters that DNS carries in Punycode only (xn--…)")
    elif len(value) > 253 or not all(LABEL.fullmatch(label) for label in value.split(".")):
        yield wrong("is no host name (RFC 1123: letters, digits and hyphens, up to 63 between two dots)")
    elif value.count(".") < dots:
        yield wrong("has no dot, and in a pod such a name is a Service's of its namespace")


def is_address(text: str) -> bool:
    """Whether it is an IP address, with brackets, port or prefix or without; old forms such as 127.1 included."""
    bare = text.partition("/")[0]
    inside = re.fullmatch(r"\[(.*)\](:\d*)?", bare)
    if inside:
        bare = inside[1]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        ipaddress.ip_address(bare.partition("%")[0])
        return True
    except ValueError:
        return re.fullmatch(r"(0x[0-9a-fA-F]+|\d+)(\.(0x[0-9a-fA-F]+|\d+)){0,3}", bare) is not None


def is_loopback(text: str) -> bool:
    """Whether it names the machine that it is read on."""
    bare = re.sub(r"^\[(.*)\](:\d*)?$", r"\1", text.lower().rstrip("."))
    bare = bare if bare.count(":") > 1 else bare.partition(":")[0]
    return re.fullmatch(r"(.*\.)?localhost|127\.[\d.]*|::1|0+(:0+){6}:0*1|::ffff:127\.[\d.]*", bare) is not None
