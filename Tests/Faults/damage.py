"""Files of a stopped server, changed by hand; and how a server that is started on them behaves.

Damage may cost an answer, never its truth: an answer is right, or refused in words, or the server does not start and
says why. What the audit calls verified is whole.
"""
import os
import re
import shutil
import subprocess

import redis

from load import append_some
from product import audit, fields
from recovery import offline_audit

SECTOR = 512
IGNORED = ("lock.mdb", "LOCK")  # no data


class Original:
    """A directory as an orderly stop leaves it, and the truth about it."""

    def __init__(self, server, ledger, dice, name="o", count=200):
        server.start()
        append_some(server, ledger, dice, name, count, depth=8)
        server.client().execute_command("ADMIN.SEAL")
        append_some(server, ledger, dice, name + "-unsealed", count // 4, depth=8)
        self.server, self.ledger = server, ledger
        self.events = list(server.events())
        server.wait_for_views()
        assert server.stop() == 0
        assert audit(server.directory)["exit_code"] == 0
        self.directory = server.directory

    def copy_to(self, server):
        copy_tree(self.directory, server.directory)


def copy_tree(source, target):
    """Sparse, since files are preallocated far beyond what they hold."""
    subprocess.run(["cp", "-a", "--sparse=always", source, target], check=True)


def data_files(directory, parts=("log", "index", "views")):
    """Every file that holds something, by its path below the directory."""
    found = [path for part in parts for path in sorted((directory / part).rglob("*"))]
    return [path.relative_to(directory) for path in found
            if path.is_file() and path.name not in IGNORED and path.stat().st_size > 0]


def used_sectors(path):
    """Numbers of the sectors that are not all zero."""
    empty, found = bytes(SECTOR), []
    with open(path, "rb") as file:
        number = 0
        while block := file.read(1 << 20):
            if block.count(0) != len(block):
                found += [number + place // SECTOR for place in range(0, len(block), SECTOR)
                          if block[place:place + SECTOR] != empty[:len(block) - place]]
            number += len(block) // SECTOR
    return found


def overwrite(path, place, data):
    with open(path, "r+b") as file:
        file.seek(place)
        file.write(data)


def flip(path, place, mask):
    with open(path, "r+b") as file:
        file.seek(place)
        (byte,) = file.read(1)
        file.seek(place)
        file.write(bytes([byte ^ mask]))


def behaviour(server, truths, may_lose_the_end=False):
    """Starts a server on damaged files; returns `right`, `refused` or `short`. Wrong answers and crashes fail.

    `truths` are the logs that may stand here, as lists of events; `short` is a beginning of one.
    """
    before, words = offline_audit(server.directory)
    assert before >= 0, f"the audit crashed with signal {-before}: {words[-500:]}"
    if not server.launch():
        check_words(server)
        return "refused"
    try:
        events = list(server.events())
    except (redis.ResponseError, redis.ConnectionError, AttributeError) as error:
        still_there(server, error)
        return "refused"
    truth = next((truth for truth in truths if events == truth[:len(events)]), None)
    assert truth is not None, "an event is served that was never written so"
    is_short = len(events) < len(truth)
    assert not is_short or may_lose_the_end or before != 0, \
        f"{len(events)} of {len(truth)} events are served, and the audit had found nothing"
    refused = answers_refused(server, events)
    still_there(server)
    return "refused" if refused else "short" if is_short else "right"


def check_words(server):
    code, said = server.process.returncode, server.said
    assert code == 69, f"the server ended with {code}: {said[-500:]}"
    words = re.search(r"^rapportd: (.*)", said, re.MULTILINE | re.DOTALL)
    assert words and words.group(1).count(". ") >= 2, said


def still_there(server, why=""):
    code = server.process.poll()
    assert code is None, f"the server ended with {code}, {why}: {server.said[-300:]}"


def answers_refused(server, events):
    """Asks what takes the index, and compares with the whole log; whether any answer was refused."""
    client, refused = server.client(), False
    streams = {}
    for event in events:
        streams.setdefault(event["subject"], []).append(event)
    questions = [(("LOG.QUERY", "TYPES", "account.created", "COUNT", 4096), events)]
    for stream, part in list(streams.items())[-12:]:
        questions += [(("LOG.READ", "STREAM", stream, "COUNT", 4096), part),
                      (("LOG.QUERY", "TERMS", f"stream:{stream}", "COUNT", 4096), part)]
    questions.append((("LOG.READ", "STREAM", "account-nobody"), []))
    for words, right in questions:
        try:
            found = [position_of(line) for line in client.execute_command(*words)]
        except redis.ResponseError:
            refused = True
            continue
        right = [event["position"] for event in right][:len(found) if len(found) >= 100 else None]
        assert found == right, f"{words[0]} {words[1]} answers {len(found)} events of {len(right)}"
    return refused


def position_of(line):
    return int(re.search(r'"position":(\d+)', line).group(1))


def settle(server, seconds=20):
    """Waits for the views if they get on, stops, and returns what the audit says; for what must heal by itself."""
    server.wait_for_views(seconds)
    assert server.stop() == 0
    return offline_audit(server.directory)


def replace_part(source, target, part):
    """A file or folder of one data directory takes the place of another's."""
    to = target / part
    if to.is_dir():
        shutil.rmtree(to)
    elif to.exists():
        os.unlink(to)
    if (source / part).exists():
        to.parent.mkdir(parents=True, exist_ok=True)
        copy_tree(source / part, to)


def log_events(server):
    return fields(server.client().execute_command("INFO", "log"))["log_events"]
