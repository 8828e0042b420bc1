"""A mail server for tests, on 127.0.0.1: takes everything, or refuses as told."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import cast


class Sink(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Talk)
        self.taken: list[EmailMessage] = []
        self.refusals: list[str] = []  # answers to RCPT, used up one by one
        self.deaf = False  # hang up instead of taking a mail

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def ids(self) -> list[str]:
        return [mail["Message-ID"] for mail in self.taken]


class Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.say("220 sink")
        while line := self.rfile.readline():
            word = line.split()[0].upper().decode() if line.split() else ""
            if not self.answer(word):
                return

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())

    def answer(self, word: str) -> bool:
        sink = cast("Sink", self.server)
        if word == "DATA":
            return self.take(sink)
        if word == "RCPT" and sink.refusals:
            self.say(sink.refusals.pop(0))
        else:
            self.say("221 bye" if word == "QUIT" else "250 sink" if word in {"EHLO", "HELO"} else "250 ok")
        return word != "QUIT"

    def take(self, sink: Sink) -> bool:
        if sink.deaf:
            return False
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b"."))
        sink.taken.append(message_from_bytes(b"".join(lines), policy=default))
        self.say("250 taken")
        return True


@contextmanager
def running() -> Iterator[Sink]:
    with Sink() as sink:
        thread = threading.Thread(target=sink.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield sink
        finally:
            sink.shutdown()
            thread.join()
