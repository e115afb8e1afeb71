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
