"""A bad line on this machine: a relay before a server that delays, holds or drops what passes."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

CHUNK = 65536


@dataclass
class Line:
    """How bad the line is; a test changes it while it runs."""

    delay: float = 0.0  # seconds, for each message of the client
    drops: Callable[[], bool] = lambda: False  # asked for each connection: cut it before the answer goes back
    open: threading.Event = field(default_factory=threading.Event)  # cleared: nothing passes
    port: int = 0
    dropped: int = 0
    messages: int = 0


@contextmanager
def relay(to: int) -> Iterator[Line]:
    """Listen on a port of its own and pass everything on to the port `to`."""
    line = Line()
    line.open.set()
    done = threading.Event()
    pairs: list[socket.socket] = []
    threads: list[threading.Thread] = []

    def accept(listening: socket.socket) -> None:
        while not done.is_set():
            try:
                client, _ = listening.accept()
            except OSError:
                continue
            server = socket.create_connection(("127.0.0.1", to))
            for end in (client, server):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                end.settimeout(None)
            pairs.extend((client, server))
            drop = line.drops()
            for source, goal, out in ((client, server, True), (server, client, False)):
                thread = threading.Thread(target=_pass_on, args=(line, source, goal, out, drop), daemon=True)
                threads.append(thread)
                thread.start()

    with socket.create_server(("127.0.0.1", 0), backlog=100) as listening:
        listening.settimeout(0.1)
        line.port = listening.getsockname()[1]
        accepting = threading.Thread(target=accept, args=(listening,), daemon=True)
        accepting.start()
        try:
            yield line
        finally:
            done.set()
            line.open.set()
            accepting.join()
            for end in pairs:
                _end(end)
            for thread in threads:
                thread.join(5)
            for end in pairs:
                end.close()


def _pass_on(line: Line, source: socket.socket, goal: socket.socket, out: bool, drop: bool) -> None:
    try:
        while data := source.recv(CHUNK):
            if out:
                line.messages += 1
                if line.delay:
                    time.sleep(line.delay)
            elif drop:
                line.dropped += 1
                break
            line.open.wait()
            goal.sendall(data)
    except OSError:
        pass  # one side has gone: the other goes, too
    _end(source)
    _end(goal)


def _end(end: socket.socket) -> None:
    with suppress(OSError):  # it may be closed already
        end.shutdown(socket.SHUT_RDWR)
