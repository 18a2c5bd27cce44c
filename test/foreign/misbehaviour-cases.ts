import type { ForeignCase } from "./foreign-case.ts";
import { currentOf, type SecretName } from "./foreign-values.ts";

const names = ["PLAIN_KEY", "COMPANION_KEY"] as const satisfies SecretName[];
const values = Object.fromEntries(names.map((name) => [name, currentOf(name)]));
const inSync = Object.fromEntries(names.map((name) => [name, { kind: "in-sync", versionId: `env:${name}` }]));

/** A key that nobody holds the private half of: the one of RFC 8032, section 7.1, test 1. */
const otherKey = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

type Unusual = Omit<ForeignCase, "values" | "verdicts">;

function unknown(because: string, code: string | undefined, unusual: Unusual): ForeignCase {
  const verdict = { kind: "unknown", because, ...(code !== undefined && { code }) };
  return { values, ...unusual, verdicts: Object.fromEntries(names.map((name) => [name, verdict])) };
}

function misbehaving(because: string, code: string, misbehaviours: readonly string[]): ForeignCase[] {
  return misbehaviours.map((misbehaviour) =>
    unknown(because, code, { environment: misbehaviour, misbehaviour }),
  );
}

/** Nothing sound is said: every row of the environment is unknown, for the reason that is right. */
export const unsoundCases: readonly ForeignCase[] = [
  ...misbehaving("stale", "stale", ["stale"]),
  ...misbehaving("faulty", "faulty", ["wrong-echo"]),
  ...misbehaving("malformed", "malformed", [
    "other-name",
    "upper-case-fingerprints",
    "short-fingerprints",
    "values-for-fingerprints",
    "numbers-for-fingerprints",
    "version-2",
    "version-text",
    "null-tally",
    "null-instance",
    "value-for-a-code",
    "value-for-an-instance",
    "nested-body",
  ]),
  ...misbehaving("malformed", "body-too-long", ["ten-megabytes", "endless"]),
  ...misbehaving("malformed", "http-302", ["redirect"]),
  ...misbehaving("malformed", "broken-http", ["broken-http"]),
  ...misbehaving("malformed", "content-encoded", ["said-compressed"]),
  ...misbehaving("not-reported", "http-200", [
    "no-tally",
    "empty",
    "login-page",
    "nested-elsewhere",
    "not-json",
    "byte-order-mark",
  ]),
  ...misbehaving("not-reported", "http-401", ["login-status"]),
  ...misbehaving("unreachable", "http-503", ["gateway"]),
  ...misbehaving("throttled", "http-429", ["throttled"]),
  ...misbehaving("unreachable", "connection-reset", ["reset"]),
  ...misbehaving("refused", "challenge-unwelcome", ["unknown-refusal"]),
  unknown("refused", "challenge-untrusted", { environment: "trusts-another", keys: [otherKey] }),
  unknown("refused", "challenge-audience", { environment: "known-as-other", name: "somewhere-else" }),
  unknown("refused", "challenge-expired", { environment: "clock-ahead", clockOffset: 600 }),
  unknown("refused", "challenge-early", { environment: "clock-behind", clockOffset: -600 }),
];

/** These wait for the checker's patience to end. */
export const silentCases: readonly ForeignCase[] = [
  ...misbehaving("timeout", "answer-timeout", ["slow"]),
  ...misbehaving("timeout", "body-timeout", ["stalled-body"]),
];

/** Unusual, and sound all the same. */
export const soundCases: readonly ForeignCase[] = [
  { environment: "server-error", misbehaviour: "server-error", values, verdicts: inSync },
  { environment: "forbidden", misbehaviour: "forbidden", values, verdicts: inSync },
  { environment: "clock-slightly-ahead", clockOffset: 75, values, verdicts: inSync },
  { environment: "clock-slightly-behind", clockOffset: -20, values, verdicts: inSync },
  { environment: "trusts-both-keys", trustsFirst: otherKey, values, verdicts: inSync },
];

/** One secret is left out: unknown, whereas the other one is told. */
export const reticentCase: ForeignCase = {
  environment: "tells-but-one",
  values: { COMPANION_KEY: currentOf("COMPANION_KEY") },
  verdicts: { ...inSync, PLAIN_KEY: { kind: "unknown", because: "not-reported", code: "not-in-responder" } },
};
