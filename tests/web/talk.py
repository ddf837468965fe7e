"""Talking to the web process."""

import socket

import requests

BODY = b"<p>Payroll does not work. Everything else works.</p>" * 20
PAGE = "/status/public/"


def get(port: int, path: str, **headers: str) -> requests.Response:
    return requests.get(f"http://127.0.0.1:{port}{path}", headers=headers, timeout=10)


class Line:
    """One connection, byte by byte."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)

    def __enter__(self) -> "Line":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def say(self, *parts: bytes) -> None:
        for part in parts:
            self.socket.sendall(part)

    def hear(self, length: int) -> bytes:
        heard = b""
        while len(heard) < length:
            part = self.socket.recv(65536)
            if not part:
                break
            heard += part
        return heard

    def hear_all(self) -> bytes:
        """Until the other side closes, which it is told to do."""
        heard = b""
        while part := self.socket.recv(65536):
            heard += part
        return heard


def request(path: str = PAGE, *headers: str, method: str = "GET") -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: localhost", *headers, "", ""]).encode()
