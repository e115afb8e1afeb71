"""Bytes on the socket, below any client library."""
import socket


def connect(server, over="unix"):
    if over == "tcp":
        peer = socket.create_connection(("127.0.0.1", server.port), timeout=10)
    else:
        peer = socket.socket(socket.AF_UNIX)
        peer.settimeout(10)
        peer.connect(server.socket)
    return peer


def send(peer, data):
    """Sends as much as the server takes; it may close the connection before the end."""
    try:
        peer.sendall(data)
    except (BrokenPipeError, ConnectionResetError):
        pass


def received(peer, until_closed=True):
    """What comes until the connection is closed; fails when it stays open."""
    data = b""
    try:
        while block := peer.recv(65536):
            data += block
            if not until_closed:
                break
    except (ConnectionResetError, BrokenPipeError):
        pass
    return data


def command(*words):
    words = [word if isinstance(word, bytes) else str(word).encode() for word in words]
    return b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words)
