"""The built product as a user meets it: three binaries, a socket, a data directory."""
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import time

import redis

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARIES = pathlib.Path(os.environ.get("RAPPORT_BIN") or ROOT / ".build" / "release").resolve()
MAPPINGS = ROOT / "Tools" / "mappings"
SHARED = ROOT.parent / "shared"
VIEWS = ("customer-360", "sales-funnel", "churn-signals")


def run(*words, expecting=0, timeout=300, **options):
    """Runs a binary to its end. With `expecting=None` every exit code will do; a negative one is a signal."""
    command = [str(BINARIES / words[0]), *map(str, words[1:])]
    done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, **options)
    if expecting is not None:
        said = f"{' '.join(command)}\nexit code {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
        assert done.returncode == expecting, said
    return done


def replay(directory, *words, expecting=0, **options):
    """Runs `rapport-replay WORDS --data DIRECTORY`."""
    return run("rapport-replay", *words, "--data", directory, expecting=expecting, **options)


def whole(event):
    """The data of an event that was read, its opened personal fields back in their places."""

    def joined(data, personal):
        if not isinstance(data, dict) or not isinstance(personal, dict):
            return personal
        result = dict(data)
        for name, value in personal.items():
            if name == "changes" and isinstance(data.get(name), list):
                result[name] = [joined(change, value.get(change["field"], {})) for change in data[name]]
            else:
                result[name] = joined(data[name], value) if name in data else value
        return result

    return joined(event["data"], event.get("personal", {}))


def greeted(server):
    """A client whose connection may send commands of any size: the first one of a connection is bounded."""
    client = server.client()
    client.ping()
    return client


def audit(directory, expecting=0):
    """The audit's report as a dictionary."""
    return json.loads(replay(directory, "audit", "--json", expecting=expecting).stdout)


def state_hashes(directory):
    """The state hash of every live view, of an audit that found nothing."""
    return {view["view"]: view["state_hash"] for view in audit(directory)["views"]}


class Server:
    """One `rapportd` on one data directory, which outlives it."""

    def __init__(self, directory, before=(), environment=None):
        """`before` is a command that runs the server, such as `prlimit`; `environment` is added to this process's."""
        self.directory = pathlib.Path(directory)
        self.socket = str(self.directory) + ".sock"
        self.before, self.environment = list(before), environment or {}
        self.process = self.port = None
        self.said = ""

    def start(self, *options):
        """Starts and returns as soon as it answers."""
        assert self.launch(*options), f"rapportd ended with {self.process.returncode}: {self.said}"
        assert self.client().ping()
        return self

    def launch(self, *options, timeout=60):
        """Starts, and says whether it listens; if not, the process has ended, and `said` holds its last words."""
        out = self.begin(*options)
        deadline = time.monotonic() + timeout
        while b"listening on" not in (said := out.read_bytes()) or not said.endswith(b"\n"):
            self.said = said.decode(errors="replace")
            if self.process.poll() is not None:
                self.said = out.read_text(errors="replace")
                return False
            assert time.monotonic() < deadline, f"rapportd did not listen within {timeout} seconds"
            time.sleep(0.01)
        self.said = said.decode(errors="replace")
        self.port = int(re.search(r"listening on .*:(\d+)$", self.said, re.MULTILINE).group(1))
        return True

    def begin(self, *options):
        """Starts and returns at once; the file that gets what it says."""
        out = pathlib.Path(str(self.directory) + ".out")
        with open(out, "wb") as file:
            self.process = subprocess.Popen(
                [*self.before, BINARIES / "rapportd", "--data", self.directory, "--socket", self.socket,
                 "--port", "0", *map(str, options)],
                stdout=file, stderr=subprocess.STDOUT, env={**os.environ, **self.environment})
        return out

    def stop(self):
        """SIGTERM, then the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)

    def kill(self):
        """kill -9."""
        self.process.send_signal(signal.SIGKILL)
        return self.process.wait(timeout=30)

    def remove(self):
        """Ends the process if there is one, and deletes the directory."""
        if self.is_running:
            self.kill()
        shutil.rmtree(self.directory, ignore_errors=True)

    @property
    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def resident_bytes(self):
        """Memory that the process holds at the moment."""
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        raise AssertionError("the process has no VmRSS")

    def client(self, **options):
        """redis-py over the Unix socket."""
        return redis.Redis(unix_socket_path=self.socket, decode_responses=True, **options)

    def tcp_client(self, **options):
        """redis-py over TCP."""
        return redis.Redis(host="127.0.0.1", port=self.port, decode_responses=True, **options)

    def rapport(self, *words, expecting=0, **options):
        """Runs `rapport WORDS` against this server."""
        return run("rapport", *words, "--server", self.socket, expecting=expecting, **options)

    def load(self, file, *options, expecting=0):
        """`rapport import FILE`; returns the summary that it ends with."""
        return json.loads(self.rapport("import", file, *options, "--json", expecting=expecting).stdout)

    def wait_for_views(self, seconds=60):
        """Returns when every view has applied the newest event."""
        client = self.client()
        end = fields(client.execute_command("INFO", "log"))["log_events"]
        for view in VIEWS if end else ():
            waited = client.execute_command("VIEW.WAIT", view, end - 1, seconds * 1000)
            assert waited is not None, \
                f"{view} did not reach {end - 1} within {seconds} seconds: {client.execute_command('ADMIN.STATUS')}"
        return end

    def ask(self, question, view, *words, as_of=None, at=None, **parameters):
        """`VIEW.GET`, `.SCAN` or `.REPORT`, with its whole answer; `None` if there is nothing."""
        options = ["AT", at] if at is not None else []
        options += ["ASOF", as_of] if as_of is not None else []
        options += ["WITH", json.dumps(parameters)] if parameters else []
        answer = self.client().execute_command(f"VIEW.{question.upper()}", view, *words, *options)
        return None if answer is None else json.loads(answer)

    def scan(self, view, **parameters):
        """All rows of a view, page after page."""
        rows, next_key = [], None
        while True:
            more = {} if next_key is None else {"from": next_key}
            page = self.ask("scan", view, **parameters, **more)
            rows += page["rows"]
            next_key = page["next"]
            if next_key is None:
                return rows

    def events(self, count=4096):
        """Every event of the log in order, page after page."""
        client, position = self.client(), 0
        while page := client.execute_command("LOG.READ", "ALL", "FROM", position, "COUNT", count):
            for line in page:
                event = json.loads(line)
                assert event["position"] == position, "the log has a gap"
                position += 1
                yield event


def fields(info):
    """redis-py's parsed INFO, whatever its version made of it."""
    if isinstance(info, dict):
        return info
    pairs = (line.split(":", 1) for line in info.splitlines() if ":" in line)
    return {name: int(value) if value.isdigit() else value for name, value in pairs}


def as_map(flat):
    """A map as RESP2 gives it: names and values in turn."""
    return dict(zip(flat[::2], flat[1::2]))
