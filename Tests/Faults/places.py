"""File systems of a test's own: a disk image, and memory of a certain size. Nothing stays mounted."""
import contextlib
import os
import shutil
import subprocess

import pytest


def needs(*tools):
    """Skips with a sentence that names the package of a missing tool."""
    packages = {"mkfs.ext4": "e2fsprogs", "mount": "mount", "prlimit": "util-linux",
                "strace": "strace"}
    for tool in tools:
        if shutil.which(tool) is None and not os.path.exists(f"/usr/sbin/{tool}"):
            pytest.skip(f"{tool} is not here: install the package {packages[tool]}")


def make_image(path, megabytes):
    """A file that holds an empty ext4 file system."""
    needs("mkfs.ext4")
    with open(path, "wb") as file:
        file.truncate(megabytes << 20)
    subprocess.run(["/usr/sbin/mkfs.ext4", "-q", "-F", "-m", "0", "-E", "lazy_itable_init=0", path], check=True)
    return path


@contextlib.contextmanager
def mounted(image, at):
    """An image as a directory, through a loop device."""
    with _mounted(["-o", "loop", image], at):
        yield at


@contextlib.contextmanager
def memory(at, kilobytes):
    """A directory in memory that holds so many kilobytes."""
    with _mounted(["-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs"], at):
        yield at


@contextlib.contextmanager
def _mounted(words, at):
    needs("mount")
    at.mkdir(exist_ok=True)
    done = subprocess.run(["mount", *words, at], capture_output=True, text=True)
    if done.returncode != 0:
        pytest.skip(f"nothing can be mounted here, which takes root and loop devices: {done.stderr.strip()}")
    try:
        yield
    finally:
        if subprocess.run(["umount", at], capture_output=True).returncode != 0:
            subprocess.run(["umount", "--lazy", at], check=True)
