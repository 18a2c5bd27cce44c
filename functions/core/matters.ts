import { dependentsOf, placeOf } from "./dependents.ts";
import { isFinding, isInFlight, tellingTruths } from "./findings.ts";
import type { NewsKind } from "./news.ts";
import type { EnvironmentReport, HealReport, HolderReport, Report, SecretReport } from "./report.ts";
import { epochMs } from "./time.ts";

/** What people may be told of, by its names. */
export type About =
  | { readonly kind: "holder" | "unseen"; readonly environment: string; readonly secret: string }
  | { readonly kind: "secret" | "source" | "unread"; readonly secret: string }
  | { readonly kind: "capability"; readonly environment: string; readonly capability: string }
  | { readonly kind: "run" };

interface Seen {
  readonly about: About;
  readonly key: string;
}

/** What one run saw of one thing. What it could not see is none: silence opens and closes nothing. */
export type Matter = Seen &
  (
    | { readonly seen: "right" }
    /** Was wrong, and this run's repair has proven it right. */
    | {
        readonly seen: "mended";
        readonly by: string;
        /** Since when it was wrong, as far as this run knows. */
        readonly sinceMs: number;
        readonly broke: readonly string[];
      }
    /** Somebody mends it now and will tell the end; `ours` where this run has begun it. */
    | (Wrong & { readonly seen: "busy"; readonly ours: boolean })
    | (Wrong & { readonly seen: "wrong" })
  );

export interface Wrong {
  readonly as: Extract<
    NewsKind,
    "failed" | "drift" | "not-repaired" | "truth" | "suspect" | "refused" | "unseen" | "unread"
  >;
  /** What is wrong; absent where a repair only did not come to its proof. */
  readonly what?: string;
  /** Absent where it is not known just now: that is no change. */
  readonly cause?: string;
  /** What keeps it wrong, where that is lasting. */
  readonly why?: string;
  readonly sinceMs: number;
  /** How long it may be so before anybody is told. @default not at all */
  readonly patienceMs?: number;
  /** @default it is told again after a while */
  readonly isToldOnce?: true;
  readonly broke: readonly string[];
}

/** How long a fleet's environments, and the source itself, may be silent. */
export interface Patience {
  readonly sourceMs: number;
  readonly environmentMs: (environment: string) => number;
}

/** Everything that a report says of what people may be told of, in the report's own order. */
export function mattersOf(report: Report, patience: Patience): readonly Matter[] {
  const { run, status, secrets, environments } = report;
  const startedAtMs = epochMs(run.startedAt);
  const failed = { as: "failed", what: "failed", sinceMs: startedAtMs, broke: [] } as const;
  return [
    matter({ kind: "run" }, status === "failed" ? { seen: "wrong", ...failed } : { seen: "right" }),
    ...secrets.flatMap((secret) => secretMatters(secret, startedAtMs, patience)),
    ...environments.flatMap(({ name, secrets: holders }) =>
      holders.flatMap((holder) => [
        ...holderMatter(report, name, holder),
        ...sightMatter(name, holder, startedAtMs, patience),
      ]),
    ),
    ...refusalMatters(report, startedAtMs),
  ];
}

type Sight = Matter extends infer Each ? (Each extends Seen ? Omit<Each, keyof Seen> : never) : never;

function matter(about: About, sight: Sight): Matter {
  return { about, key: keyOf(about), ...sight };
}

/** Names as one text that no other names give. */
function keyOf(about: About): string {
  return JSON.stringify(Object.values(about));
}

function secretMatters(
  { name, truth, version, detail }: SecretReport,
  sinceMs: number,
  { sourceMs }: Patience,
): Matter[] {
  const secret = (sight: Sight): Matter => matter({ kind: "secret", secret: name }, sight);
  const source = (sight: Sight): Matter => matter({ kind: "source", secret: name }, sight);
  const unread = (sight: Sight): Matter => matter({ kind: "unread", secret: name }, sight);
  const since = { sinceMs, broke: [] };
  if (truth === "unknown")
    return [unread({ seen: "wrong", as: "unread", what: "unread", ...since, patienceMs: sourceMs })];
  const state: Sight = tellingTruths.has(truth)
    ? {
        ...{ seen: "wrong", as: "truth", what: JSON.stringify([truth, version?.id]), ...since },
        // What is to come is said once; when it has come it is said again.
        ...(truth === "expiring" && { isToldOnce: true }),
      }
    : { seen: "right" };
  const isSuspect = detail !== undefined && truth !== "placeholder";
  return [
    unread({ seen: "right" }),
    secret(state),
    source(isSuspect ? { seen: "wrong", as: "suspect", what: "suspect", ...since } : { seen: "right" }),
  ];
}

