"""Ed25519 verification from RFC 8032, section 5.1, in plain Python: for tests, and not in constant time."""

from __future__ import annotations

import hashlib
from typing import NamedTuple, Optional

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
SQRT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


class Point(NamedTuple):
    """Extended homogeneous coordinates, section 5.1.4: x = X/Z, y = Y/Z, xy = T/Z."""

    X: int
    Y: int
    Z: int
    T: int


NEUTRAL = Point(0, 1, 1, 0)


def add(p: Point, q: Point) -> Point:
    a = (p.Y - p.X) * (q.Y - q.X) % P
    b = (p.Y + p.X) * (q.Y + q.X) % P
    c = 2 * p.T * q.T * D % P
    d = 2 * p.Z * q.Z % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return Point(e * f % P, g * h % P, f * g % P, e * h % P)


def sum_of_products(a: int, p: Point, b: int, q: Point) -> Point:
    """[a]P + [b]Q, the doublings shared by both."""
    both, result = add(p, q), NEUTRAL
    for bit in reversed(range(max(a.bit_length(), b.bit_length()))):
        result = add(result, result)
        chosen = (a >> bit & 1, b >> bit & 1)
        if chosen != (0, 0):
            result = add(result, {(1, 0): p, (0, 1): q, (1, 1): both}[chosen])
    return result


def negative(p: Point) -> Point:
    return Point(-p.X % P, p.Y, p.Z, -p.T % P)


def equal(p: Point, q: Point) -> bool:
    return (p.X * q.Z - q.X * p.Z) % P == 0 and (p.Y * q.Z - q.Y * p.Z) % P == 0


def decode_point(encoded: bytes) -> Optional[Point]:
    """Section 5.1.3; None where decoding fails, which includes every y that is not below p."""
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= P:
        return None
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if v * x * x % P == -u % P:
        x = x * SQRT_OF_MINUS_ONE % P
    if v * x * x % P != u or (x == 0 and sign == 1):
        return None
    if x & 1 != sign:
        x = P - x
    return Point(x, y, 1, x * y % P)


def _base() -> Point:
    y = 4 * pow(5, -1, P) % P
    point = decode_point(y.to_bytes(32, "little"))
    assert point is not None
    return point


BASE = _base()


def verify(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Section 5.1.7, with the equation that has no cofactor, which that section calls sufficient: R = [S]B - [k]A."""
    if len(public_key) != 32 or len(signature) != 64:
        return False
    a, r = decode_point(public_key), decode_point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public_key + message).digest(), "little") % L
    return equal(sum_of_products(s, BASE, k, negative(a)), r)
