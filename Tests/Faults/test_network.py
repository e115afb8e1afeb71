"""Half-open peers, slow readers, resets, lost acknowledgements, doubled requests: each append happens once or not."""
import threading
import time

from ledger import Refusal
from load import Desk, Load, append_some
from proxy import Proxy, cut
from recovery import check_log, check_running
from resp import Connection, Gone
from scale import every_case
from wire import command


def requests(desk, count):
    return [desk.next() for _ in range(count)]


def half_open(server, desk, dice):
    """Peers that send a part of a frame and then say nothing, while others work."""
    peers, parts = [], requests(desk, 8)
    for request in parts:
        peer = Connection(address(server, dice))
        peer.ask("PING")
        frame = command(*request.words())
        peer.socket.sendall(frame[:dice.randrange(1, len(frame))])
        peers.append(peer)
    append_some(server, desk.ledger, dice, "beside", count=20)
    for peer in peers:
        peer.close()


def slow_read(server, desk, dice):
    """Peers that ask for the whole log again and again and never read."""
    append_some(server, desk.ledger, dice, "much", count=100, depth=8)
    peers, memory = [], server.resident_bytes()
    for _ in range(6):
        peer = Connection(address(server, dice), timeout=0.2)
        peer.ask("PING")
        try:
            for _ in range(200):
                peer.send("LOG.READ", "ALL", "COUNT", 4096)
        except (TimeoutError, Gone):
            pass
        peers.append(peer)
    append_some(server, desk.ledger, dice, "beside", count=20)
    assert server.resident_bytes() < memory + (256 << 20), "slow readers fill the server's memory"
    for peer in peers:
        cut(peer.socket)


def reset_in_a_frame(server, desk, dice):
    """Connections that end within a request: it is not there, and those before it are or are not."""
    for _ in range(10):
        peer = Connection(address(server, dice))
        peer.ask("PING")
        whole, broken = requests(desk, dice.randint(0, 4)), desk.next()
        for request in whole:
            request.may_be_there = True
            peer.send(*request.words())
        frame = command(*broken.words())
        peer.socket.sendall(frame[:dice.randrange(1, len(frame))])
        cut(peer.socket)


def lost_acknowledgements(server, desk, dice):
    """The network ends while replies come back; the client sends everything again until it hears."""
    waiting = requests(desk, 30)
    while waiting:
        with Proxy(server.socket + "p", server.socket, dice.randrange(1, 1200)):
            try:
                peer = Connection(server.socket + "p", timeout=10)
                peer.ask("PING")
                sent = waiting[:8]
                for request in sent:
                    peer.send(*request.words())
                for request in sent:
                    hear(peer, request)
                    waiting.remove(request)
            except (Gone, TimeoutError):
                for request in waiting[:8]:
                    request.may_be_there = True


def doubled(server, desk, dice):
    """The same requests arrive on several connections at once."""
    todo = requests(desk, 20)
    for request in todo:
        request.may_be_there = True  # each of the doubles may be the first
    lock, problems = threading.Lock(), []

    def send():
        peer = Connection(address(server, dice))
        peer.ask("PING")
        for request in todo:
            peer.send(*request.words())
        for request in todo:
            try:
                take(peer, request)
            except AssertionError as problem:
                problems.append(problem)

    def take(peer, request):
        try:
            reply = peer.reply()
        except Refusal as refusal:
            with lock:
                return request.refuse(str(refusal))
        with lock:
            request.acknowledge(reply)

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert not problems, problems


def hear(peer, request):
    try:
        reply = peer.reply()
    except Refusal as refusal:
        request.refuse(str(refusal))
    else:
        request.acknowledge(reply)


def address(server, dice):
    return dice.choice([server.socket, server.port])


@every_case("network")
def test_a_bad_network_loses_and_doubles_nothing(make_server, ledger, case):
    server, dice = make_server().start(), case.dice
    scenario = [half_open, slow_read, reset_in_a_frame, lost_acknowledgements, doubled][case.number % 5]
    append_some(server, ledger, dice, "before", count=5)
    with Load(server, ledger, dice, "load", writers=1, count=40, depth=2):
        scenario(server, Desk(ledger, "desk", dice), dice)
    time.sleep(0.05)
    check_log(server, ledger)
    check_running(server, ledger)
