"""A responder of tally/v1, written from PROTOCOL.md alone: challenge in, answer or refusal out."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any, Dict, List, NamedTuple, Optional, Union

import ed25519

JsonObject = Dict[str, Any]

ENVIRONMENT = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,127}")
NONCE = re.compile(r"[A-Za-z0-9_-]{22}")
LABEL = re.compile(r"[A-Za-z0-9._:-]{1,128}")
TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z", re.ASCII)
BASE64URL = re.compile(r"[A-Za-z0-9_-]*")

LARGEST_WHOLE = 2**53 - 1
LONGEST_HEADER = 2048
LONGEST_LIFE = 60
CLOCK_TOLERANCE = 30

SMALL_ORDER = (
    "AAAAAAAAAAAAAAAAAAAAAA",
    "AQAAAAAAAAAAAAAAAAAAAA",
    "7P____________________",
    "7f____________________",
    "7v____________________",
    "JuiVj8KyJ7BFw_SJ8u-Y8N",
    "xxdqcD1N2E-6PAt2DRBnDy",
)


class Refusal(Exception):
    """A challenge that is not accepted; `signed` says that a trusted key made it all the same."""

    def __init__(self, code: str, signed: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.signed = signed


class Challenge(NamedTuple):
    signed_text: bytes
    signature: bytes
    audience: str
    issued_at: int
    expires_at: int
    nonce: str


@dataclass(frozen=True)
class Responder:
    """What one process is configured with, and what it holds. A name that is not in `running` is left out."""

    environment: str
    keys: List[bytes]
    running: Dict[str, Optional[str]]
    stored: Optional[Dict[str, Optional[str]]] = None
    instance: Optional[str] = None
    deployment: Optional[str] = None
    started_at: Optional[str] = None
    place: Dict[str, str] = field(default_factory=dict)


def from_base64url(text: str) -> Optional[bytes]:
    """The bytes of the canonical form, and None for every other text."""
    if not BASE64URL.fullmatch(text) or len(text) % 4 == 1:
        return None
    decoded = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    return decoded if to_base64url(decoded) == text else None


def to_base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode("ascii").rstrip("=")


def read_keys(texts: List[str]) -> List[bytes]:
    """The trusted public keys; a configuration that must not be trusted raises ValueError."""
    keys = [from_base64url(text) for text in texts]
    if not keys or any(key is None or len(key) != 32 for key in keys):
        raise ValueError("a public key is 43 characters of base64url, and there is at least one")
    if any(text.startswith(SMALL_ORDER) for text in texts):
        raise ValueError("a public key of small order is no key")
    return [key for key in keys if key is not None]


def fingerprint(value: str, environment: str, name: str, nonce: str) -> str:
    message = "\n".join(["tally/v1", environment, name, nonce])
    return hmac.new(value.encode("utf-8"), message.encode("ascii"), hashlib.sha256).hexdigest()


def _no_constant(text: str) -> None:
    raise ValueError(f"{text} is no JSON")


def _json_object(part: Optional[bytes]) -> JsonObject:
    """One JSON object in strict UTF-8; what is nested too deeply to be read is malformed as well."""
    try:
        found = json.loads((part or b"").decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Refusal("challenge-malformed") from None
    if not isinstance(found, dict):
        raise Refusal("challenge-malformed")
    return found


def _is_whole(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return abs(value) <= LARGEST_WHOLE and value == int(value)


def _require(condition: bool) -> None:
    if not condition:
        raise Refusal("challenge-malformed")


def read_challenge(headers: List[str]) -> Challenge:
    """Check 1: everything that can be seen without a key."""
    _require(len(headers) == 1 and len(headers[0]) <= LONGEST_HEADER)
    parts = headers[0].split(".")
    _require(len(parts) == 3)
    raw_header, raw_claims, signature = (from_base64url(part) for part in parts)
    header, claims = _json_object(raw_header), _json_object(raw_claims)
    _require(header.get("alg") == "EdDSA" and header.get("typ") == "tally-challenge+jwt" and "crit" not in header)
    audience, iat, exp, nonce = (claims.get(member) for member in ("aud", "iat", "exp", "jti"))
    _require(claims.get("iss") == "tallystick" and isinstance(audience, str))
    _require(_is_whole(iat) and _is_whole(exp) and 0 < exp - iat <= LONGEST_LIFE)
    _require(isinstance(nonce, str) and NONCE.fullmatch(nonce) is not None)
    if signature is None or len(signature) != 64:
        raise Refusal("challenge-malformed")
    return Challenge(f"{parts[0]}.{parts[1]}".encode("ascii"), signature, audience, int(iat), int(exp), nonce)


def accept(headers: List[str], responder: Responder, now: int) -> str:
    """The nonce of a challenge that passes all five checks, in their order."""
    challenge = read_challenge(headers)
    if not any(ed25519.verify(key, challenge.signed_text, challenge.signature) for key in responder.keys):
        raise Refusal("challenge-untrusted")
    if challenge.audience != responder.environment:
        raise Refusal("challenge-audience", signed=True)
    if challenge.issued_at > now + CLOCK_TOLERANCE:
        raise Refusal("challenge-early", signed=True)
    if now >= challenge.expires_at + CLOCK_TOLERANCE:
        raise Refusal("challenge-expired", signed=True)
    return challenge.nonce


def timestamp(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def fingerprints(held: Dict[str, Optional[str]], environment: str, nonce: str) -> Dict[str, Optional[str]]:
    """One for each name; null for what is unset; a value that is no well-formed text is left out."""
    found: Dict[str, Optional[str]] = {}
    for name, value in held.items():
        if not NAME.fullmatch(name) or name == "__proto__":
            continue
        try:
            found[name] = None if value is None else fingerprint(value, environment, name, nonce)
        except UnicodeEncodeError:
            continue
    return found


def answer(responder: Responder, nonce: str) -> JsonObject:
    name = responder.environment
    tally: JsonObject = {
        "version": 1,
        "environment": name,
        "challenge": nonce,
        "echo": fingerprint("tally/v1", name, "_echo", nonce),
        "running": fingerprints(responder.running, name, nonce),
    }
    if responder.stored is not None:
        tally["stored"] = fingerprints(responder.stored, name, nonce)
    for member, label in (("instance", responder.instance), ("deployment", responder.deployment)):
        if label is not None and LABEL.fullmatch(label):
            tally[member] = label
    if responder.started_at is not None and TIMESTAMP.fullmatch(responder.started_at):
        tally["startedAt"] = responder.started_at
    place = {key: responder.place.get(key, "") for key in ("environment", "service")}
    if all(LABEL.fullmatch(label) for label in place.values()):
        tally["place"] = place
    return tally


def respond(headers: List[str], responder: Responder, now: Union[int, float]) -> Optional[JsonObject]:
    """The `tally` member for a request with these `Tally-Challenge` headers: none where there is no header."""
    if not headers:
        return None
    seconds = int(now // 1)
    try:
        return answer(responder, accept(headers, responder, seconds))
    except Refusal as refusal:
        tally: JsonObject = {"version": 1, "error": refusal.code}
        if refusal.signed:
            tally["time"] = timestamp(seconds)
        return tally
