"""What a power cut may leave of the calls that a server made: whatever was not synced is there, or not, or in parts.

The model is POSIX's and not one file system's: a write is durable when its file was synced, or at once with O_DSYNC;
a name is durable when its directory was synced. Until then each sector of each write may be on the disk or not.
With `journaled`, names become durable with any sync at all, in order, as on ext4.
"""
import pathlib
from dataclasses import dataclass, field

SECTOR = 512
BOOT = pathlib.Path("/proc/sys/kernel/random/boot_id").read_text().strip().encode()


@dataclass(eq=False)
class Op:
    """A call as faulty_disk.c wrote it down."""
    call: str
    path: str
    other: str
    offset: int
    flags: int
    time: float
    data: bytes
    is_durable: bool = False


def read_trace(path):
    data, place, ops = path.read_bytes(), 0, []
    while place < len(data):
        end = data.index(b"\n", place)
        call, name, other, offset, flags, moment, size = data[place:end].decode().split("\t")
        place = end + 1 + int(size)
        ops.append(Op(call, name, other, int(offset), int(flags), float(moment), data[end + 1:place]))
    return ops


@dataclass(eq=False)
class File:
    base: bytes = b""
    ops: list = field(default_factory=list)


class Disk:
    """Files and names after some calls, and which of them are durable."""

    def __init__(self, base, journaled):
        self.journaled = journaled
        self.names = {str(path.relative_to(base)): File(path.read_bytes())
                      for path in base.rglob("*") if path.is_file()}
        self.durable_names = dict(self.names)
        self.pending = []  # changes of names: (directory, what to do with a dictionary of names)

    def apply(self, op):
        getattr(self, f"_{op.call}")(op)

    def _file(self, path):
        return self.names.get(path.removesuffix(" (deleted)"))

    def _write(self, op):
        if file := self._file(op.path):
            op.is_durable = op.flags == 1
            file.ops.append(op)

    def _size(self, op):
        if file := self._file(op.path):
            file.ops.append(op)

    _allocate = _size

    def _sync(self, op):
        if file := self._file(op.path):
            for earlier in file.ops:
                earlier.is_durable = True
        waiting = []
        for directory, change in self.pending:
            if self.journaled or directory == op.path:
                change(self.durable_names)
            else:
                waiting.append((directory, change))
        self.pending = waiting

    def _create(self, op):
        if op.path in self.names:
            if op.flags:
                self.names[op.path].ops.append(Op("size", op.path, "", 0, 0, op.time, b""))
            return
        file = self.names[op.path] = File()
        self._later(op.path, lambda names: names.__setitem__(op.path, file))

    def _rename(self, op):
        file = self.names[op.other] = self.names.pop(op.path)
        self._later(op.other, lambda names: (names.__setitem__(op.other, file), names.pop(op.path, None)))

    def _link(self, op):
        file = self.names[op.other] = self.names[op.path]
        self._later(op.other, lambda names: names.__setitem__(op.other, file))

    def _unlink(self, op):
        self.names.pop(op.path, None)
        self._later(op.path, lambda names: names.pop(op.path, None))

    def _mkdir(self, op):
        pass  # directories are made for the files in them

    _rmdir = _mkdir

    def _later(self, path, change):
        parent = str(pathlib.PurePath(path).parent)
        self.pending.append(("" if parent == "." else parent, change))

    def power_cut(self, directory, dice):
        """Writes one of the states that may be left into a directory that holds a copy of the base."""
        names = dict(self.durable_names)
        count = len(self.pending)
        for _, change in self.pending[:dice.choice([0, dice.randint(0, count), count])]:
            change(names)
        keep = dice.choice([0.0, 0.5, 0.9, 1.0])
        for path in directory.rglob("*"):
            if path.is_file() and str(path.relative_to(directory)) not in names:
                path.unlink()
        for name, file in names.items():
            path = directory / name
            is_new = not path.exists() or self.names.get(name) is not file or not file.base
            if not file.ops and not is_new:
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            if is_new:
                path.write_bytes(file.base)
                path.chmod(0o600)  # as the server makes every file: keys that others may read are refused
            with open(path, "r+b") as target:
                for op in file.ops:
                    if op.is_durable or op.call == "write" or dice.random() < keep:
                        put(target, op, dice, keep)
        after_reboot(directory)


def put(target, op, dice, keep):
    """A call, or a part of it if it is not durable."""
    if op.call == "size":
        target.truncate(op.offset)
    elif op.call == "allocate":
        target.seek(0, 2)
        if target.tell() < op.offset and not op.flags & 1:
            target.truncate(op.offset)
    elif op.is_durable:
        target.seek(op.offset)
        target.write(op.data)
    else:
        for start in range(0, len(op.data), SECTOR):
            if dice.random() < keep:
                target.seek(op.offset + start)
                target.write(op.data[start:start + SECTOR])


def after_reboot(directory):
    """The machine has started anew since: small files that name this boot name another one."""
    for path in directory.rglob("*"):
        if path.is_file() and path.stat().st_size < 4096 and BOOT in (data := path.read_bytes()):
            path.write_bytes(data.replace(BOOT, BOOT[::-1].replace(b"-", b"0")))
