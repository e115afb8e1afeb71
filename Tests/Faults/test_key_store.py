"""The disk fails the store of the keys alone: what needs no key goes on, what needs one is refused in words."""
import json

import pytest
import redis

from faulty_disk import ALL_LATER, FaultyDisk
from recovery import check_recovery
from ledger import Request
from load import Data


def append(server, ledger, account, is_person):
    request = ledger.add(Request([(f"account-{account}", "none", [(account, Data(account, "Somebody", is_person))])]))
    try:
        request.acknowledge(server.client().execute_command(*request.words()))
    except redis.ResponseError as refusal:
        request.refuse(str(refusal))
        raise


def check_refused(action):
    """The key store refuses it, in three sentences."""
    with pytest.raises(redis.ResponseError, match=r"^UNAVAILABLE the key store failed: .*\. .*\. .*restart"):
        action()


@pytest.fixture
def failing(room, make_server, ledger):
    """A server with a person in its log and no key in memory, and the disk of its keys."""
    disk = FaultyDisk(room, f"{room}/data/keys")
    server = make_server(environment=disk.environment)
    server.start()
    append(server, ledger, "known", is_person=True)
    assert server.stop() == 0
    yield server.start(), disk
    disk.disarm()
    if server.is_running:
        assert server.stop() == 0
    server.environment = {}
    check_recovery(server, ledger)


def test_a_key_that_is_not_written_stops_personal_fields_until_the_disk_is_well(failing, ledger):
    server, disk = failing
    disk.arm(["write", "sync"], 1, "fail", "EIO", ALL_LATER)
    check_refused(lambda: append(server, ledger, "new", is_person=True))
    assert disk.hits
    append(server, ledger, "company", is_person=False)
    assert [event["data"]["account_id"] for event in server.events()] == ["known", "company"]
    disk.disarm()
    append(server, ledger, "newer", is_person=True)


def test_a_store_whose_head_is_not_written_stops_what_needs_keys_until_a_restart(failing, ledger):
    server, disk = failing
    disk.count(["write"])
    append(server, ledger, "counted", is_person=True)
    last = disk.disarm()
    assert server.stop() == 0
    server.start()  # no key is in memory now
    # LMDB writes the page that says what stands last, and after an error there it wants to be opened again.
    disk.arm(["write"], last, "fail", "EIO", ALL_LATER)
    check_refused(lambda: append(server, ledger, "new", is_person=True))
    append(server, ledger, "company", is_person=False)
    check_refused(lambda: list(server.events()))
    company = server.client().execute_command("LOG.READ", "STREAM", "account-company")
    assert json.loads(company[0])["data"]["name"] == "Somebody", "what has no personal field is read as ever"
