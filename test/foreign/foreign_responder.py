"""One process that plays the health endpoints of a whole fleet, well or badly, for end-to-end tests.

The first line on stdin is its configuration, in JSON; it prints one line with its addresses. Each further line is
answered with one line of counts: what was asked so far. It ends when stdin does.
"""

from __future__ import annotations

import itertools
import json
import sys
import time
from collections import Counter
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from threading import Lock, Thread
from typing import Any, Dict, Iterator, List, Optional

import misbehaviour
import tally
from mangling import mangled
from misbehaviour import LIES, Reply, misbehave, reply_of
from tally import JsonObject, Responder

HOST = "127.0.0.1"
HEADER = "Tally-Challenge"


@dataclass(frozen=True)
class Replica:
    """One process of an environment: what it holds, and how it behaves."""

    responder: Responder
    misbehaviour: Optional[str]
    clock_offset: int

    def tally(self, headers: List[str]) -> Optional[JsonObject]:
        told = tally.respond(headers, self.responder, time.time() + self.clock_offset)
        if told is None or "error" in told or self.misbehaviour not in LIES:
            return told
        return LIES[self.misbehaviour](self.responder, told)


class Environment:
    """Replicas behind one address, asked in turn."""

    def __init__(self, entry: JsonObject) -> None:
        replicas = entry.get("replicas", [{}])
        self._replicas = [read_replica({**entry, **own}) for own in replicas]
        self._turns: Iterator[int] = itertools.count()

    def next(self) -> Replica:
        return self._replicas[next(self._turns) % len(self._replicas)]


def read_values(values: Optional[JsonObject]) -> Optional[Dict[str, Optional[str]]]:
    """A value is a text, null, or `{"of": text, "through": tool}` for one that had an accident."""
    if values is None:
        return None
    return {
        name: mangled(value["through"], name, value["of"]) if isinstance(value, dict) else value
        for name, value in values.items()
    }


def read_replica(entry: JsonObject) -> Replica:
    misbehaves = entry.get("misbehaviour")
    if misbehaves is not None and misbehaves not in misbehaviour.KINDS:
        raise ValueError(f"{misbehaves} is no misbehaviour")
    if not tally.ENVIRONMENT.fullmatch(entry["name"]):
        raise ValueError("an environment has no name")
    responder = Responder(
        environment=entry["name"],
        keys=tally.read_keys(entry["keys"]),
        running=read_values(entry["values"]) or {},
        stored=read_values(entry.get("stored")),
        instance=entry.get("instance"),
        deployment=entry.get("deployment"),
        started_at=entry.get("startedAt"),
    )
    return Replica(responder, misbehaves, entry.get("clockOffset", 0))


class Server(ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, environments: Dict[str, Environment], elsewhere: str) -> None:
        super().__init__((HOST, 0), Handler)
        self.environments = environments
        self.elsewhere = elsewhere
        self.counts: Counter[str] = Counter()
        self._counting = Lock()

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.server_address[1]}"

    def count(self, *what: str) -> None:
        with self._counting:
            self.counts.update(what)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Askers that leave are part of the game; all else is a fault of this program."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def handle_one_request(self) -> None:
        """Every method comes to the same place, so that no request goes uncounted."""
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        environment = self.server.environments.get(self.path)
        challenges = self.headers.get_all(HEADER, [])
        is_asked = environment is not None and self.command == "GET"
        self.server.count("asked" if is_asked else "other", *(["unsigned"] if len(challenges) != 1 else []))
        self._send(environment, challenges)

    def _send(self, environment: Optional[Environment], challenges: List[str]) -> None:
        if environment is None:
            self._write(Reply(404))
            return
        replica = environment.next()
        told = replica.tally(challenges)
        good = reply_of({"status": "ok"} if not challenges else {"status": "ok", "tally": told})
        kind = replica.misbehaviour
        reply = good if kind is None else misbehave(kind, self, good, self.server.elsewhere)
        if reply is not None:
            self._write(reply)

    def _write(self, reply: Reply) -> None:
        self.send_response(reply.status)
        own = {"Content-Type": reply.kind, "Content-Length": str(len(reply.body)), "Cache-Control": "no-store"}
        for name, value in {**own, **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)

    def log_message(self, format: str, *args: Any) -> None:
        """A log line would hold nothing that a test needs, and could hold a challenge."""


def serve(environments: Dict[str, Environment], elsewhere: str = "") -> Server:
    server = Server(environments, elsewhere)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 60}, daemon=True).start()
    return server


def say(line: JsonObject) -> None:
    print(json.dumps(line), flush=True)


def main() -> None:
    entries = json.loads(sys.stdin.readline())["environments"]
    # Another port is another host to HTTP; whatever arrives there has followed a redirect.
    other_host = serve({})
    paths = {f"/{entry.get('path', entry['name'])}/health": Environment(entry) for entry in entries}
    server = serve(paths, f"{other_host.address}/health")
    say({"address": server.address})
    for _ in sys.stdin:
        told = {name: server.counts[name] for name in ("asked", "other", "unsigned")}
        say({**told, "elsewhere": other_host.counts["other"]})


if __name__ == "__main__":
    main()
