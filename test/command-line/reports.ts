import { reportSchema } from "../../functions/contract.ts";
import type {
  CapabilityReport,
  EnvironmentReport,
  HolderReport,
  Report,
  SecretReport,
  StoredReport,
  VerdictReport,
} from "../../functions/core/report.ts";

const auth = "INTERNAL_AUTH_SECRET";
const gateway = "OPENCLAW_GATEWAY_TOKEN";

const versionIds = {
  current: "9c1e22ab-0d4f-4c7e-8a51-6f0d1c2b3a49",
  token: "31aa07f2-55d0-4be2-9d0a-7c4e8b1f2a63",
  old: "c2f4d6e8-1234-4abc-9def-0123456789ab",
};

const inSync: VerdictReport = { kind: "in-sync", versionId: versionIds.current };
const behind: VerdictReport & StoredReport = {
  kind: "behind",
  versionId: versionIds.old,
  behindBy: 1,
  replacedAt: "2026-11-03T09:00:41Z",
};
const noHealth: VerdictReport = {
  kind: "unknown",
  because: "not-reported",
  detail: "the fleet names no health endpoint, so nothing tells what its processes hold",
};

function right(name: string): HolderReport {
  return { name, verdict: inSync, evidence: "process", remedy: { kind: "none" } };
}

function environment(
  name: string,
  secrets: readonly HolderReport[],
  capabilities: readonly CapabilityReport[] = [],
): EnvironmentReport {
  return { name, secrets, capabilities };
}

function valid(name: string, id = versionIds.current): SecretReport {
  return { name, version: { id, createdAt: "2026-11-03T09:00:41Z" }, truth: "valid" };
}

function report(
  parts: Partial<Report> & Pick<Report, "environments">,
  mode: "observe" | "fix" = "observe",
): Report {
  return {
    schema: reportSchema,
    run: {
      id: "7d3c0f6e-6a55-4d0e-9a3c-0a6f1f3f7a10",
      trigger: "cli",
      mode,
      startedAt: "2026-11-22T10:00:00Z",
      durationMs: 1_240,
      publicKey: "pG2yQ9h3m1VbL0Zk5uT8xW7sR4nD6cJfA2eK9oI1tXg",
    },
    status: "in-sync",
    secrets: [valid(auth), valid(gateway, versionIds.token)],
    heals: [],
    ...parts,
  };
}

export const allWell = report({
  environments: [
    environment(
      "railway-production",
      [right(auth), right(gateway)],
      [
        { name: "app-nudge-evening", status: "works", dependsOn: [auth], httpStatus: 200 },
        { name: "skills", status: "works", dependsOn: [], httpStatus: 200 },
      ],
    ),
    environment("vps", [right(auth), right(gateway)]),
    environment("mac-mini", [right(gateway)]),
  ],
});

const behindOnRailway: HolderReport = {
  name: auth,
  verdict: behind,
  stored: behind,
  evidence: "process",
  cause: "variable",
  remedy: { kind: "withheld", withheld: { reason: "mode", wouldBe: "set-and-redeploy" } },
};

const rejectedToken: HolderReport = {
  ...right(gateway),
  cause: "rejected",
  remedy: {
    kind: "by-hand",
    steps: [
      `Issue a new ${gateway} where it is issued; the present one is held alike by everybody and no longer accepted.`,
      "Put it into AWS Secrets Manager prod/openclaw, key gatewayToken as the new current version; the next check brings it to where it can be pushed.",
      `Prove it: tallystick check --only railway-production --secret ${gateway}`,
    ],
  },
};

const fetchStep =
  "On vps, set INTERNAL_AUTH_SECRET to version 9c1e22ab-0d4f-4c7e-8a51-6f0d1c2b3a49 of INTERNAL_AUTH_SECRET from AWS Secrets Manager prod/internal-auth. Fetch it into the file, not onto the screen: aws secretsmanager get-secret-value --secret-id prod/internal-auth --query SecretString --output text";

