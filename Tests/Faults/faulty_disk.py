"""A server whose calls to the disk fail, or kill it, at a moment that the test chooses. See faulty_disk.c."""
import atexit
import errno
import functools
import mmap
import pathlib
import shutil
import struct
import subprocess
import tempfile

import pytest

KINDS = ("write", "sync", "size", "rename", "unlink", "create")
ALL_LATER = (1 << 32) - 1
ACTIONS = ("nothing", "kill before", "kill after", "kill amid", "fail", "short")


@functools.cache
def library(name="faulty_disk"):
    """The shared library of a C file beside this one, compiled once for a run of the tests."""
    compiler = shutil.which("cc") or shutil.which("clang")
    if compiler is None:
        pytest.skip("no C compiler is here: install the package gcc, or clang")
    folder = tempfile.mkdtemp(prefix="rapport-f-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = pathlib.Path(folder) / f"{name}.so"
    subprocess.run([compiler, "-O1", "-fPIC", "-shared", "-Wall", "-o", path,
                    pathlib.Path(__file__).with_name(f"{name}.c"), "-ldl"], check=True)
    return path


class FaultyDisk:
    """The control of one server's disk. Give `environment` to the server."""

    def __init__(self, room, directory):
        """`directory` is what the calls must be below; give it as the server gets it."""
        self.trace = room / "trace"
        self.trace.touch()
        control = room / "control"
        control.write_bytes(bytes(4096))
        with open(control, "r+b") as file:
            self.page = mmap.mmap(file.fileno(), 4096)
        self.environment = {
            "LD_PRELOAD": str(library()), "FAULTY_CONTROL": str(control), "FAULTY_TRACE": str(self.trace),
            "FAULTY_DIRECTORY": str(pathlib.Path(directory).resolve())}

    def arm(self, kinds, at, action, error=None, more=0):
        """From now on the call `at` of these kinds, counted from 1, and so many more meet their fate."""
        mask = sum(1 << KINDS.index(kind) for kind in kinds)
        code = getattr(errno, error) if error else 0
        self.page[:28] = struct.pack("<7I", 0, at, more, ACTIONS.index(action), code, 0, 0)
        self.page[:4] = struct.pack("<I", mask)

    def disarm(self):
        """Nothing happens any more; returns how many calls were counted."""
        self.page[:4] = bytes(4)
        return self.counted

    def count(self, kinds=KINDS):
        """From now on calls are counted only."""
        self.arm(kinds, 1, "nothing")

    @property
    def counted(self):
        return struct.unpack_from("<I", self.page, 20)[0]

    @property
    def hits(self):
        return struct.unpack_from("<I", self.page, 24)[0]

    def follow(self, on=True):
        """Writes every call down from now on, or no longer."""
        self.page[28:32] = struct.pack("<I", on)
