"""What an operator watches: the disk's free bytes, and those at which appends stop."""
import json
import os

from redis_words import append, refusal


def disk(server):
    log = json.loads(server.rapport("status", "--json").stdout)["log"]
    return log["disk_free_bytes"], log["disk_reserve_bytes"]


def test_the_status_tells_free_bytes_and_the_reserve(make_server):
    server = make_server().start()
    free, reserve = disk(server)
    system = os.statvfs(server.directory)
    # Others write to this disk too.
    assert abs(free - system.f_bavail * system.f_frsize) < 1 << 30
    assert reserve == min(max(system.f_blocks * system.f_frsize // 10, 64 << 20), 1 << 30)
    table = server.rapport("status").stdout
    assert "  disk_free_bytes: " in table and f"  disk_reserve_bytes: {reserve}\n" in table


def test_appends_stop_where_the_status_says(make_server):
    server = make_server().start()
    append(server.client(), "a1", "e1")
    free, _ = disk(server)
    assert server.stop() == 0
    server.start("--reserve-bytes", 2 * free)
    assert disk(server)[1] == 2 * free
    assert refusal(append, server.client(), "a2", "e2").startswith("LOGFULL the log's disk has ")
    assert server.stop() == 0
    server.start("--reserve-bytes", free // 2)
    append(server.client(), "a2", "e2")


def test_numbers_past_anything_are_refused_at_the_start(server, make_server):
    """They ended the server with the first append, and the load before its first."""
    for option in ("--reserve-bytes", "--cache-bytes", "--max-log-bytes"):
        other = make_server("other")
        assert not other.launch(option, 2**63 - 1) and option in other.said
    assert "86400 seconds" in server.rapport("bench", "append", "--count", 2**63 - 1, expecting=1).stderr
    assert "86400 seconds" in server.rapport("bench", "append", "--seconds", "1e300", expecting=1).stderr
