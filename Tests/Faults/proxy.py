"""A network of a test's own: between client and server, and it loses, doubles and cuts."""
import contextlib
import os
import socket
import struct
import threading


class Proxy:
    """Forwards connections to a server's Unix socket, until so many bytes of replies have passed."""

    def __init__(self, path, target, reply_bytes=None):
        self.path, self.target = str(path), target
        self.reply_bytes = reply_bytes  # of each connection; `None` for all
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(self.path)
        self.listener.listen(64)
        self.open = []

    def __enter__(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        for end in [self.listener, *self.open]:
            cut(end)
        os.unlink(self.path)

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                near, _ = self.listener.accept()
                far = socket.socket(socket.AF_UNIX)
                far.connect(self.target)
                self.open += [near, far]
                threading.Thread(target=self._carry, args=(near, far, None), daemon=True).start()
                threading.Thread(target=self._carry, args=(far, near, self.reply_bytes), daemon=True).start()

    @staticmethod
    def _carry(source, sink, limit):
        with contextlib.suppress(OSError):
            while block := source.recv(1 << 16):
                if limit is not None and len(block) >= limit:
                    sink.sendall(block[:limit])
                    break
                limit = None if limit is None else limit - len(block)
                sink.sendall(block)
        cut(source)
        cut(sink)


def cut(end):
    """Ends a connection at once; over TCP with a reset."""
    with contextlib.suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
