"""The two meta pages of an LMDB file, torn, wiped or mixed up: one is enough, or the server refuses in words."""
from damage import behaviour, overwrite
from scale import every_case

PAGE = 4096
META = 152  # bytes of a meta page that hold something: page header and MDB_meta of LMDB 0.9 on 64 bits


def tear(data, page, dice):
    """The first half of the meta is new, the rest is not: as after a write that was not atomic."""
    start = page * PAGE
    cut = dice.randrange(16, META, 8)
    other = (1 - page) * PAGE
    return data[:start + cut] + data[other + cut:other + META] + data[start + META:]


def wipe(data, page, dice):
    return data[:page * PAGE] + bytes(PAGE) + data[(page + 1) * PAGE:]


def garble(data, page, dice):
    noise = dice.randbytes(META - 16)
    return data[:page * PAGE + 16] + noise + data[page * PAGE + META:]


@every_case("meta-page")
def test_a_bad_meta_page_never_makes_a_wrong_answer(original, make_server, case):
    server, dice = make_server(), case.dice
    original.copy_to(server)
    files = sorted(server.directory.glob("*/data.mdb")) + sorted(server.directory.glob("views/*/data.mdb"))
    assert files
    path = files[case.number % len(files)] if case.number % 2 else server.directory / "log" / "data.mdb"
    data = path.read_bytes()[:2 * PAGE]
    damage = [tear, wipe, garble][case.number % 3]
    for page in [[0], [1], [0, 1]][dice.randrange(3)]:
        data = damage(data, page, dice)
    overwrite(path, 0, data)
    behaviour(server, [original.events], may_lose_the_end=damage is tear)
