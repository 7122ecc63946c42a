"""One configuration, verified: the order in which things are looked at, and where it stops."""

from __future__ import annotations

from . import expectations, kubectl, own_pods, parameters, preparation, proving, traffic, who_else
from .report import Progress, Report, Untried
from .state import Options, State, Stop

STEPS = (
    preparation.compare_applied, preparation.find_gateways, own_pods.find_pods, proving.ask, own_pods.look_beyond,
    proving.collect, proving.prove, who_else.prove_mutual_tls, who_else.try_others,
)


def all_steps(state: State) -> None:
    """Until one says that the next ones would say nothing.

    Raises:
        Untried: something is not there that a verification needs.
        kubectl.KubectlError: the cluster does not answer.
    """
    state.progress.say(f"{state.configuration.name}: {state.configuration.description}")
    preparation.find_bookinfo(state)
    try:
        for step in STEPS:
            step(state)
    except Stop:
        pass
    # What ratings itself sees, beside every failure.
    if state.report.failures and not state.report.ratings_check:
        state.report.ratings_check = traffic.ratings_check(state.namespace)


def checked_values(name: str) -> dict:
    """The parameters, if they can be meant.

    Raises:
        Untried: they can't.
    """
    try:
        values = parameters.read()
    except parameters.ParametersError as error:
        raise Untried(str(error)) from error
    problems = parameters.problems(values, name)
    if problems:
        raise Untried("\n".join(["egress/parameters/database.yaml can't be meant:", *(f"    {problem}" for problem in problems)]))
    return values


def verify(name: str, options: Options, report: Report, progress: Progress) -> None:
    """Verifies one configuration; the report says how it ended."""
    try:
        values = checked_values(name)
        all_steps(State(options, report, progress, values, expectations.load(name, values)))
    except (Untried, kubectl.KubectlError) as error:
        report.untried = str(error)
