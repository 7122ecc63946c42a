"""What is known of one verification, from step to step."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from .evidence import Evidence
from .expectations import Configuration, Proof
from .pods import Pod
from .report import Progress, Report

PROXY = "istio-proxy"


@dataclass(frozen=True)
class Options:
    """What the command line says."""

    restart: bool
    timeout: float
    negative: bool


class Stop(Exception):
    """What comes next would say nothing; the report has the failure."""


@dataclass
class State:
    """The steps read it and add to it."""

    options: Options
    report: Report
    progress: Progress
    # The database's, as `parameters.read` gives them.
    values: dict
    configuration: Configuration
    # When the configuration was last changed, by the API server's clock.
    changed: datetime | None = None
    # The gateways' ready pods, by proxy.
    gateways: dict[str, list[Pod]] = field(default_factory=dict)
    # The port in the pod that a proof's connections come to.
    ports: dict[Proof, int | None] = field(default_factory=dict)
    # Ratings', and from when on lines with their addresses count.
    pods: list[Pod] = field(default_factory=list)
    begins: dict[str, datetime] = field(default_factory=dict)
    evidence: Evidence = field(default_factory=Evidence)
    # Whether reviews got an answer of status 200.
    has_answered: bool = False

    @property
    def namespace(self) -> str:
        return self.values["namespace"]
