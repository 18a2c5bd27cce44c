# SPDX-License-Identifier: MIT
"""A responder of the tally protocol, version 1 (see PROTOCOL.md): one file, to be copied.

In an application's health endpoint:

    config = Config(
        environment="vps",
        public_keys=[os.environ["TALLY_PUBLIC_KEY"]],
        secrets={"INTERNAL_AUTH_SECRET": lambda: settings.internal_auth_secret},
    )

    tally = answer(request.headers.get("Tally-Challenge"), config)
    body = {"status": "ok"} if tally is None else {"status": "ok", "tally": tally}

and `Cache-Control: no-store` on the response. Python 3.9 or newer; needs `cryptography` for Ed25519.
"""

import base64
import hashlib
import hmac
import json
import os
import re
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Callable, Mapping, Optional, Sequence

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Getter = Callable[[], Optional[str]]

_ENVIRONMENT = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,127}")
_NONCE = re.compile(r"[A-Za-z0-9_-]{22}")
_LABEL = re.compile(r"[A-Za-z0-9._:-]{1,128}")
_TIMESTAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
# Four characters are three bytes; the last character of a shorter group must leave its unused bits at zero.
_BASE64URL = re.compile(
    r"(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-][AQgw]|[A-Za-z0-9_-]{2}[AEIMQUYcgkosw048])?"
)
# Keys of small order, under which OpenSSL takes signatures that nobody made.
_SMALL_ORDER = re.compile(
    r"A[AQ]A{20}|7[Pfv]_{20}|JuiVj8KyJ7BFw_SJ8u-Y8N|xxdqcD1N2E-6PAt2DRBnDy"
)
_WHOLE_NUMBER_MAX = 2**53 - 1


def _railway(name: str) -> Optional[str]:
    text = os.environ.get("RAILWAY_" + name, "")
    return text if _LABEL.fullmatch(text) else None


def _railway_place() -> Optional[Mapping[str, str]]:
    environment, service = _railway("ENVIRONMENT_ID"), _railway("SERVICE_ID")
    return {"environment": environment, "service": service} if environment and service else None