/** What the nine hours were about, seen in one run. */
export const incident = report({
  status: "drifted",
  secrets: [
    valid(auth),
    {
      ...valid(gateway, versionIds.token),
      truth: "rejected",
      expiresAt: "2026-12-01T12:00:00Z",
    },
  ],
  environments: [
    environment(
      "railway-production",
      [behindOnRailway, rejectedToken],
      [
        { name: "skills", status: "works", dependsOn: [], httpStatus: 200 },
        { name: "sessions_list", status: "denied", dependsOn: [gateway], httpStatus: 401 },
        { name: "app-nudge-evening", status: "denied", dependsOn: [auth], httpStatus: 401 },
        { name: "digest", status: "broken", dependsOn: [auth], httpStatus: 500 },
        { name: "calendar", status: "unknown", dependsOn: [], because: "no answer within 5 s" },
      ],
    ),
    environment("vps", [
      {
        name: auth,
        verdict: { kind: "mangled", accident: "trailing-newline", versionId: versionIds.current },
        evidence: "process",
        cause: "undetermined",
        remedy: {
          kind: "by-hand",
          steps: [
            fetchStep,
            "Restart the service on vps: a process keeps the value it was started with.",
            `Prove it: tallystick check --only vps --secret ${auth}`,
          ],
        },
      },
      right(gateway),
    ]),
    environment("mac-mini", [
      {
        name: gateway,
        verdict: {
          kind: "unknown",
          because: "timeout",
          code: "timeout",
          detail: "gave no answer within 5 s",
        },
        remedy: { kind: "none" },
      },
    ]),
    environment("railway-staging", [
      {
        ...right(auth),
        stored: { kind: "foreign" },
        cause: "latent",
        remedy: { kind: "withheld", withheld: { reason: "mode", wouldBe: "set-quietly" } },
      },
      right(gateway),
    ]),
  ],
});

export const afterHeal = report(
  {
    ...allWell,
    run: { ...allWell.run, mode: "fix", durationMs: 47_300 },
    heals: [
      {
        environment: "railway-production",
        secrets: [auth],
        status: "healed",
        durationMs: 42_400,
        was: [{ secret: auth, verdict: behind, cause: "variable", action: "set-and-redeploy" }],
      },
    ],
  },
  "fix",
);

/** The first check of all: no responder answers anywhere, but Railway tells what it stores. */
export const storedOnly = report({
  status: "unknown",
  environments: [
    environment("app-production", [
      { name: auth, verdict: noHealth, stored: behind, remedy: { kind: "none" } },
      { name: gateway, verdict: noHealth, stored: inSync, remedy: { kind: "none" } },
    ]),
    environment("worker-production", [
      { name: auth, verdict: noHealth, stored: inSync, remedy: { kind: "none" } },
      { name: gateway, verdict: noHealth, stored: { kind: "sealed" }, remedy: { kind: "none" } },
    ]),
    environment("vps", [
      {
        name: auth,
        verdict: {
          kind: "unknown",
          because: "refused",
          code: "challenge-untrusted",
          detail: "does not trust the checker's key: give its responder the public key",
        },
        remedy: { kind: "none" },
      },
    ]),
  ],
});

export const twoHundred = report({
  status: "drifted",
  environments: Array.from({ length: 200 }, (_, index) => {
    const name = `shop-${String(index + 1).padStart(3, "0")}-production`;
    const isWrong = index % 67 === 0;
    return environment(name, [isWrong ? behindOnRailway : right(auth), right(gateway)]);
  }),
});

const takeover = "\u001b[2J\u001b]0;owned\u0007";

/** Names and details as somebody would choose them who wants to write on the reader's terminal. */
export const hostile = report({
  status: "drifted",
  secrets: [
    {
      name: `TOKEN${takeover}`,
      version: { id: "\u009b31mred\u2028id" },
      truth: "valid",
      detail: `a${takeover}\r\nb`,
    },
  ],
  environments: [
    environment(
      "日本語-環境-production-with-a-name-that-does-not-end-for-a-very-long-time",
      [
        {
          name: `TOKEN${takeover}`,
          verdict: {
            kind: "split",
            instances: [
              { instance: "\u202egnp.exe", verdict: { kind: "foreign" } },
              { instance: "👩‍👩‍👧 family", verdict: { kind: "in-sync", versionId: "x" } },
            ],
          },
          stored: { kind: "reference", to: `shared.${takeover}` },
          cause: "shared",
          remedy: { kind: "by-hand", steps: [`step\nwith ${takeover}lines`] },
        },
      ],
      [{ name: "café 日本 /\u0000nul", status: "denied", dependsOn: [`TOKEN${takeover}`], httpStatus: 401 }],
    ),
  ],
  heals: [{ environment: takeover, secrets: [], status: "failed", detail: takeover, was: [] }],
});
