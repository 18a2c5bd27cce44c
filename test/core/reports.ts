import { reportSchema } from "../../functions/contract.ts";
import type {
  CapabilityReport,
  HealReport,
  HolderReport,
  Report,
  SecretReport,
} from "../../functions/core/report.ts";

/** A holder that is right, but for what a test says. */
export function holder(but: Partial<HolderReport> = {}): HolderReport {
  return {
    name: "API_TOKEN",
    verdict: { kind: "in-sync", versionId: "v2" },
    remedy: { kind: "none" },
    ...but,
  };
}

export const behind = { kind: "behind", versionId: "v1", behindBy: 1 } as const;

/** A heal that ended well, but for what a test says. */
export function heal(but: Partial<HealReport> = {}): HealReport {
  const was = [
    { secret: "API_TOKEN", verdict: behind, cause: "variable", action: "set-and-redeploy" },
  ] as const;
  return { environment: "app", secrets: ["API_TOKEN"], status: "healed", durationMs: 2_000, was, ...but };
}

interface Parts {
  readonly status?: Report["status"];
  readonly secrets?: readonly SecretReport[];
  readonly holders?: readonly HolderReport[];
  readonly capabilities?: readonly CapabilityReport[];
  readonly heals?: readonly HealReport[];
  readonly run?: Partial<Report["run"]>;
}

/** A report of one environment, `app`, in which all is well but for what a test says. */
export function report({
  status = "in-sync",
  secrets,
  holders,
  capabilities = [],
  heals = [],
  run,
}: Parts = {}): Report {
  return {
    schema: reportSchema,
    run: {
      id: "run-1",
      trigger: "schedule",
      mode: "fix",
      startedAt: "2026-11-22T10:00:41Z",
      durationMs: 100,
      ...run,
    },
    status,
    secrets: secrets ?? [{ name: "API_TOKEN", truth: "valid" }],
    environments: [{ name: "app", secrets: holders ?? [holder()], capabilities }],
    heals,
  };
}