function holderMatter(report: Report, environment: string, holder: HolderReport): Matter[] {
  const about = { kind: "holder", environment, secret: holder.name } as const;
  const heal = healOf(report, environment, holder.name);
  const isWrong = isFinding(holder);
  const wrong = wrongOf(report, environment, holder, heal);
  if (heal?.status === "failed" || heal?.status === "timed-out")
    return [matter(about, { seen: "wrong", ...wrong, as: "not-repaired" })];
  if (heal?.status === "healed" && !isWrong) {
    const by = JSON.stringify([report.run.id, environment]);
    const sinceMs = wrongSinceMs(report, heal);
    return [
      matter(about, { seen: "mended", by, sinceMs, broke: brokenBy(report, environment, holder.name) }),
    ];
  }
  const ours = heal?.status === "started";
  if (isWrong && (ours || isInFlight(holder, heal))) return [matter(about, { seen: "busy", ...wrong, ours })];
  if (isWrong) return [matter(about, { seen: "wrong", ...wrong })];
  return holder.verdict.kind === "unknown" ? [] : [matter(about, { seen: "right" })];
}

/** What a later check proves was wrong when its repair began, and that was before this run. */
function wrongSinceMs({ run }: Report, { reason, wrongSince, durationMs = 0 }: HealReport): number {
  if (wrongSince !== undefined) return epochMs(wrongSince);
  return epochMs(run.startedAt) - (reason === "verified-later" ? durationMs : 0);
}

function wrongOf(
  report: Report,
  environment: string,
  holder: HolderReport,
  heal: HealReport | undefined,
): Wrong {
  const { name, verdict, cause, since } = holder;
  const why = whyOf(holder, heal);
  return {
    as: "drift",
    ...(isFinding(holder) && { what: verdict.kind }),
    ...(cause !== undefined && cause !== "undetermined" && { cause }),
    ...(why !== undefined && { why }),
    sinceMs: epochMs(since ?? report.run.startedAt),
    broke: brokenBy(report, environment, name),
  };
}

/** What keeps a holder wrong, where it does not end by itself. */
function whyOf({ remedy }: HolderReport, heal: HealReport | undefined): string | undefined {
  if (heal?.status === "failed" || heal?.status === "timed-out") return heal.reason ?? heal.status;
  const reason = remedy.withheld?.reason ?? heal?.reason;
  if (reason !== undefined) return lastingReasons.has(reason) ? reason : undefined;
  return remedy.kind === "by-hand" ? remedy.kind : undefined;
}

/** Others come and go between two looks, and say nothing new of what is wrong. */
const lastingReasons: ReadonlySet<string> = new Set(["mode", "source-suspect", "wrong-token", "fighting"]);

/** How the last repair of a holder in this run went. */
export function healOf({ heals }: Report, environment: string, secret: string): HealReport | undefined {
  return heals.findLast((heal) => heal.environment === environment && heal.secrets.includes(secret));
}

function sightMatter(
  environment: string,
  { name: secret, verdict }: HolderReport,
  sinceMs: number,
  { environmentMs }: Patience,
): Matter[] {
  const about = { kind: "unseen", environment, secret } as const;
  if (verdict.kind !== "unknown") return [matter(about, { seen: "right" })];
  // That the source was not read is told of the source.
  if (verdict.because === "truth") return [];
  const patienceMs = environmentMs(environment);
  const wrong = { as: "unseen", what: "unseen", sinceMs, patienceMs, broke: [] } as const;
  return [matter(about, { seen: "wrong", ...wrong })];
}

function refusalMatters(report: Report, sinceMs: number): Matter[] {
  const { secrets, environments } = report;
  const explaining = new Set([
    ...secrets.filter(({ truth }) => tellingTruths.has(truth)).map(({ name }) => name),
    ...environments.flatMap((each) => each.secrets.filter(isFinding).map(({ name }) => name)),
  ]);
  return environments.flatMap(({ name: environment, capabilities }: EnvironmentReport) =>
    capabilities.flatMap(({ name: capability, status, dependsOn }) => {
      const about = { kind: "capability", environment, capability } as const;
      if (status === "works") return [matter(about, { seen: "right" })];
      if (status !== "denied" || dependsOn.some((secret) => explaining.has(secret))) return [];
      const wrong = { as: "refused", what: "refused", sinceMs, broke: [] } as const;
      return [matter(about, { seen: "wrong", ...wrong })];
    }),
  );
}

/** More than this nobody reads, and nobody has to remember. */
const brokenMax = 20;

/** What is refused for a holder. */
function brokenBy(report: Report, environment: string, secret: string): readonly string[] {
  const refused = dependentsOf(report, secret, environment).filter(({ status }) => status === "denied");
  return refused.slice(0, brokenMax).map(placeOf);
}
