"""Small questions and appends stay quick beside long searches: those give way, and hold none of the few threads."""
import statistics
import threading
import time

from product import greeted
from redis_words import append

EVENTS, SEARCHERS, ROUNDS = 400_000, 16, 40
# Nothing happened then, so that every event is looked at.
SEARCH = ["LOG.READ", "ALL", "TIME", "1990-01-01T00:00:00Z", "1991-01-01T00:00:00Z"]


def test_a_small_question_and_an_append_do_not_wait_for_the_searches_of_others(make_server):
    server = make_server().start("--views", "none")
    server.rapport("bench", "append", "--clients", 4, "--batch", 1000, "--count", EVENTS)
    client = greeted(server)
    append(client, "a1", "first")
    took = {"search": [], "question": [], "append": []}
    is_over = threading.Event()

    def timed(what, call):
        began = time.monotonic()
        answer = call()
        took[what].append(time.monotonic() - began)
        return answer

    def search():
        own = server.client()
        while not is_over.is_set():
            assert timed("search", lambda: own.execute_command(*SEARCH)) == []

    threads = [threading.Thread(target=search) for _ in range(SEARCHERS)]
    for thread in threads:
        thread.start()
    try:
        # Until all of them search, and then so often.
        while len(took["search"]) < SEARCHERS or len(took["append"]) < ROUNDS:
            assert len(timed("question", lambda: client.execute_command("LOG.QUERY", "TERMS", "stream:account-a1"))) > 0
            timed("append", lambda: append(client, f"n{len(took['append'])}", f"e{len(took['append'])}"))
    finally:
        is_over.set()
        for thread in threads:
            thread.join(timeout=60)
    middle = {what: statistics.median(seconds) for what, seconds in took.items()}
    said = ", ".join(f"{what} {1000 * middle[what]:.1f} ms (median of {len(took[what])})" for what in took)
    print(f"beside {SEARCHERS} searches through {EVENTS} events: {said}")
    # Whoever waits for a thread waits about as long as a search takes; a busy machine slows down all three.
    assert middle["question"] < middle["search"] / 3, said
    assert middle["append"] < middle["search"] / 3, said
