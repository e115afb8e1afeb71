"""A well-behaved client among hostile ones."""
import json

GOOD_ID = iter(range(1 << 30))


def good_turn(server, seconds=5):
    """A well-behaved client appends and reads back, in time."""
    name = f"a{next(GOOD_ID)}"
    client = server.client(socket_timeout=seconds)
    data = json.dumps({"account_id": name, "natural_person": False, "name": "Good"})
    client.execute_command(
        "LOG.APPEND", "STREAM", f"account-{name}", "EXPECT", "NONE", "EVENT", "account.created", data, "ID", name)
    assert json.loads(client.execute_command("LOG.READ", "STREAM", f"account-{name}")[0])["id"] == name
    client.close()
