"""Files of another time or of another log: refused or built again, never a wrong answer."""
from damage import behaviour, data_files, log_events, replace_part, settle
from scale import every_case


def swaps(old, new, other):
    """Every mix: which directory it starts from, what is replaced, and where that comes from."""
    for part in ("index", "views", "log"):
        yield new, part, old
        yield old, part, new
        yield new, part, other
    for source in (old, other):
        for target in (new,):
            for file in data_files(target.directory):
                yield target, file, source
    yield new, "FORMAT", None


@every_case("stale-files")
def test_files_of_another_time_or_log_never_make_a_wrong_answer(three_logs, make_server, case):
    mixes = list(swaps(*three_logs))
    target, part, source = mixes[case.number % len(mixes)]
    server = make_server()
    target.copy_to(server)
    if source is None:
        (server.directory / part).unlink()
    else:
        replace_part(source.directory, server.directory, part)
    found = behaviour(server, [log.events for log in three_logs])
    if found == "right" and str(part) in ("index", "views", "log"):
        end = log_events(server)
        code, words = settle(server)
        assert code == 0, f"{part} of another time did not heal: {words[-1000:]}"
        assert end == len((source if part == "log" else target).events)
