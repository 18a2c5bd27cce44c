"""What happens to values on their way, done with the tools that do it: the standard library's own.

Each entry is `accident/tool`; the part before the slash is the id that a checker is expected to find.
"""

from __future__ import annotations

import base64
import json
import shlex
import unicodedata
import urllib.parse
from collections import defaultdict
from string import Template
from typing import Callable, Dict

Mangle = Callable[[str, str], str]
"""Takes the secret's name and its value."""


def _base64(value: str) -> str:
    return base64.b64encode(value.encode()).decode()


MANGLING: Dict[str, Mangle] = {
    "trailing-newline/lf": lambda _, value: value + "\n",
    "trailing-newline/crlf": lambda _, value: "\r\n".join([value, ""]),
    "outer-blanks/after": lambda _, value: value.ljust(len(value) + 1),
    "outer-blanks/before": lambda _, value: value.rjust(len(value) + 1),
    "outer-blanks/both": lambda _, value: value.center(len(value) + 2),
    "outer-blanks/tab": lambda _, value: "\t" + value,
    "trimmed/both": lambda _, value: value.strip(),
    "trimmed/before": lambda _, value: value.lstrip(),
    "trimmed/after": lambda _, value: value.rstrip(),
    "quotes-kept/shell": lambda _, value: shlex.quote(value),
    "quotes-kept/json": lambda _, value: json.dumps(value),
    "quotes-kept/back-tick": lambda _, value: f"`{value}`",
    "quotes-lost/shell": lambda _, value: "".join(shlex.split(value)),
    "name-kept/plain": lambda name, value: f"{name}={value}",
    "name-kept/quoted": lambda name, value: f'{name}="{value}"',
    "name-kept/yaml": lambda name, value: f"{name}: {value}",
    "export-kept/plain": lambda name, value: f"export {name}={value}",
    "export-kept/quoted": lambda name, value: f"export {name}={shlex.quote(value)}",
    "bearer-kept/word": lambda _, value: f"Bearer {value}",
    "bearer-lost/word": lambda _, value: value.partition(" ")[2],
    "percent-encoded/component": lambda _, value: urllib.parse.quote(value, safe=""),
    "percent-encoded/form": lambda _, value: urllib.parse.quote_plus(value),
    "percent-encoded/path": lambda _, value: urllib.parse.quote(value),
    "percent-decoded/component": lambda _, value: urllib.parse.unquote(value),
    "percent-decoded/form": lambda _, value: urllib.parse.unquote_plus(value),
    "base64-encoded/plain": lambda _, value: _base64(value),
    "base64-encoded/of-line": lambda _, value: _base64(value + "\n"),
    "base64-encoded/url-safe": lambda _, value: base64.urlsafe_b64encode(value.encode()).decode().rstrip("="),
    "base64-encoded/lines": lambda _, value: base64.encodebytes(value.encode()).decode(),
    "base64-decoded/plain": lambda _, value: base64.b64decode(value).decode(),
    "backslash-escaped/json": lambda _, value: json.dumps(value, ensure_ascii=False)[1:-1],
    "backslash-escaped/ascii": lambda _, value: json.dumps(value)[1:-1],
    "backslash-escaped/twice": lambda _, value: value.replace("\\", r"\\"),
    "literal-newline/kept": lambda _, value: value.replace("\n", r"\n"),
    "literal-newline/joined": lambda _, value: " ".join(value.splitlines()),
    "unrendered/railway": lambda name, _: "${{" + name + "}}",
    "unrendered/railway-shared": lambda name, _: "${{shared." + name + "}}",
    "unrendered/shell": lambda name, _: "${" + name + "}",
    "unrendered/windows": lambda name, _: f"%{name}%",
    "dollar-expanded/template": lambda _, value: Template(value).safe_substitute(defaultdict(str)),
    "cut-at-hash/shell": lambda _, value: shlex.split(value, comments=True)[0],
    "cut-at-blank/shell": lambda _, value: shlex.split(value)[0],
    "cut-at-255/field": lambda _, value: f"{value:.255}",
    "cut-at-256/field": lambda _, value: f"{value:.256}",
    "cut-at-1024/field": lambda _, value: f"{value:.1024}",
    "cut-at-1024/c-string": lambda _, value: f"{value:.1023}",
    "first-line-only/lines": lambda _, value: value.splitlines()[0],
    "case-changed/lower": lambda _, value: value.lower(),
    "case-changed/upper": lambda _, value: value.upper(),
    "byte-order-mark/windows": lambda _, value: value.encode("utf-8-sig").decode("utf-8"),
    "byte-order-mark/misread": lambda _, value: value.encode("utf-8-sig").decode("latin-1"),
    "unicode-normalised/nfd": lambda _, value: unicodedata.normalize("NFD", value),
    "unicode-normalised/nfkc": lambda _, value: unicodedata.normalize("NFKC", value),
    "placeholder/none": lambda _name, _value: str(None),
    "placeholder/word": lambda _name, _value: "changeme",
}


def mangled(tool: str, name: str, value: str) -> str:
    """The mangled value; an accident that changes nothing would prove nothing, and raises ValueError."""
    result = MANGLING[tool](name, value)
    if result == value:
        raise ValueError(f"{tool} does not change the value of {name}")
    return result
