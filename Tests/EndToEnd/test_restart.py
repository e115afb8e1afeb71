"""The log is ground: what is derived can be deleted, and stopping loses nothing."""
import json
import pathlib
import shutil
import signal
import socket
import subprocess
import threading
import time

import pytest
import redis

from product import BINARIES, VIEWS, audit, run, state_hashes
from wire import command


def reports(server):
    """What the views answer, without when it was asked."""
    answers = {view: server.ask("report", view) for view in VIEWS}
    answers["customers"] = server.scan("customer-360", limit=10_000)
    answers["orders"] = server.scan("churn-signals", limit=10_000, fields="bgnbd")
    answers["deals"] = server.scan("sales-funnel", limit=1000)
    return answers


def lookups(server):
    """Some reads that need the index."""
    client = server.client()
    questions = [("LOG.QUERY", "TYPES", "opportunity.won,order.placed", "COUNT", 500),
                 ("LOG.QUERY", "TERMS", "account:a1", "COUNT", 500),
                 ("LOG.READ", "STREAM", "account-a1")]
    return [client.execute_command(*words) for words in questions]


@pytest.mark.parametrize("lost", [["index"], ["views"], ["index", "views"]], ids="+".join)
def test_deleting_derived_state_changes_no_answer(make_server, demo, lost):
    server = make_server().start()
    server.load(demo(300))
    server.wait_for_views()
    answers, found = reports(server), lookups(server)
    assert all(found), "the look-ups find something"
    assert server.stop() == 0
    hashes = state_hashes(server.directory)
    assert set(hashes) == set(VIEWS)
    for folder in lost:
        shutil.rmtree(server.directory / folder)
    server.start()
    server.wait_for_views()
    assert reports(server) == answers
    assert lookups(server) == found
    assert server.stop() == 0
    assert state_hashes(server.directory) == hashes


def test_a_stop_during_load_loses_nothing_acknowledged(make_server, demo):
    server, acknowledged = make_server().start(), {}
    lines = demo(300).read_text().splitlines()

    def load():
        client = server.client()
        client.ping()
        try:
            for start in range(0, len(lines), 32):
                for line, reply in zip(lines[start:], client.execute_command("LOG.INGEST", *lines[start:start + 32])):
                    acknowledged[json.loads(line)["id"]] = reply[1]
        except (redis.ConnectionError, redis.ResponseError):
            pass  # the server is stopping

    thread = threading.Thread(target=load)
    thread.start()
    while len(acknowledged) < 2000 and thread.is_alive():
        time.sleep(0.001)
    assert server.stop() == 0, "a graceful stop ends with 0"
    thread.join(timeout=30)
    assert 2000 <= len(acknowledged) < len(lines), "the stop fell into the load"
    server.start()
    found = {event["id"]: event["position"] for event in server.events()}
    assert {key: found.get(key) for key in acknowledged} == acknowledged
    server.wait_for_views()
    assert server.stop() == 0
    assert audit(server.directory)["exit_code"] == 0


def test_a_stop_answers_what_was_already_sent(make_server, demo):
    server = make_server().start()
    lines = demo(300).read_text().splitlines()[:200]
    peer = socket.socket(socket.AF_UNIX)
    peer.settimeout(10)
    peer.connect(server.socket)
    words = [[b"PING"]] + [[b"LOG.INGEST", line.encode()] for line in lines]
    peer.sendall(b"".join(command(*each) for each in words[:100]))
    answered = peer.recv(1 << 16)
    assert answered
    assert server.stop() == 0
    while block := peer.recv(1 << 16):
        answered += block
    positions = answered.count(b"position")
    server.start()
    assert sum(1 for _ in server.events()) == positions, "every append that happened was answered, and no other"


def test_a_second_server_on_the_same_directory_is_refused(server):
    done = run("rapportd", "--data", server.directory, "--socket", f"{server.socket}2", expecting=69)
    assert "another process writes this log" in done.stderr
    assert server.client().ping()


