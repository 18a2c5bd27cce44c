import fc from "fast-check";
import { describe, expect, it } from "vitest";

import {
  isEnvironmentName,
  isLabel,
  isNonce,
  isSecretName,
  isTimestamp,
} from "../../functions/protocol/names.ts";

const patterns: readonly {
  readonly what: string;
  readonly isFit: (text: string) => boolean;
  readonly fit: readonly string[];
  readonly unfit: readonly string[];
}[] = [
  {
    what: "an environment's name",
    isFit: isEnvironmentName,
    fit: ["a", "3", "railway-production", "a--", "e".repeat(63)],
    unfit: ["", "-a", "A", "a_b", "a.b", "a b", "a\n", "\na", "e".repeat(64), "é"],
  },
  {
    what: "a secret's name",
    isFit: isSecretName,
    fit: ["A", "_", "_echo", "a.b-c_9", "constructor", "__proto", "N".repeat(128)],
    unfit: ["", "9A", ".A", "-A", "A B", "A\n", "A/B", "__proto__", "N".repeat(129), "É"],
  },
  {
    what: "a nonce",
    isFit: isNonce,
    fit: ["AAECAwQFBgcICQoLDA0ODw", "-".repeat(22), "_".repeat(22), "9".repeat(22)],
    unfit: [
      "",
      "A".repeat(21),
      "A".repeat(23),
      `${"A".repeat(21)}=`,
      `${"A".repeat(21)}+`,
      `${"A".repeat(22)}\n`,
    ],
  },
  {
    what: "a label",
    isFit: isLabel,
    fit: ["a", "9", "A.b_c:d-e", "-", "l".repeat(128)],
    unfit: ["", "a b", "a/b", "a\n", "l".repeat(129), "é"],
  },
  {
    what: "a timestamp",
    isFit: isTimestamp,
    fit: ["2026-11-22T10:00:00Z", "2026-01-31T23:59:59.123456789Z", "2026-12-09T00:00:00.5Z"],
    unfit: [
      "",
      "2026-11-22",
      "2026-11-22T10:00:00",
      "2026-11-22T10:00:00z",
      "2026-11-22 10:00:00Z",
      "2026-11-22T10:00:00+00:00",
      "2026-00-22T10:00:00Z",
      "2026-13-22T10:00:00Z",
      "2026-11-00T10:00:00Z",
      "2026-11-32T10:00:00Z",
      "2026-11-22T24:00:00Z",
      "2026-11-22T10:60:00Z",
      "2026-11-22T10:00:60Z",
      "2026-11-22T10:00:00.Z",
      "2026-11-22T10:00:00.1234567890Z",
      "2026-11-22T10:00:00Z\n",
    ],
  },
];

describe.each(patterns)("$what", ({ isFit, fit, unfit }) => {
  it.each(fit.map((text) => [text]))("may be %j", (text) => expect(isFit(text)).toBe(true));
  it.each(unfit.map((text) => [text]))("may not be %j", (text) => expect(isFit(text)).toBe(false));

  it("holds no separator", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(isFit(`${a}\n${b}`)).toBe(false);
      }),
    );
  });
});
