"""The library between server and disk sees every call that strace sees."""
import re
from collections import Counter

from faulty_disk import FaultyDisk
from load import append_some
from lost_writes import read_trace
from places import needs
from scale import Case

KINDS = {"pwrite64": "write", "write": "write", "fsync": "sync", "fdatasync": "sync", "ftruncate": "size",
         "fallocate": "allocate", "rename": "rename", "unlink": "unlink", "mkdir": "mkdir"}
# Vectors are written as one buffer by the library; what it knows nothing of must not change the data directory.
OTHERS = ("pwritev2", "writev", "pwritev", "sendfile", "copy_file_range", "splice", "msync", "sync_file_range",
          "renameat", "renameat2", "unlinkat", "mkdirat", "truncate", "io_uring_enter", "io_submit", "syncfs", "link")


def test_no_call_goes_round_the_library(room, make_server, ledger):
    needs("strace")
    disk = FaultyDisk(room, f"{room}/data")
    disk.follow()
    calls = room / "calls"
    server = make_server(
        before=["strace", "-D", "-f", "-y", "-qq", "-o", calls, "-e",
                "trace=" + ",".join([*KINDS, *(f"?{name}" for name in OTHERS)])], environment=disk.environment)
    server.start()
    append_some(server, ledger, Case("faulty-disk", 0).dice, "a", count=20, depth=4)
    server.wait_for_views()
    assert server.stop() == 0
    seen = Counter(op.call for op in read_trace(disk.trace) if op.call != "create")
    real, below = Counter(), re.compile(re.escape(f"{room}/data") + r'[/>"]')
    for line in calls.read_text(errors="replace").splitlines():
        found = re.match(r"\d+ +(\w+)\((.*)", line)
        if found and below.search(found.group(2)) and not re.search(r" resumed>| = -1 ", line):
            name = found.group(1)
            if KINDS.get(name) == "write" and re.search(r', "", 0[ ,)]', line):
                continue  # writes of nothing, also where another thread's call splits the line
            assert name in KINDS, f"{name} changes the server's files, and the library does not know it: {line[:200]}"
            real[KINDS[name]] += 1
    assert sum(real.values()) > 20 and real == seen
