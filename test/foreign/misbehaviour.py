"""Everything that an endpoint may do wrong: with what it says, with its body, or with the connection."""

from __future__ import annotations

import json
import os
import socket
import struct
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler
from typing import Any, Callable, Dict

import tally
from tally import JsonObject, Responder

OTHER_NONCE = "A" * 22
NESTING = 20_000


@dataclass(frozen=True)
class Reply:
    status: int = 200
    body: bytes = b""
    kind: str = "application/json"
    headers: Dict[str, str] = field(default_factory=dict)


def reply_of(own: JsonObject, status: int = 200) -> Reply:
    return Reply(status, json.dumps(own).encode())


def _each_fingerprint(change: Callable[[str], Any]) -> Callable[[Responder, JsonObject], JsonObject]:
    def lie(_: Responder, told: JsonObject) -> JsonObject:
        running = {name: change(print_) for name, print_ in told["running"].items()}
        return {**told, "running": running}

    return lie


def _first_value(responder: Responder) -> str:
    return next(value for value in responder.running.values() if value)


LIES: Dict[str, Callable[[Responder, JsonObject], Any]] = {
    "other-name": lambda _, told: {**told, "environment": "somewhere-else"},
    "stale": lambda responder, _: tally.answer(responder, OTHER_NONCE),
    "wrong-echo": lambda _, told: {**told, "echo": "0" * 64},
    "upper-case-fingerprints": _each_fingerprint(str.upper),
    "short-fingerprints": _each_fingerprint(lambda print_: print_[:63]),
    "values-for-fingerprints": lambda responder, told: {**told, "running": responder.running},
    "numbers-for-fingerprints": _each_fingerprint(lambda _: 1),
    "version-2": lambda _, told: {**told, "version": 2},
    "version-text": lambda _, told: {**told, "version": "1"},
    "null-tally": lambda _responder, _told: None,
    "null-instance": lambda _, told: {**told, "instance": None},
    "value-for-a-code": lambda responder, _: {"version": 1, "error": _first_value(responder)},
    "value-for-an-instance": lambda responder, told: {**told, "instance": f" {_first_value(responder)}"},
    "unknown-refusal": lambda _responder, _told: {"version": 1, "error": "challenge-unwelcome"},
}

REPLIES: Dict[str, Callable[[Reply], Reply]] = {
    "server-error": lambda good: replace(good, status=500),
    "forbidden": lambda good: replace(good, status=403),
    "no-tally": lambda _: reply_of({"status": "ok"}),
    "empty": lambda _: Reply(),
    "login-page": lambda _: Reply(200, b"<!doctype html><title>Sign in</title>", "text/html"),
    "login-status": lambda _: Reply(401, b"<!doctype html><title>Sign in</title>", "text/html"),
    "gateway": lambda _: Reply(503, b"no healthy upstream", "text/plain"),
    "throttled": lambda _: Reply(429, b"{}"),
    "ten-megabytes": lambda good: replace(good, body=good.body + b" " * 10_000_000),
    "nested-body": lambda _: Reply(200, b'{"tally":' + b"[" * NESTING + b"]" * NESTING + b"}"),
    "nested-elsewhere": lambda _: Reply(200, b'{"deep":' + b"[" * NESTING + b"]" * NESTING + b"}"),
    "not-json": lambda good: replace(good, body=good.body[:-1]),
    "byte-order-mark": lambda good: replace(good, body=b"\xef\xbb\xbf" + good.body),
    "said-compressed": lambda good: replace(good, body=b"\x1f\x8b", headers={"Content-Encoding": "gzip"}),
}


def _head(handler: BaseHTTPRequestHandler, status: int, headers: Dict[str, str]) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.end_headers()


def _until_left(handler: BaseHTTPRequestHandler) -> None:
    """Waits without a clock: the asker's patience ends it."""
    handler.close_connection = True
    handler.rfile.read(1)


def _stall(handler: BaseHTTPRequestHandler, good: Reply, _: str) -> None:
    _head(handler, 200, {"Content-Length": str(len(good.body))})
    handler.wfile.write(good.body[:-1])
    _until_left(handler)


def _endless(handler: BaseHTTPRequestHandler, _good: Reply, _elsewhere: str) -> None:
    handler.close_connection = True
    _head(handler, 200, {"Transfer-Encoding": "chunked"})
    while True:
        handler.wfile.write(b"1000\r\n" + b" " * 0x1000 + b"\r\n")


def _reset(handler: BaseHTTPRequestHandler, _good: Reply, _elsewhere: str) -> None:
    """To linger for no time makes the kernel send RST instead of FIN."""
    handler.close_connection = True
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    os.close(handler.connection.detach())


def _redirect(handler: BaseHTTPRequestHandler, _: Reply, elsewhere: str) -> None:
    _head(handler, 302, {"Location": elsewhere, "Content-Length": "0"})


def _broken_http(handler: BaseHTTPRequestHandler, good: Reply, _: str) -> None:
    handler.close_connection = True
    handler.wfile.write(b"HELLO " + good.body)


CONNECTIONS: Dict[str, Callable[[BaseHTTPRequestHandler, Reply, str], None]] = {
    "slow": lambda handler, _good, _elsewhere: _until_left(handler),
    "stalled-body": _stall,
    "endless": _endless,
    "reset": _reset,
    "redirect": _redirect,
    "broken-http": _broken_http,
}

KINDS = {*LIES, *REPLIES, *CONNECTIONS}


def misbehave(kind: str, handler: BaseHTTPRequestHandler, good: Reply, elsewhere: str) -> Reply | None:
    """The reply to send in the place of a good one, or None where the connection itself was dealt with."""
    if kind in CONNECTIONS:
        CONNECTIONS[kind](handler, good, elsewhere)
        return None
    return REPLIES[kind](good) if kind in REPLIES else good
