"""Conditions that ask for much are refused before they keep everybody else waiting."""
import json
import threading
import time

from product import greeted
from wire import command, connect, received, send

NAMES = [[f"a{item}.b{name}" for name in range(32)] for item in range(32)]
BROAD = ["UNLESS"] + [word for item, names in enumerate(NAMES)
                      for word in (["OR"] if item else []) + ["TYPES", ",".join(names)]]
PIPELINED, CONNECTIONS = 128, 4


def append(stream, *condition):
    data = json.dumps({"account_id": stream, "natural_person": False, "name": "x"})
    return ["LOG.APPEND", "STREAM", f"account-{stream}", "EXPECT", "none", "EVENT", "account.created", data,
            "ID", stream, *condition]


def test_a_flood_of_broad_conditions_does_not_stop_the_writer(server):
    refused, taken = [], []

    def flood(number):
        peer = connect(server)
        peer.settimeout(60)
        send(peer, command("PING"))
        received(peer, until_closed=False)
        send(peer, b"".join(command(*append(f"f{number}x{index}", *BROAD)) for index in range(PIPELINED)))
        peer.shutdown(1)
        lines = received(peer).split(b"\r\n")
        refused.extend(line for line in lines if line.startswith(b"-"))
        taken.extend(line for line in lines if line == b"*1")

    threads = [threading.Thread(target=flood, args=[number]) for number in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    client, slowest, count = greeted(server), 0.0, 0
    while any(thread.is_alive() for thread in threads):
        began = time.monotonic()
        client.execute_command(*append(f"v{count}"))
        slowest, count = max(slowest, time.monotonic() - began), count + 1
        time.sleep(0.002)
    assert len(refused) + len(taken) == PIPELINED * CONNECTIONS
    assert taken and all(line.startswith(b"-BUSY") for line in refused), refused[:1]
    assert refused, "the conditions of a commit share their steps"
    assert slowest < 2, slowest
    assert client.execute_command(*append("f0x0-again", *BROAD))
