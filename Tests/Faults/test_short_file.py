"""The end of a log's file is cut off or zero, sector by sector: a beginning of the log stands, or a refusal."""
import pathlib
import shutil

import pytest
import redis

from damage import SECTOR, behaviour, check_words, data_files, overwrite, used_sectors
from recovery import check_recovery, check_running
from scale import every_case


@every_case("short-file")
def test_a_lost_end_is_noticed_or_is_a_whole_beginning(original, make_server, case):
    server = make_server()
    original.copy_to(server)
    files = data_files(server.directory, ["log"])
    number, is_cut = divmod(case.number, 2)
    path = server.directory / files[number % len(files)]
    used = used_sectors(path)
    place = max(0, used[-1] + 1 - number // len(files)) * SECTOR
    if is_cut:
        with open(path, "r+b") as file:
            file.truncate(place)
    else:
        overwrite(path, place, bytes((used[-1] + 1) * SECTOR - place))
    found = behaviour(server, [original.events], may_lose_the_end=True)
    if found == "refused":
        return
    check_whole_requests(original, len(list(server.events())))
    if found == "right":
        try:
            check_running(server, original.ledger.copy())
        except redis.ResponseError:
            pass  # the damage is in what only an append reads, and it was refused in words


def test_a_file_that_is_cut_under_a_running_server_ends_it_in_words(original, make_server):
    server = make_server()
    original.copy_to(server)
    server.start()
    server.wait_for_views()
    (rows,) = server.directory.glob("views/customer-360-*/data.mdb")
    rows.write_bytes(rows.read_bytes()[:2 * 4096])  # what LMDB says where everything is, and nothing of it
    with pytest.raises(redis.ConnectionError):
        server.ask("get", "customer-360", original.events[0]["subject"])
    assert server.process.wait(timeout=30) == 69
    server.said = pathlib.Path(str(server.directory) + ".out").read_text().split("\n", 1)[1]
    check_words(server)
    shutil.rmtree(server.directory / "views")  # derived: built again from the log
    check_recovery(server, original.ledger.copy())


def check_whole_requests(original, end):
    """No request of the original lies across the end."""
    for request in original.ledger.acknowledged:
        last = max(position for _, position, _ in request.receipts)
        size = sum(len(events) for _, _, events in request.parts)
        assert end > last or end <= last + 1 - size, f"half a batch: the log ends at {end}, within {request.receipts}"
