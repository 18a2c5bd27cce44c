"""Reads cases as JSON from standard input, puts each to the Python responder, and writes what came of it."""

import json
import sys

sys.path.insert(0, sys.argv[1])
from tally_responder import Config, answer, fingerprint  # noqa: E402


def configured(case):
    return Config(
        environment=case.get("environment", "vps"),
        public_keys=case["publicKeys"],
        secrets={name: (lambda value=value: value) for name, value in case.get("secrets", {}).items()},
        now=lambda: case.get("nowSeconds", 0),
        **case.get("options", {}),
    )


def outcome(case):
    try:
        if case["what"] == "fingerprint":
            return fingerprint(case["value"], case["environment"], case["name"], case["nonce"])
        config = configured(case)
        return "configured" if case["what"] == "configuration" else answer(case["header"], config)
    except ValueError as error:  # UnicodeEncodeError is one; its text would repeat the value.
        return {"refused": type(error).__name__, "message": str(error) if type(error) is ValueError else ""}


json.dump([outcome(case) for case in json.load(sys.stdin)], sys.stdout)
