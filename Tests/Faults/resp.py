"""A connection that speaks RESP2 and nothing more, so that a test knows what was sent and what came back."""
import socket

from ledger import Refusal
from wire import command


class Gone(Exception):
    """The connection has ended."""


class Connection:
    """One connection over a Unix socket or, with a port, over TCP."""

    def __init__(self, address, timeout=30):
        is_path = isinstance(address, str)
        self.socket = socket.socket(socket.AF_UNIX if is_path else socket.AF_INET)
        self.socket.settimeout(timeout)
        self.buffer = b""
        try:
            self.socket.connect(address if is_path else ("127.0.0.1", address))
        except OSError as error:
            raise Gone from error

    def send(self, *words):
        try:
            self.socket.sendall(command(*words))
        except TimeoutError:
            raise
        except OSError as error:
            raise Gone from error

    def ask(self, *words):
        self.send(*words)
        return self.reply()

    def reply(self):
        """A whole reply: text, number, `None`, a list; an error reply is raised, inside a list it is a value."""
        reply = self._value()
        if isinstance(reply, Refusal):
            raise reply
        return reply

    def close(self):
        self.socket.close()

    def _value(self):
        kind, rest = chr(self._peek()), self._line()
        match kind:
            case "+":
                return rest
            case "-":
                return Refusal(rest)
            case ":":
                return int(rest)
            case "$":
                return None if rest == "-1" else self._bytes(int(rest) + 2)[:-2].decode()
            case "*":
                return None if rest == "-1" else [self._value() for _ in range(int(rest))]
        raise AssertionError(f"a reply starts with {kind!r}")

    def _peek(self):
        while not self.buffer:
            self._receive()
        return self.buffer[0]

    def _line(self):
        while (end := self.buffer.find(b"\r\n")) < 0:
            self._receive()
        line, self.buffer = self.buffer[1:end].decode(), self.buffer[end + 2:]
        return line

    def _bytes(self, count):
        while len(self.buffer) < count:
            self._receive()
        data, self.buffer = self.buffer[:count], self.buffer[count:]
        return data

    def _receive(self):
        try:
            block = self.socket.recv(1 << 16)
        except TimeoutError:
            raise
        except OSError as error:
            raise Gone from error
        if not block:
            raise Gone
        self.buffer += block
