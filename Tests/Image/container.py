"""The service as the first process of a container, without a container engine."""

import os
import pathlib
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

# What the Dockerfile sets; read from it, so that no second list goes stale.
def image_environment(dockerfile):
    variables = {}
    for line in pathlib.Path(dockerfile).read_text().splitlines():
        if line.startswith("ENV "):
            variables.update(pair.split("=", 1) for pair in line[4:].split())
    return variables


class Container:
    """Runs `arguments` of the image's service. To be ended with `close`."""

    def __init__(self, root, folder, environment, arguments, stack=0):
        variables = [f"{name}={value}" for name, value in environment.items()]
        enter = str(pathlib.Path(__file__).with_name("enter.py"))
        self.process = subprocess.Popen(
            ["unshare", "--mount", "--pid", "--fork", "--kill-child", sys.executable, enter, root, folder, str(stack),
             *variables, "--", "/opt/ratings/ratings", *arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.pid = self._first_process()

    def _first_process(self):
        """The process's id out here, once it is the service and no longer what made the container."""
        outer = self.process.pid
        children = pathlib.Path(f"/proc/{outer}/task/{outer}/children")
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and self.process.poll() is None:
            for pid in children.read_text().split():
                try:
                    if os.readlink(f"/proc/{pid}/exe").endswith("/opt/ratings/ratings"):
                        return int(pid)
                except OSError:
                    pass
        return None

    def status(self, field):
        for line in pathlib.Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith(field + ":"):
                return line.split(":", 1)[1].split()
        raise KeyError(field)

    def blocks(self, number):
        """Whether its first thread holds the signal back, which the first statement of the service does."""
        return bool(int(self.status("SigBlk")[0], 16) & 1 << (number - 1))

    def send(self, number):
        os.kill(self.pid, number)

    def wait(self, seconds):
        """As an engine reports it: 128 and the signal's number where one ended it. None where it lives on."""
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        return 128 - code if code < 0 else code

    def output(self):
        return self.process.stdout.read().decode(errors="replace")

    def close(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


def get(port, path, seconds=5):
    """The status and body of an answer; None where nobody answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=seconds) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return None


def get_when_up(port, path, container, seconds=30):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and container.process.poll() is None:
        answer = get(port, path)
        if answer:
            return answer
        time.sleep(0.05)
    return None


TERM, HUP, QUIT = signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT
