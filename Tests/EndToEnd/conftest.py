"""What the tests share: servers on directories of their own, and files of events made once."""
import pathlib
import shutil
import sys
import tempfile

sys.dont_write_bytecode = True

import pytest  # noqa: E402

from good_client import good_turn  # noqa: E402
from product import SHARED, Server, run  # noqa: E402


@pytest.fixture(scope="session")
def workshop():
    """A directory with a short path (a Unix socket's has 107 bytes at most), gone at the end.

    It is TMPDIR too: a process that is killed leaves what it folded for an as-of question behind.
    """
    path = pathlib.Path(tempfile.mkdtemp(prefix="rapport-e2e-"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(path))
        yield path
    shutil.rmtree(path, ignore_errors=True)


def servers_in(path):
    """A maker of servers, and the end of all of them."""
    made = []

    def make(name="data"):
        server = Server(path / name)
        made.append(server)
        return server

    yield make
    for server in made:
        if server.is_running:
            server.kill()
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def make_server(workshop):
    """Makes servers that are not started yet, each on a directory of its own."""
    yield from servers_in(pathlib.Path(tempfile.mkdtemp(dir=workshop)))


@pytest.fixture(scope="module")
def make_shared_server(workshop):
    """The same for a whole file of tests."""
    yield from servers_in(pathlib.Path(tempfile.mkdtemp(dir=workshop)))


@pytest.fixture
def server(make_server):
    """A running server with an empty log."""
    return make_server().start()


@pytest.fixture(scope="session")
def demo(workshop):
    """Makes a file of the demo company with so many customers, about 160 events each."""

    def make(customers):
        path = workshop / f"demo-{customers}.ndjson"
        if not path.exists():
            run("rapport", "demo", "--customers", customers, "--out", path)
        return path

    return make


@pytest.fixture(scope="session")
def data_sets():
    """The folder of real data sets, which only the project's own machines have."""
    folder = SHARED / "data"
    if not folder.is_dir():
        pytest.skip(f"the data sets are not there: {folder}")
    return folder


@pytest.fixture(scope="module")
def target(make_shared_server):
    """One server for all attacks: what one leaves behind, the next must not feel."""
    server = make_shared_server("hostile").start()
    good_turn(server)
    yield server
    assert server.is_running, "an attack ended the server"
    good_turn(server)
    assert server.stop() == 0
