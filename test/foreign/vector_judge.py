"""Puts challenges, fingerprints and public keys from stdin (JSON) before the foreign implementation, one by one."""

from __future__ import annotations

import json
import sys
from typing import Any

import tally
from tally import JsonObject, Responder


def challenge(vector: JsonObject) -> Any:
    responder = Responder(vector["environment"], tally.read_keys(vector["publicKeys"]), {})
    header = vector["header"]
    return tally.respond([header], responder, vector["nowSeconds"])


def fingerprint(vector: JsonObject) -> Any:
    """What a responder tells that holds just this value; nothing where it leaves the name out."""
    held = {vector["name"]: vector["value"]}
    return tally.fingerprints(held, vector["environment"], vector["nonce"]).get(vector["name"])


def public_key(vector: JsonObject) -> Any:
    try:
        return len(tally.read_keys([vector["publicKey"]])) == 1
    except ValueError:
        return False


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    judge = {"challenge": challenge, "fingerprint": fingerprint, "publicKey": public_key}[asked["what"]]
    print(json.dumps([judge(vector) for vector in asked["vectors"]]))
