import type { Secret } from "../protocol/secret.ts";
import type { SigningKey } from "../protocol/signing-key.ts";
import type { Capability, CredentialSource, EnvironmentEntry, RailwayEntry, SecretEntry } from "./fleet.ts";
import type {
  HealClaim,
  HealEnd,
  HealMemory,
  HolderChange,
  LastReport,
  MatterChange,
  MatterMemory,
  Remembered,
  RunMemory,
  TellingClaim,
  VersionMemory,
} from "./memory.ts";
import type {
  CallQuota,
  DeploymentSnapshot,
  Hearing,
  ProbeResult,
  ServiceState,
  Truth,
} from "./observation.ts";
import type { Report, Trigger } from "./report.ts";

/** The time, and waiting. Only what bounds one request runs on the process's own monotonic clock. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  sleep(durationMs: number): Promise<void>;
}

/** Where true values live. Never throws for one secret: what cannot be read is said of that secret. */
export interface TruthSource {
  /** Current and pending versions of all, `older` and `newer` empty. */
  readCurrent(secrets: ReadonlyMap<string, SecretEntry>): Promise<ReadonlyMap<string, Truth>>;
  /** The same with every version that the source still has. */
  readHistory(secrets: ReadonlyMap<string, SecretEntry>): Promise<ReadonlyMap<string, Truth>>;
  /**
   * One credential of the checker's own.
   * @throws TallystickError `truth-unreadable`
   */
  readCredential(source: CredentialSource): Promise<Secret>;
}

/** The keys that challenges are signed with; `previous` is the key of the seed before, while it rotates. */
export interface SigningKeys {
  readonly current: SigningKey;
  readonly previous?: SigningKey;
}

/** Asks an environment what its processes hold. Never throws: silence is an answer. */
export interface HealthEndpoints {
  hear(question: {
    readonly environment: string;
    readonly entry: EnvironmentEntry & { readonly health: string };
    readonly headers: ReadonlyMap<string, Secret>;
    readonly secrets: readonly string[];
    readonly keys: SigningKeys;
  }): Promise<Hearing>;
}

/** Tries a capability, with the true value where it needs one. Never throws, never repeats a try. */
export interface CapabilityProbes {
  probe(question: {
    readonly capability: Capability;
    readonly allowHttp: boolean;
    /** Name → current value, of what the capability sends. */
    readonly values: ReadonlyMap<string, Secret>;
  }): Promise<ProbeResult>;
  /** The process behind a URL was replaced: what the old one denied may be tried once more. */
  renew(url: string): void;
}

/** What a variable of a Railway service is called, by the fleet's name for it. */
export type VariableNames = ReadonlyMap<string, string>;

export type DeploymentStatus = "unfinished" | "serving" | "failed" | "gone" | "stuck";

/** One deployment as Railway tells of it. */
export interface DeploymentState {
  readonly id: string;
  readonly status: DeploymentStatus;
  /** Railway's own word, such as `BUILDING`. */
  readonly word: string;
  readonly createdAtMs: number;
  /** How many of its instances run, where that was asked for. */
  readonly running?: number;
  readonly quota?: CallQuota;
}

/**
 * Railway, for the length of one run: it counts its calls.
 * `observe` and `withDetails` never throw; the others throw TallystickError `railway-*`.
 */
export interface Railway {
  /** One service as it is now, in one call; with what its serving deployment was started with, in two. */
  observe(
    railway: RailwayEntry,
    names: VariableNames,
    options?: { readonly withSnapshot?: boolean },
  ): Promise<ServiceState>;
  /**
   * Adds to a state that was observed in this run what only matters once something is wrong: where its variables come
   * from, the snapshots of the serving deployment and of a few before it, and what else a redeploy would ship.
   */
  withDetails(railway: RailwayEntry, names: VariableNames, seen: ServiceState): Promise<ServiceState>;
  /** One deployment's variables, as it was started. */
  snapshot(railway: RailwayEntry, names: VariableNames, deploymentId: string): Promise<DeploymentSnapshot>;
  /**
   * Sets variables (Railway's names) without deploying; nothing else is touched. The owner is the service itself, else
   * another service, or null for what the environment shares: these are only changed, never made.
   */
  setVariables(
    railway: RailwayEntry,
    values: ReadonlyMap<string, Secret>,
    ownerId?: string | null,
  ): Promise<void>;
  /**
   * Starts a new deployment of the same image with the stored variables. With the id of the deployment that was the
   * newest before, one that is newer is given instead of making another: the call may be repeated.
   */
  redeploy(railway: RailwayEntry, servingId: string, newestId?: string): Promise<DeploymentState>;
  deployment(railway: RailwayEntry, deploymentId: string): Promise<DeploymentState>;
  /** Who or what began a deployment, in words; undefined where Railway does not tell. */
  originOf(railway: RailwayEntry, deploymentId: string): Promise<string | undefined>;
}

/** One message, in the forms that its readers need. */
export interface Message {
  readonly subject: string;
  /** Plain text for a mail or a terminal. */
  readonly text: string;
  /** The same for a chat channel, as plain text: its adapter knows the channel's markup. */
  readonly chat: ChatText;
  /** The same for machines. */
  readonly data: object;
  /** By which subscribers may choose. */
  readonly attributes: Readonly<Record<string, string | readonly string[]>>;
}

