"""Out of descriptors or out of memory: the server may refuse or end, and nothing acknowledged is lost."""
import time

from ledger import Refusal
from load import Load, append_some
from places import needs
from recovery import append_one, check_log, check_recovery
from resp import Connection, Gone
from scale import every_case
from damage import check_words


@every_case("exhaustion")
def test_a_server_without_descriptors_or_memory_loses_nothing(make_server, ledger, case):
    needs("prlimit")
    if case.number % 2 == 0:
        without_descriptors(make_server, ledger, case.dice)
    else:
        without_memory(make_server, ledger, case.dice)


def without_descriptors(make_server, ledger, dice):
    server = make_server(before=["prlimit", f"--nofile={dice.choice([20, 40, 64, 100, 127, 128, 140, 160])}"])
    if server.launch():
        append_some(server, ledger, dice, "before", count=10)
        crowd = connections(server, 120)
        try:
            with Load(server, ledger, dice, "crowd", writers=2, count=20):
                time.sleep(0.2)
                for connection in crowd:
                    connection.close()
        except Refusal as refusal:
            # The crowd has taken all that there is.
            assert refusal.code == "LIMIT", refusal
        assert server.is_running, f"too many connections ended the server: {server.process.returncode} {server.said}"
        append_when_it_answers(server, ledger)
        assert server.stop() == 0
    else:
        check_words(server)
    server.before = []
    check_recovery(server, ledger)


def connections(server, count):
    """Opens as many as it can; connections that nobody accepts yet count too."""
    opened = []
    for _ in range(count):
        try:
            opened.append(Connection(server.socket, timeout=1))
        except (Gone, TimeoutError):
            break
    return opened


def append_when_it_answers(server, ledger):
    """When the crowd has gone, a new client is served within seconds."""
    deadline = time.monotonic() + 10
    while True:
        try:
            Connection(server.socket, timeout=2).ask("PING")
            break
        except (Gone, TimeoutError):
            assert time.monotonic() < deadline, "there are descriptors again, and nobody is served"
            time.sleep(0.1)
    append_one(server, ledger, check_log(server, ledger))


def without_memory(make_server, ledger, dice):
    """Address space for the map of a small log and little else. A server that has no memory left may end."""
    megabytes = dice.choice([200, 400, 700, 1100, 1300, 1500, 1700, 2000])
    server = make_server(before=["prlimit", f"--as={megabytes << 20}"])
    started = server.launch("--max-log-bytes", 1 << 30)
    if started:
        with Load(server, ledger, dice, "heavy", writers=6, count=100, depth=8, large=60_000):
            pass
        if server.is_running:
            server.kill()
    elif server.process.returncode > 0:
        check_words(server)
    server.before = []
    check_recovery(server, ledger)
