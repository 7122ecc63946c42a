"""Asking ratings as reviews does, and asking ratings what it sees itself."""

from __future__ import annotations

from dataclasses import dataclass

from . import kubectl

# Runs in the reviews container, with what its image has; prints the body and, on a line of its own, the status.
ASK = r"""if command -v curl >/dev/null; then
    exec curl -sS -m 5 -w '\n%{http_code}\n' http://ratings:9080/ratings/0
fi
exec 3<>/dev/tcp/ratings/9080 || exit
printf 'GET /ratings/0 HTTP/1.1\r\nHost: ratings:9080\r\nConnection: close\r\n\r\n' >&3
mapfile -t lines < <(timeout 5 cat <&3)
set -- ${lines[0]}
printf '%s\n%s\n' "${lines[-1]}" "$2"
"""


@dataclass(frozen=True)
class Answer:
    """What reviews got; status 0 where it got none."""

    status: int
    body: str

    def __str__(self) -> str:
        return f"{self.status} {self.body}" if self.status else f"no answer: {self.body}"


def ask(namespace: str) -> Answer:
    """One request from the reviews pod."""
    try:
        text = kubectl.run("-n", namespace, "exec", "deployment/reviews-v3", "-c", "reviews", "--", "bash", "-c", ASK)
    except kubectl.KubectlError as error:
        return Answer(0, " ".join(str(error).split()))
    body, _, status = text.rstrip("\n").rpartition("\n")
    return Answer(int(status), body.strip()) if status.isdigit() else Answer(0, " ".join(text.split()))


def ratings_check(namespace: str) -> str:
    """The output of `ratings check` from the pod; it ends with 1 where a layer fails. The image needs no shell for it."""
    done = kubectl.ended("-n", namespace, "exec", "deployment/ratings-v2", "-c", "ratings", "--", "ratings", "check")
    return done.stdout.strip() or done.stderr.strip()
