"""The power goes: what was not synced is gone, and what was acknowledged is not.

A server writes into an ext4 image on a loop device. It is stopped in the middle of a load, the image copied, and the
copy mounted: it holds what the disk had at that moment, and nothing that waited in the file system's memory.
"""
import os
import shutil
import signal
import time

from load import Load, append_some
from lost_writes import after_reboot
from places import make_image, mounted
from product import Server
from recovery import check_recovery
from scale import every_case

MEGABYTES = 256


@every_case("power-cut")
def test_acknowledged_events_survive_a_power_cut(room, ledger, case):
    image, dice = make_image(room / "image", MEGABYTES), case.dice
    with mounted(image, room / "disk"):
        server = server_on(room / "disk")
        try:
            server.start()
            if dice.random() < 0.7:
                append_some(server, ledger, dice, "before", count=20, depth=8)
                time.sleep(dice.uniform(0, 0.1))
            with Load(server, ledger, dice, "load", writers=2):
                time.sleep(dice.uniform(0.0, 0.3))
                os.kill(server.process.pid, signal.SIGSTOP)
                copy_of_one_moment(image, room / "copy")
                server.kill()
        finally:
            if server.is_running:
                server.kill()
    with mounted(room / "copy", room / "after"):
        after = server_on(room / "after")
        after_reboot(after.directory)
        try:
            check_recovery(after, ledger)
        finally:
            if after.is_running:
                after.kill()


def copy_of_one_moment(image, copy):
    """Copies until nothing was written meanwhile. The file system's own threads go on for a moment after the server was
    stopped, and no disk ever holds a mixture of two moments."""
    for _ in range(50):
        time.sleep(0.01)
        before = os.stat(image).st_mtime_ns
        shutil.copyfile(image, copy)
        if os.stat(image).st_mtime_ns == before:
            return
    raise AssertionError("something goes on writing, although the server was stopped")


def server_on(disk):
    server = Server(disk / "data")
    server.socket = str(disk.parent / f"{disk.name}.socket")
    return server