@pytest.mark.skipif(shutil.which("prlimit") is None, reason="prlimit is not here: install the package util-linux")
def test_too_few_descriptors_are_refused_in_words(tmp_path):
    command = ["prlimit", "--nofile=127", BINARIES / "rapportd", "--data", tmp_path / "data", "--socket", tmp_path / "s"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert done.returncode == 69 and "127 files" in done.stderr and "ulimit -n" in done.stderr, done.stderr


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.0.2.1", "example.org"])
def test_an_address_beyond_loopback_is_refused(tmp_path, address):
    done = run("rapportd", "--data", tmp_path / "data", "--socket", tmp_path / "s", "--port", "0", "--bind", address,
               expecting=69, timeout=30)
    assert "not a loopback address" in done.stderr


def test_the_socket_is_its_owners_alone(server):
    assert oct(server.directory.joinpath("log", "data.mdb").stat().st_mode)[-3:] == "600"
    assert oct(pathlib.Path(server.socket).stat().st_mode)[-2:] == "00"


def test_a_log_restored_from_an_older_copy_is_not_answered_with_newer_views(make_server, demo, tmp_path):
    """Views that know events which the log does not have are derived state gone wrong: built again, or refused."""
    lines = demo(300).read_text().splitlines()
    parts = []
    for name, part in (("first", lines[:2000]), ("second", lines[2000:3000]), ("other", lines[5000:6000])):
        parts.append(tmp_path / f"{name}.ndjson")
        parts[-1].write_text("\n".join(part) + "\n")
    server = make_server().start()
    server.load(parts[0])
    assert server.stop() == 0
    shutil.copytree(server.directory / "log", tmp_path / "backup")
    server.start().load(parts[1])
    server.wait_for_views()
    assert server.stop() == 0
    shutil.rmtree(server.directory / "log")
    shutil.copytree(tmp_path / "backup", server.directory / "log")
    server.start()
    events = server.wait_for_views()
    assert events == 2000
    assert server.ask("report", "customer-360")["report"]["events"] == 2000
    server.load(parts[2])
    server.wait_for_views()
    assert server.stop() == 0
    assert audit(server.directory, expecting=None)["exit_code"] == 0


@pytest.fixture
def heard():
    """Who runs tests in the background makes them ignore SIGINT, and with them every program that they start."""
    former = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, former)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)
def test_a_signal_at_any_moment_of_a_start_ends_it_and_harms_nothing(make_server, demo, heard, number):
    server = make_server()
    for step in range(8):  # the first ones make the directory, and none is waited for
        server.begin()
        time.sleep(0.006 * step)
        server.process.send_signal(number)
        assert server.process.wait(timeout=10) in (0, -number), server.said
    server.start().load(demo(300))
    events = server.wait_for_views()
    for step in range(8):
        server.kill() if step % 2 else server.stop()
        server.begin()
        time.sleep(0.015 * step)
        server.process.send_signal(number)
        assert server.process.wait(timeout=10) in (0, -number), server.said
        server.start()
    assert server.wait_for_views() == events
    assert server.stop() == 0
    assert audit(server.directory)["events"] == events


def test_the_binaries_say_their_release_and_their_usage():
    for name in ("rapportd", "rapport"):
        assert run(name, "--version").stdout.strip()
    for name in ("rapportd", "rapport", "rapport-replay"):
        assert "USAGE" in run(name, "--help").stdout


def test_a_socket_on_which_a_server_answers_is_not_taken_from_it(make_server):
    server, other = make_server("one").start(), make_server("two")
    other.socket = server.socket
    assert not other.launch()
    assert other.process.returncode == 69 and "a server answers on" in other.said
    assert server.client().ping()
    # What a killed server has left is nobody's.
    server.kill()
    other.start()


def test_a_port_that_is_none_is_refused(tmp_path):
    said = subprocess.run([BINARIES / "rapportd", "--data", tmp_path / "data", "--port", "99999"], capture_output=True)
    assert said.returncode == 1 and b"--port takes 0 to 65535" in said.stderr
    assert not (tmp_path / "data").exists()
