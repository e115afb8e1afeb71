"""Killed under load, and again and again while it repairs that: nothing acknowledged is lost."""
import time

from faulty_disk import KINDS, FaultyDisk
from load import Load, append_some
from recovery import check_recovery
from scale import every_case


@every_case("crash-in-recovery")
def test_crashes_while_recovering_lose_nothing(room, make_server, ledger, case):
    dice = case.dice
    disk = FaultyDisk(room, f"{room}/data")
    server = make_server(environment=disk.environment)
    for turn in range(dice.randint(1, 3)):
        server.start()
        with Load(server, ledger, dice, f"t{turn}"):
            time.sleep(dice.uniform(0.02, 0.2))
            disk.arm(KINDS, dice.randint(1, 30), dice.choice(["kill before", "kill after", "kill amid"]))
            time.sleep(0.1)
            server.kill()
        for _ in range(dice.randint(1, 4)):
            disk.arm(KINDS, dice.randint(1, 60), dice.choice(["kill before", "kill after", "kill amid"]))
            if server.launch():
                append_some(server, ledger, dice, f"t{turn}n{len(ledger.requests)}", count=dice.randint(0, 5))
                server.kill()
        disk.disarm()
    server.environment = {}
    check_recovery(server, ledger)
