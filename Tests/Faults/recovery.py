"""What must hold after every fault: the log is what was acknowledged, takes appends, and passes the audit."""
import json

from ledger import Request
from load import Data
from product import audit, run


def check_log(server, ledger, until=None):
    """Compares everything that a running server serves with what was sent to it."""
    return ledger.check(server.events(), until)


def check_recovery(server, ledger, until=None, options=()):
    """Starts a server that is down, and checks it; it is down again at the end, without a fault."""
    server.start(*options)
    check_running(server, ledger, until)


def check_running(server, ledger, until=None):
    """Checks the log of a server, one more append, every view, the stop, and the audit."""
    end = check_log(server, ledger, until)
    append_one(server, ledger, end)
    assert server.wait_for_views(20) == end + 1
    assert server.stop() == 0
    report = audit(server.directory)
    assert report["exit_code"] == 0 and report["events"] == end + 1, json.dumps(report["findings"])


def append_one(server, ledger, end):
    """One event in a stream of its own, which must get the position that is told."""
    account = f"check-{end}-{len(ledger.requests)}"
    stream = f"account-{account}"
    request = Request([(stream, "none", [(account, Data(account, "One more"))])])
    reply = server.client().execute_command(*request.words())
    ledger.add(request).acknowledge(reply)
    assert request.receipts == [(stream, end, 0)], f"after {end} events an append got {reply}"


def offline_audit(directory):
    """The exit code and the words of an audit that may find something."""
    done = run("rapport-replay", "audit", "--data", directory, "--json", expecting=None, timeout=120)
    return done.returncode, done.stdout + done.stderr