def _timestamp(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


@dataclass(frozen=True)
class Config:
    """Raises ValueError with every mistake at once; never with a value."""

    environment: str
    public_keys: Sequence[str]
    #: By the fleet's names: what the process uses, read at the moment of the answer. None is unset.
    secrets: Mapping[str, Getter]
    #: What the configuration holds now, and a restart would bring in.
    stored: Optional[Mapping[str, Getter]] = None
    instance: Optional[str] = field(default_factory=lambda: _railway("REPLICA_ID"))
    deployment: Optional[str] = field(default_factory=lambda: _railway("DEPLOYMENT_ID"))
    place: Optional[Mapping[str, str]] = field(default_factory=_railway_place)
    #: Seconds since 1970.
    now: Callable[[], float] = time.time
    #: UTC, as 2026-11-22T10:00:00Z; the moment of this object if left out.
    started_at: Optional[str] = None

    def __post_init__(self) -> None:
        mistakes = [*self._naming_mistakes(), *self._key_mistakes(), *self._getter_mistakes()]
        if mistakes:
            raise ValueError("; ".join(mistakes))
        if self.started_at is None:
            object.__setattr__(self, "started_at", _timestamp(self.now()))

    def _naming_mistakes(self) -> "list[str]":
        place = self.place or {"environment": "-", "service": "-"}
        texts = [
            ("environment", self.environment, _ENVIRONMENT),
            ("instance", "-" if self.instance is None else self.instance, _LABEL),
            ("deployment", "-" if self.deployment is None else self.deployment, _LABEL),
            ("started_at", "2026-11-22T10:00:00Z" if self.started_at is None else self.started_at, _TIMESTAMP),
            ("place.environment", place.get("environment"), _LABEL),
            ("place.service", place.get("service"), _LABEL),
        ]
        return [f"{what} must match {form.pattern}" for what, text, form in texts if not _matches(form, text)]

    def _key_mistakes(self) -> "list[str]":
        keys = [] if isinstance(self.public_keys, str) else list(self.public_keys)
        unfit = [index for index, key in enumerate(keys, 1) if _public_key(key) is None]
        if keys and not unfit:
            return []
        form = "public_keys must be a list of Ed25519 keys of 32 bytes in base64url without padding"
        return [f"{form}: see number {unfit}" if unfit else form]

    def _getter_mistakes(self) -> "list[str]":
        return [
            f"{what}: entry {index} must be a name with a function"
            for what, getters in (("secrets", self.secrets), ("stored", self.stored or {}))
            for index, (name, getter) in enumerate(getters.items(), 1)
            if not _matches(_NAME, name) or name == "__proto__" or not callable(getter)
        ]


def answer(header: Optional[str], config: Config) -> "Optional[dict[str, Any]]":
    """Gives the member `tally` for a health endpoint's JSON object, or None without a challenge. Never raises."""
    if header is None:
        return None
    try:
        now = config.now()
        error, nonce, trusted = _check(header, config, int(now // 1))
        if error is not None:
            return {"version": 1, "error": error, **({"time": _timestamp(now)} if trusted else {})}
        return _tally(nonce, config)
    except Exception:
        # A health endpoint must not fall ill of the question; the checker sees that nobody answered it.
        return None


def _tally(nonce: str, config: Config) -> "dict[str, Any]":
    known = {
        "instance": config.instance,
        "deployment": config.deployment,
        "startedAt": config.started_at,
        "place": config.place and dict(config.place),
    }
    tally = {
        "version": 1,
        "environment": config.environment,
        **{name: value for name, value in known.items() if value is not None},
        "challenge": nonce,
        "echo": fingerprint("tally/v1", config.environment, "_echo", nonce),
        "running": _fingerprints(config.secrets, config.environment, nonce),
    }
    if config.stored is not None:
        tally["stored"] = _fingerprints(config.stored, config.environment, nonce)
    return tally


def fingerprint(value: str, environment: str, name: str, nonce: str) -> str:
    """Raises UnicodeEncodeError for a value that is not well-formed text."""
    message = "\n".join(["tally/v1", environment, name, nonce])
    return hmac.new(value.encode("utf-8"), message.encode("ascii"), hashlib.sha256).hexdigest()


def _fingerprints(getters: Mapping[str, Getter], environment: str, nonce: str) -> "dict[str, Optional[str]]":
    fingerprints: "dict[str, Optional[str]]" = {}
    for name, getter in getters.items():
        try:
            value = getter()
            fingerprints[name] = None if value is None else fingerprint(value, environment, name, nonce)
        except Exception:
            continue  # What cannot be read is left out: the checker then knows that it does not know.
    return fingerprints


def _check(header: str, config: Config, now: int) -> "tuple[Optional[str], str, bool]":
    """Gives the refusal's code or None, the nonce, and whether a trusted key signed, in PROTOCOL.md's order."""
    challenge = _parse(header)
    if challenge is None:
        return "challenge-malformed", "", False
    claims, signature, signed = challenge
    if not any(_is_signed_with(key, signature, signed) for key in config.public_keys):
        return "challenge-untrusted", "", False
    if claims["aud"] != config.environment:
        return "challenge-audience", "", True
    if claims["iat"] > now + 30:
        return "challenge-early", "", True
    if now >= claims["exp"] + 30:
        return "challenge-expired", "", True
    return None, claims["jti"], True


def _parse(header: str) -> "Optional[tuple[dict[str, Any], bytes, bytes]]":
    parts = header.split(".") if len(header) <= 2048 else []
    decoded = [_decode(part) for part in parts]
    if len(parts) != 3 or None in decoded or len(decoded[2] or b"") != 64:
        return None
    head, claims = _json_object(decoded[0] or b""), _json_object(decoded[1] or b"")
    if head is None or claims is None or not _is_expected(head) or not _are_claims(claims):
        return None
    return claims, decoded[2] or b"", f"{parts[0]}.{parts[1]}".encode("ascii")


def _is_expected(head: "dict[str, Any]") -> bool:
    return head.get("alg") == "EdDSA" and head.get("typ") == "tally-challenge+jwt" and "crit" not in head


def _are_claims(claims: "dict[str, Any]") -> bool:
    iat, exp = claims.get("iat"), claims.get("exp")
    if claims.get("iss") != "tallystick" or not isinstance(claims.get("aud"), str):
        return False
    if not _is_whole_number(iat) or not _is_whole_number(exp):
        return False
    return 0 < exp - iat <= 60 and _matches(_NONCE, claims.get("jti"))


def _is_whole_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return value == value // 1 and abs(value) <= _WHOLE_NUMBER_MAX


def _matches(pattern: "re.Pattern[str]", text: Any) -> bool:
    return isinstance(text, str) and pattern.fullmatch(text) is not None


def _decode(text: str) -> Optional[bytes]:
    if not _matches(_BASE64URL, text):
        return None
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _json_object(data: bytes) -> "Optional[dict[str, Any]]":
    try:
        value = json.loads(data.decode("utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _refuse(constant: str) -> None:
    raise ValueError(constant)  # NaN and Infinity are Python's, not JSON's.


def _public_key(text: Any) -> Optional[Ed25519PublicKey]:
    raw = _decode(text)
    if raw is None or len(raw) != 32 or _SMALL_ORDER.match(text):
        return None
    return Ed25519PublicKey.from_public_bytes(raw)


def _is_signed_with(key: str, signature: bytes, signed: bytes) -> bool:
    public_key = _public_key(key)
    try:
        if public_key is not None:
            public_key.verify(signature, signed)
    except InvalidSignature:
        return False
    return public_key is not None


def health_handler(config: Config) -> "type[BaseHTTPRequestHandler]":
    """A whole health endpoint for `http.server`."""

    class Health(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            headers = self.headers.get_all("Tally-Challenge")
            tally = answer(None if headers is None else ",".join(headers), config)
            body = json.dumps({"status": "ok"} if tally is None else {"status": "ok", "tally": tally}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass  # Quiet; the default would write a line to standard error for every question.

    return Health


def _getter(name: str) -> Getter:
    return lambda: os.environ.get(name)


if __name__ == "__main__":
    # TALLY_ENVIRONMENT=vps TALLY_PUBLIC_KEYS=key,key TALLY_SECRETS=NAME,NAME TALLY_PORT=8787
    server = ThreadingHTTPServer(
        ("127.0.0.1", int(os.environ.get("TALLY_PORT", "8787"))),
        health_handler(
            Config(
                environment=os.environ["TALLY_ENVIRONMENT"],
                public_keys=os.environ["TALLY_PUBLIC_KEYS"].split(","),
                secrets={name: _getter(name) for name in os.environ["TALLY_SECRETS"].split(",")},
            )
        ),
    )
    print(f"http://127.0.0.1:{server.server_port}/", flush=True)
    server.serve_forever()
