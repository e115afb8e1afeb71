"""One flipped bit in any file: the audit finds it or it harms nothing; no event is ever served wrong."""
from collections import Counter

from damage import SECTOR, behaviour, data_files, flip, used_sectors
from scale import every_case


def a_place(path, dice):
    """Mostly where something stands; in a tenth of all cases anywhere."""
    used = used_sectors(path)
    size = path.stat().st_size
    if not used or dice.random() < 0.1:
        return dice.randrange(size)
    return min(size - 1, dice.choice(used) * SECTOR + dice.randrange(SECTOR))


@every_case("bit-flip", group=10)
def test_a_flipped_bit_never_makes_a_wrong_answer(original, make_server, cases):
    outcomes, problems = Counter(), []
    for case in cases:
        server, dice = make_server(f"flip{case.number}"), case.dice
        original.copy_to(server)
        part = dice.choice(["log", "log", "index", "views", "personal", "keys"])
        file = dice.choice(data_files(server.directory, [part]) or data_files(server.directory))
        place, mask = a_place(server.directory / file, dice), 1 << dice.randrange(8)
        flip(server.directory / file, place, mask)
        try:
            outcomes[part, behaviour(server, [original.events])] += 1
        except AssertionError as problem:
            problems.append(f"case {case.number}, {file} byte {place} mask {mask}: {problem}")
        finally:
            server.remove()
    print(dict(outcomes))
    assert not problems, "\n".join(problems)