export interface ChatText {
  readonly title: string;
  readonly description: string;
  readonly nextSteps: readonly string[];
  readonly keywords: readonly string[];
  readonly summary: string;
  /** The same for all messages of one incident. */
  readonly threadId: string;
}

export interface Notifier {
  /** @throws TallystickError `publish-failed` */
  publish(message: Message): Promise<void>;
}

/** What a person watching a run wants to hear at once. */
export type Progress =
  | { readonly kind: "asking"; readonly environments: number }
  | { readonly kind: "heard"; readonly done: number; readonly environments: number }
  | { readonly kind: "healing"; readonly environments: readonly string[]; readonly step: string }
  | { readonly kind: "healed"; readonly environments: readonly string[]; readonly status: string };

/**
 * Long work in steps that can be resumed. What an action returns may be stored: it is plain data and never a
 * secret's value. A durable implementation runs each finished step once, however often the work is resumed.
 */
export interface Steps {
  /** Whether enough time is left to begin with something new. */
  mayBegin(): boolean;
  run<Result extends StepData>(name: string, action: () => Promise<Result>): Promise<Result>;
  /** Looks until `done`, pausing as long as each look says; the state of the last look is returned. */
  waitUntil<State extends StepData>(
    name: string,
    look: (before: State) => Promise<Look<State>>,
    initial: State,
  ): Promise<State>;
  /** Does the same for several things, some of them side by side, each in steps of its own. */
  each<Item, Result extends StepData>(
    name: string,
    items: readonly Item[],
    work: (steps: Steps, item: Item) => Promise<Result>,
  ): Promise<readonly Result[]>;
}

/** Names and ids only: what a started repair is told. */
export interface HealOrder {
  readonly run: { readonly id: string; readonly trigger: Trigger };
  /** A person has named what is to be repaired: the first need not be proven before the others are begun. */
  readonly withoutCanary?: true | undefined;
  /** Under which the repair was claimed and is remembered. */
  readonly claim: { readonly id: string; readonly startedAtMs: number };
  /** What is to be mended, in the order in which the services are to be tried. */
  readonly targets: readonly {
    readonly environment: string;
    readonly secret: string;
    readonly versionId: string;
  }[];
}

/** Starts a repair that outlives the run that found it necessary. */
export interface HealStarter {
  /** Whether a name is kept, so that the same repair is not started twice. */
  readonly isNamed: boolean;
  /**
   * `taken`: an execution of that name was started before, and none is started now.
   * @throws TallystickError `heal-not-started`
   */
  start(name: string, order: HealOrder): Promise<"started" | "taken">;
}

/** One look at something that takes time. */
export type Look<State> =
  | { readonly done: true; readonly state: State }
  | { readonly done: false; readonly state: State; readonly againInMs: number };

export type StepData =
  | null
  | boolean
  | number
  | string
  | readonly StepData[]
  | { readonly [key: string]: StepData | undefined };

/** What outlives a run. All of it may throw TallystickError `memory-unreadable`. */
export interface Memory {
  /** Everything remembered, bounded. */
  recall(nowMs: number): Promise<Remembered>;
  /** Notes changes, each only where nobody noted another since; gives those that were lost to another run. */
  noteHolders(changes: readonly HolderChange[]): Promise<readonly HolderChange[]>;
  /** The first sight of a version is kept; later ones change nothing. */
  noteVersions(versions: readonly VersionMemory[]): Promise<void>;
  /** Claims all services of a repair or none; a claim that ran out counts as none. */
  claimHeal(claim: HealClaim): Promise<"claimed" | "taken">;
  /** Holds a claim for longer, as a whole and only as long as nobody else has taken any of it. */
  renewHeal(claim: Pick<HealClaim, "id" | "services" | "untilMs">): Promise<"renewed" | "lost">;
  /** Tells how one environment's repair ended; told twice, the first is kept. */
  endHeal(heal: Pick<HealMemory, "id" | "environment" | "startedAtMs">, end: HealEnd): Promise<void>;
  /**
   * Tells that a repair was seen right after all, which had timed out or never told its end; gives whether nobody else
   * has told that before.
   */
  proveHeal(heal: Pick<HealMemory, "id" | "environment" | "startedAtMs">, atMs: number): Promise<boolean>;
  /** Gives back what a claim held; another's claim is left alone. */
  releaseHeal(claim: Pick<HealClaim, "id" | "services">): Promise<void>;
  noteRun(run: RunMemory): Promise<void>;
  /** The runs begun at that time and since, oldest first: of very many the last `limits.runsRecalledMax`. */
  recallRuns(sinceMs: number): Promise<readonly RunMemory[]>;
  /** Keeps a report in the place of the one before, unless that is of a run begun later. */
  noteReport(report: Report): Promise<void>;
  lastReport(): Promise<LastReport | undefined>;
  /** What is remembered of the matters that people are told of, by key. */
  recallMatters(): Promise<ReadonlyMap<string, MatterMemory>>;
  /** Claims to tell of matters: gives the keys that are as they were recalled, and that nobody else tells now. */
  claimMatters(
    changes: readonly Pick<MatterChange, "key" | "before">[],
    claim: TellingClaim,
  ): Promise<readonly string[]>;
  /** Notes what became of matters, under the same conditions, and ends the claim; gives the keys that were noted. */
  noteMatters(changes: readonly MatterChange[], claim: TellingClaim): Promise<readonly string[]>;
}
