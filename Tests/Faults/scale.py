"""How many cases each class of faults has, and the dice of each case.

RAPPORT_SCALE is `ci` or `nightly`. RAPPORT_SEED repeats a run: a case depends on the seed, its class and its number.
"""
import os
import random
import shutil

import pytest

SCALE = os.environ.get("RAPPORT_SCALE") or "ci"
SEED = int(os.environ.get("RAPPORT_SEED") or random.randrange(1 << 32))



def rooms():
    """Where directories of tests go: memory for the small counts if it has room, since a killed process needs no
    disk; the disk for the large ones."""
    memory = "/dev/shm"
    if SCALE == "ci" and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2 << 30:
        return memory
    return None


# class: cases in a run of Tools/test, cases in a run of Tools/soak
COUNTS = {
    "kill-at-random": (50, 1000),
    "kill-at-call": (96, 2400),
    "failing-call": (60, 3600),
    "power-cut": (20, 300),
    "lost-writes": (60, 3000),
    "full-disk": (10, 100),
    "full-map": (5, 20),
    "bit-flip": (200, 5000),
    "short-file": (64, 1000),
    "stale-files": (12, 50),
    "meta-page": (8, 50),
    "exhaustion": (6, 30),
    "clock": (6, 20),
    "network": (20, 200),
    "crash-in-recovery": (10, 100),
    "history": (20, 500),
}


class Case:
    """One case: its number, and dice that nothing but seed, class and number decide."""

    def __init__(self, name, number):
        self.name, self.number = name, number
        self.dice = random.Random(f"{SEED}/{name}/{number}")


def count_of(name):
    return COUNTS[name][SCALE == "nightly"]


def every_case(name, group=1):
    """A test that runs for all cases of a class, as its argument `case`, or in groups as `cases`."""
    cases = [Case(name, number) for number in range(count_of(name))]
    if group == 1:
        return pytest.mark.parametrize("case", cases, ids=[f"{name}-{case.number}" for case in cases])
    groups = [cases[start:start + group] for start in range(0, len(cases), group)]
    return pytest.mark.parametrize(
        "cases", groups, ids=[f"{name}-{each[0].number}..{each[-1].number}" for each in groups])
