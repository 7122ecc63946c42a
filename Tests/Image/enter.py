"""Becomes the first process of a container, as the Deployment runs it: the image's root, read-only, user and group 1000, no
capabilities, no new privileges. Comes from outside, since the image holds no program but the service. Called by container.py
inside new mount and process namespaces, as root.

Usage: enter.py ROOT FOLDER-FOR-/mnt STACK-BYTES-OR-0 NAME=VALUE... -- PROGRAM ARGUMENT...
"""

import ctypes
import os
import resource
import subprocess
import sys

PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, PR_SET_SECUREBITS = 24, 38, 28
BUNDLE = "ca-certificates.crt"
libc = ctypes.CDLL(None, use_errno=True)


def mount(*arguments):
    subprocess.run(["mount", *arguments], check=True)


def main():
    root, folder, stack = sys.argv[1:4]
    rest = sys.argv[4:]
    variables, command = rest[: rest.index("--")], rest[rest.index("--") + 1 :]
    mount("--make-rprivate", "/")
    mount("--bind", root, root)
    # Every engine mounts these.
    mount("-t", "proc", "-o", "nosuid,nodev,noexec", "proc", f"{root}/proc")
    mount("-t", "tmpfs", "-o", "size=64k,mode=755", "tmpfs", f"{root}/dev")
    for name, minor in [("null", 3), ("zero", 5), ("random", 8), ("urandom", 9)]:
        os.mknod(f"{root}/dev/{name}", 0o20666, os.makedev(1, minor))
        os.chmod(f"{root}/dev/{name}", 0o666)
    # As a Secret would be mounted, and the name of this machine as an engine writes it.
    mount("--bind", "-o", "ro", folder, f"{root}/mnt")
    mount("--bind", "/etc/hosts", f"{root}/etc/hosts")
    # As a platform brings its own authorities.
    if os.path.exists(f"{folder}/{BUNDLE}"):
        mount("--bind", "-o", "ro", f"{folder}/{BUNDLE}", f"{root}/etc/ssl/certs/{BUNDLE}")
    mount("-o", "remount,bind,ro", root)
    try:
        open(f"{root}/tmp/written", "w").close()
    except OSError:
        pass
    else:
        sys.exit("the root is not read-only")
    # As engines have it: nothing but the root keeps a crash from leaving its memory there.
    resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    if int(stack):
        resource.setrlimit(resource.RLIMIT_STACK, (int(stack), int(stack)))
    os.chroot(root)
    os.chdir("/")
    for capability in range(64):
        libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    os.setgroups([])
    os.setresgid(1000, 1000, 1000)
    os.setresuid(1000, 1000, 1000)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        sys.exit("cannot set no_new_privs")
    # Python ignores two signals that an engine leaves alone.
    import signal

    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)
    os.execve(command[0], command, dict(variable.split("=", 1) for variable in variables))


main()
