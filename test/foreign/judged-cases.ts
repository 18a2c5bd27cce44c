import { canary } from "../canaries.ts";
import { accidentCases } from "./accident-cases.ts";
import type { ForeignCase } from "./foreign-case.ts";
import type { Values } from "./foreign-process.ts";
import { currentOf, type SecretName, secretNames, secrets } from "./foreign-values.ts";

const inSync = (name: SecretName) => ({ kind: "in-sync", versionId: `env:${name}` });

/** One secret is held as told, and a second one rightly beside it: the wrong one colours nothing but its own row. */
function held(environment: string, secret: SecretName, value: Values[string], verdict: object): ForeignCase {
  return {
    environment,
    values: { [secret]: value, COMPANION_KEY: currentOf("COMPANION_KEY") },
    verdicts: { [secret]: verdict, COMPANION_KEY: inSync("COMPANION_KEY") },
  };
}

const [oneBefore, twoBefore] = secrets.PLAIN_KEY.older;

const everyRight: ForeignCase = {
  environment: "in-sync",
  values: Object.fromEntries(secretNames.map((name) => [name, currentOf(name)])),
  verdicts: Object.fromEntries(secretNames.map((name) => [name, inSync(name)])),
};

/** What a sound answer may come to. `withdrawn` is not among them: an `env` source has no version that is newer. */
export const plainCases: readonly ForeignCase[] = [
  everyRight,
  held("ahead", "PLAIN_KEY", secrets.PLAIN_KEY.pending, { kind: "ahead", versionId: "env:PLAIN_KEY_NEXT" }),
  held("behind-one", "PLAIN_KEY", oneBefore, {
    kind: "behind",
    versionId: "env:PLAIN_KEY_OLD_1",
    behindBy: 1,
  }),
  held("behind-two", "PLAIN_KEY", twoBefore, {
    kind: "behind",
    versionId: "env:PLAIN_KEY_OLD_2",
    behindBy: 2,
  }),
  held("swapped", "PLAIN_KEY", currentOf("TOKEN_KEY"), { kind: "swapped", secret: "TOKEN_KEY" }),
  held("swapped-umlauts", "PLAIN_KEY", currentOf("UMLAUT_KEY"), { kind: "swapped", secret: "UMLAUT_KEY" }),
  held("unset-null", "PLAIN_KEY", null, { kind: "unset" }),
  held("unset-empty", "PLAIN_KEY", "", { kind: "unset" }),
  held("foreign", "PLAIN_KEY", canary("from nowhere"), { kind: "foreign" }),
  held("foreign-by-one-character", "PLAIN_KEY", `${currentOf("PLAIN_KEY")}x`, { kind: "foreign" }),
];

/** Python's own ways of an accident, which differ from JavaScript's. */
const inPythonsWay: readonly ForeignCase[] = (
  [
    ["PLAIN_KEY", "percent-encoded", "path"],
    ["TOKEN_KEY", "base64-encoded", "lines"],
    ["UMLAUT_KEY", "backslash-escaped", "ascii"],
  ] as const
).map(([secret, accident, way]) =>
  held(
    `${accident}-${way}`,
    secret,
    { of: currentOf(secret), through: `${accident}/${way}` },
    { kind: "mangled", accident, versionId: `env:${secret}` },
  ),
);

/** An accident on another version than the current one is found as well. */
const onOtherVersions: readonly ForeignCase[] = [
  held(
    "mangled-older",
    "PLAIN_KEY",
    { of: twoBefore, through: "trailing-newline/lf" },
    { kind: "mangled", accident: "trailing-newline", versionId: "env:PLAIN_KEY_OLD_2" },
  ),
  held(
    "mangled-pending",
    "PLAIN_KEY",
    { of: secrets.PLAIN_KEY.pending, through: "quotes-kept/json" },
    { kind: "mangled", accident: "quotes-kept", versionId: "env:PLAIN_KEY_NEXT" },
  ),
];

const onCurrentVersions = Object.entries(accidentCases).flatMap(([accident, cases]) =>
  cases.flatMap(({ secret, tools, leavesNothing }) =>
    tools.map((tool) => {
      const environment = `${accident}-${tool}-${secret.toLowerCase().replaceAll("_", "-")}`;
      const mangled = { of: currentOf(secret), through: `${accident}/${tool}` };
      const version = leavesNothing ? {} : { versionId: `env:${secret}` };
      return held(environment, secret, mangled, { kind: "mangled", accident, ...version });
    }),
  ),
);

export const mangledCases: readonly ForeignCase[] = [
  ...onCurrentVersions,
  ...onOtherVersions,
  ...inPythonsWay,
];
