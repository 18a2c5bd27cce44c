import type {
  CapabilityReport,
  HealReport,
  HolderReport,
  RunStatus,
  StoredReport,
  VerdictReport,
} from "./report.ts";
import type { TruthState } from "./truth.ts";

/** How good something is; each has its sign, so that nothing is told by colour alone. */
export type Tone = "good" | "warn" | "bad";

export const signs: Readonly<Record<Tone, string>> = { good: "✓", warn: "?", bad: "✗" };

/** How good a verdict is: what could not be seen is neither good nor bad. */
export function toneOfVerdict(verdict: VerdictReport): Tone {
  switch (verdict.kind) {
    case "in-sync":
      return "good";
    case "ahead":
    case "unknown":
      return "warn";
    case "split":
      return verdict.instances.some((each) => toneOfVerdict(each.verdict) === "bad") ? "bad" : "warn";
    default:
      return "bad";
  }
}

/** How good a stored value is; what cannot be compared says nothing. */
export function toneOfStored(stored: StoredReport): Tone {
  switch (stored.kind) {
    case "sealed":
    case "unknown":
      return "warn";
    case "reference":
    case "inherited":
      return stored.holds === undefined ? "warn" : toneOfVerdict(stored.holds);
    default:
      return toneOfVerdict(stored);
  }
}

/** What runs, and what the next start would bring in. */
export function toneOfHolder({ verdict, cause }: HolderReport): Tone {
  return cause === "latent" ? "bad" : toneOfVerdict(verdict);
}

export const truthTones: Readonly<Record<TruthState, Tone>> = {
  valid: "good",
  expiring: "warn",
  weak: "warn",
  "verifier-unseen": "warn",
  unknown: "warn",
  expired: "bad",
  rejected: "bad",
  placeholder: "bad",
};

export const capabilityTones: Readonly<Record<CapabilityReport["status"], Tone>> = {
  denied: "bad",
  broken: "bad",
  unknown: "warn",
  works: "good",
};

export const statusTones: Readonly<Record<RunStatus, Tone>> = {
  "in-sync": "good",
  unknown: "warn",
  drifted: "bad",
  failed: "bad",
};

export const healTones: Readonly<Record<HealReport["status"], Tone>> = {
  healed: "good",
  superseded: "good",
  started: "warn",
  withheld: "warn",
  "timed-out": "warn",
  failed: "bad",
};
