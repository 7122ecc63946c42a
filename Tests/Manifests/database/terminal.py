"""A program in a terminal of its own: what a person types, and what a person sees."""

from __future__ import annotations

import os
import pty
import select
import time


def converse(words: list, environment: dict, prompt: bytes, typed: bytes) -> tuple[int, str]:
    """Runs a program in a new terminal and types once its prompt is there.

    Args:
        prompt: what to wait for; what is typed sooner would be shown, since the program hides no input yet.
        typed: the keys, `\\x03` for Ctrl-C and `\\x04` for Ctrl-D.

    Returns:
        The exit status, the signal's number negative, and all that the terminal showed, with `\\n` as its lines' ends.
    """
    child, terminal = pty.fork()
    if child == 0:
        os.execvpe(words[0], [str(word) for word in words], environment)
    seen, end = b"", time.monotonic() + 60
    while time.monotonic() < end:
        if not select.select([terminal], [], [], 1)[0]:
            continue
        try:
            more = os.read(terminal, 65536)
        except OSError:
            break
        if not more:
            break
        seen += more
        if typed and prompt in seen:
            # Echo goes off right after the prompt, or right before it.
            time.sleep(0.3)
            os.write(terminal, typed)
            typed = b""
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), seen.decode(errors="replace").replace("\r\n", "\n")
