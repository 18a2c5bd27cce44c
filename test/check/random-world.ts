import { setImmediate } from "node:timers/promises";
import { expect } from "vitest";
import { createInProcessMemory } from "../../functions/adapters/in-process-memory.ts";
import type { RunRequest } from "../../functions/check/reconciler.ts";
import { TallystickError } from "../../functions/core/errors.ts";
import type { Memory, Message } from "../../functions/core/ports.ts";
import type { Report } from "../../functions/core/report.ts";
import { announce, announcerOf } from "../../functions/heal/announcement.ts";
import type { World } from "../../functions/heal/world.ts";
import { canary } from "../canaries.ts";
import { Death, mortalSteps } from "../heal/mortal-steps.ts";
import { openSmallFleet, railwayPlace, type SmallFleet } from "../heal/small-fleet.ts";
import { PushLog } from "./push-log.ts";
import { type TickResult, ToldNews } from "./told-news.ts";
import type { Deed, TickCircumstance, WorldShape } from "./world-deeds.ts";

const minuteMs = 60_000;
const serviceNames = ["api", "worker", "web"];
const hostNames = ["vps", "nas"];
const secretNames = ["AUTH", "MODEL"];
const shared = "AUTH";
/** Every hour one tick: the daily cap may hold for a day, the cool-down for an hour, and then one must do. */
const calmTicksMax = 27;

const refusing: Memory = new Proxy(createInProcessMemory(), {
  get: () => () => Promise.reject(new TallystickError("memory-unreadable", "the table is not there")),
});

type DeedOf<Kind extends Deed["kind"]> = Extract<Deed, { readonly kind: Kind }>;

interface TickPlan {
  readonly circumstance: TickCircumstance;
  readonly requests: readonly Partial<RunRequest>[];
  readonly service: string;
  readonly secret: string;
}

/** A fleet of stand-ins to which anything may happen, and what must hold whatever does. */
export class RandomWorld {
  readonly #fleet: SmallFleet;
  readonly #shape: WorldShape;
  readonly #truths = new Map<string, { value: string; readonly earlier: string[] }>();
  readonly #silent = new Set<string>();
  readonly #refused = new Map<string, () => void>();
  readonly #faults: (() => void)[] = [];
  readonly #told = new ToldNews();
  readonly #pushes: PushLog;
  /** What people stored since the last look at what is stored. */
  readonly #byPeople = new Set<string>();
  readonly #truthsSinceLook = new Set<string>();
  #stored: ReadonlyMap<string, string>;
  #runs = 0;
  #endings = 0;
  #values = 0;

  private constructor(fleet: SmallFleet, shape: WorldShape) {
    this.#fleet = fleet;
    this.#shape = shape;
    this.#pushes = new PushLog(fleet, this.services, shape.fixesPerDayMax);
    for (const secret of this.secrets) {
      const value = fleet.rendered("api")[secret] ?? "";
      this.#truths.set(secret, { value, earlier: [] });
    }
    this.#stored = this.#storedValues();
  }

  static async open(shape: WorldShape): Promise<RandomWorld> {
    const fleet = await openSmallFleet({
      services: Object.fromEntries(
        serviceNames
          .slice(0, shape.services)
          .map((name) => [name, shape.isShared ? { variables: withReference } : {}]),
      ),
      ...(shape.isShared && { shared: ({ [shared]: value = "" }) => ({ [shared]: value }) }),
      hosts: hostNames.slice(0, shape.hosts),
      secrets: secretNames.slice(0, shape.secrets),
      policy: { cooldown: "1h", fixesPerDayMax: shape.fixesPerDayMax },
    });
    fleet.memory = createInProcessMemory();
    const world = new RandomWorld(fleet, shape);
    fleet.disguiseReplicas((tally) => world.#answerOf(tally));
    for (const host of world.hosts)
      fleet.disguiseHost(host, (tally) => (world.#silent.has(host) ? {} : tally));
    return world;
  }

  get services(): readonly string[] {
    return serviceNames.slice(0, this.#shape.services);
  }

  get hosts(): readonly string[] {
    return hostNames.slice(0, this.#shape.hosts);
  }

  get secrets(): readonly string[] {
    return secretNames.slice(0, this.#shape.secrets);
  }

  /** Lets one thing happen, and expects that all that must hold still does. */
  async live(deed: Deed): Promise<void> {
    await this.#do(deed);
    this.#expectTrueWrites();
  }

  /** Everything is put right that only people can, and nobody interferes: all must heal, or be told to be a fight. */
  async expectCalmEnd(): Promise<void> {
    await this.#calmDown();
    let reports: readonly Report[] = [];
    for (let tick = 0; tick < calmTicksMax && !this.#isRight(reports); tick += 1) {
      reports = await this.#tick(this.#plainTick());
      this.#expectTrueWrites();
      await this.#pass(60);
    }
    const left = this.services.filter(
      (service) => !this.#isServiceRight(service) && !isFoughtOver(service, reports),
    );
    const environments = reports.flatMap((report) => report.environments);
    const why = JSON.stringify(environments.filter(({ name }) => left.includes(name)));
    expect(left, `not healed ${calmTicksMax} ticks after all calmed down: ${why}`).toEqual([]);
  }

  /** Looks through all that was printed; words once each, for runs say the same again and again. */
  async close(): Promise<void> {
    const words = this.#fleet.outputs.flatMap((output) => JSON.stringify(output).split(/["{}[\],]+/));
    this.#fleet.outputs.splice(0, Number.POSITIVE_INFINITY, [...new Set(words)].join("\n"));
    await this.#fleet.close();
  }

  #answerOf(tally: object): object {
    return "environment" in tally && this.#silent.has(String(tally.environment)) ? {} : tally;
  }

  #do(deed: Deed): Promise<unknown> {
    switch (deed.kind) {
      case "pass":
        return this.#pass(deed.minutes);
      case "rotate":
        return this.#rotates(deed);
      case "person":
        return this.#personSets(deed);
      case "host":
        return this.#hostDoes(deed);
      case "service":
        return this.#falls(pick(this.services, deed.service), deed.does === "falls-silent");
      case "spoil":
        return this.#spoils(deed);
      case "source":
        return this.#sourceDoes(deed);
      case "fault":
        this.#faults.push(this.#fleet.railway.plant(deed.fault));
        return Promise.resolve();
      case "tick":
        return this.#tick({ ...this.#plainTick(deed), circumstance: deed.with });
      case "two-ticks":
        return this.#tick({ ...this.#plainTick(), requests: [{}, {}] });
      case "named-fix":
        return this.#tick(this.#namedFix(pick(this.services, deed.service)));
      default:
        return deed satisfies never;
    }
  }

  #plainTick(
    deed: { readonly service: number; readonly secret: number } = { service: 0, secret: 0 },
  ): TickPlan {
    return {
      ...{ circumstance: "nothing", requests: [{}] },
      ...{ service: pick(this.services, deed.service), secret: pick(this.secrets, deed.secret) },
    };
  }

  #namedFix(service: string): TickPlan {
    const request = { trigger: "manual", mode: "fix", scope: { environments: [service] } } as const;
    return { ...this.#plainTick(), requests: [request] };
  }

  /** Little by little, so that what is started meanwhile takes its own time too. */
  async #pass(minutes: number): Promise<void> {
    for (let part = 0; part < 5; part += 1) {
      await this.#fleet.clock?.advance((minutes * minuteMs) / 5);
      await setImmediate();
    }
  }

  async #rotates({ secret, hostsTakeItIn }: DeedOf<"rotate">): Promise<void> {
    await this.#pass(1);
    const name = pick(this.secrets, secret);
    this.#changeTruth(name);
    if (hostsTakeItIn) for (const host of this.hosts) this.#fleet.holds(host, name, this.#truth(name));
  }

  #changeTruth(secret: string, value = this.#newValue(secret)): void {
    const truth = this.#truths.get(secret);
    if (truth === undefined) throw new Error(`the world has no secret ${secret}`);
    truth.earlier.push(truth.value);
    // What was pushed before it changed was current then.
    this.#truthsSinceLook.add(truth.value).add(value);
    truth.value = value;
    this.#fleet.putTruth(secret, value);
  }

  #newValue(label: string): string {
    this.#values += 1;
    return canary(`${label} of the random world ${this.#values}`);
  }

  #truth(secret: string): string {
    return this.#truths.get(secret)?.value ?? "";
  }

  /** The version before, where there was one that is no placeholder. */
  #oldValue(secret: string): string {
    const earlier = this.#truths.get(secret)?.earlier.filter((value) => value.length > 20);
    return earlier?.at(-1) ?? this.#newValue("foreign");
  }

  async #personSets({ service, secret, value, deploy }: DeedOf<"person">): Promise<void> {
    const name = pick(this.secrets, secret);
    const values = {
      old: () => this.#oldValue(name),
      foreign: () => this.#newValue("foreign"),
      current: () => this.#truth(name),
    };
    this.#personStores(pick(this.services, service), name, values[value](), deploy);
    await this.#pass(2);
  }

  #personStores(service: string, name: string, value: string, deploy: boolean): void {
    if (value.length > 20) this.#fleet.remember(value);
    this.#byPeople.add(value);
    if (this.#shape.isShared && name === shared)
      this.#fleet.railway.humanSetsShared(railwayPlace.environment, name, value, deploy);
    else this.#fleet.railway.humanSets(service, name, value, { deploy });
  }

  async #hostDoes({ host, secret, does }: DeedOf<"host">): Promise<void> {
    const name = pick(this.hosts, host);
    const held = pick(this.secrets, secret);
    if (does === "falls-silent" || does === "comes-back") await this.#falls(name, does === "falls-silent");
    else this.#fleet.holds(name, held, does === "takes-in" ? this.#truth(held) : this.#oldValue(held));
  }

  async #falls(environment: string, isSilent: boolean): Promise<void> {
    if (isSilent) this.#silent.add(environment);
    else this.#silent.delete(environment);
  }

  async #spoils({ secret, how }: DeedOf<"spoil">): Promise<void> {
    await this.#pass(1);
    const name = pick(this.secrets, secret);
    const other = this.secrets.find((one) => one !== name);
    if (how === "placeholder") this.#changeTruth(name, "changeme");
    else if (how === "twin" && other !== undefined) this.#changeTruth(name, this.#truth(other));
    else this.#changeTruth(name, `${this.#truth(name)}\n`);
  }

  async #sourceDoes({ secret, does }: DeedOf<"source">): Promise<void> {
    const name = pick(this.secrets, secret);
    this.#refused.get(name)?.();
    this.#refused.delete(name);
    if (does === "refuses") this.#refused.set(name, this.#fleet.aws.secrets.deny(`prod/${name}`));
  }

  /** Whether the source itself is wrong, as the world knows because it made it so. */
  #isSuspect(secret: string): boolean {
    const value = this.#truth(secret);
    // Of what cannot be read nobody can know that another secret has the same value.
    const isTwin = this.secrets.some(
      (other) => other !== secret && this.#truth(other) === value && !this.#refused.has(other),
    );
    return value === "changeme" || value.endsWith("\n") || isTwin;
  }

  async #tick(plan: TickPlan): Promise<readonly Report[]> {
    const suspect = this.secrets.filter((secret) => this.#isSuspect(secret));
    const unread = [...this.#refused.keys()];
    const look = this.#pushes.begin();
    this.#interfere(plan);
    const runs = plan.requests.map((request) => this.#run(request, plan.circumstance));
    const results = (await Promise.all(runs)).flatMap((result) => result ?? []);
    this.#fleet.onProgress = () => {};
    if (plan.circumstance === "crash") await this.#pass(1);
    const reports = results.map(({ report }) => report);
    this.#pushes.expectAllowed(look, {
      silent: this.#silent,
      unwritable: new Set([...unread, ...suspect].filter(() => plan.circumstance !== "rotation")),
      isBlind: unread.length === this.secrets.length,
      withoutMemory: plan.circumstance === "no-memory",
      roundsMax: plan.circumstance === "rotation" ? 2 : 1,
      isNamed: plan.requests.some(({ trigger }) => trigger === "manual"),
      repaired: repairedIn(reports),
      truth: (secret) => this.#truth(secret),
    });
    if (plan.circumstance !== "rotation") expectNoRepairOf(suspect, reports);
    this.#told.expectTold(results.toSorted((one, other) => one.ending - other.ending));
    return reports;
  }

  /** What happens in the middle of the tick's first repair, if there is one. */
  #interfere({ circumstance, service, secret }: TickPlan): void {
    if (circumstance === "rotation") this.#fleet.atStep("waiting", () => this.#changeTruth(secret));
    if (circumstance === "meddling")
      this.#fleet.atStep("waiting", () =>
        this.#personStores(service, secret, this.#newValue("meddled"), true),
      );
  }

  async #run(request: Partial<RunRequest>, circumstance: TickCircumstance): Promise<TickResult | undefined> {
    const { memory } = this.#fleet;
    if (circumstance === "no-memory") this.#fleet.memory = refusing;
    const world = this.#fleet.world();
    this.#fleet.memory = memory;
    const crashing = circumstance === "crash" ? { steps: mortalSteps(world, "redeploy") } : {};
    this.#runs += 1;
    try {
      const report = await this.#fleet.check({ ...request, id: `run-${this.#runs}` }, { world, ...crashing });
      return await this.#announce(world, report, circumstance === "notifier-fails");
    } catch (error) {
      if (error instanceof Death) return undefined;
      throw error;
    }
  }

  async #announce(world: World, report: Report, fails: boolean): Promise<TickResult> {
    const published: Message[] = [];
    let publishFailed = false;
    const publish = async (message: Message): Promise<void> => {
      this.#fleet.outputs.push(message);
      publishFailed = fails;
      if (fails) throw new TallystickError("publish-failed", "no");
      published.push(message);
    };
    const announced = announce(report, announcerOf(world, { publish }));
    await (fails ? announced.catch(() => {}) : announced);
    this.#endings += 1;
    return { report, published, publishFailed, endedAtMs: world.clock.now(), ending: this.#endings };
  }

  #storedValues(): Map<string, string> {
    return new Map(
      this.services.flatMap((service) =>
        this.secrets.map((secret) => [
          JSON.stringify([service, secret]),
          this.#fleet.rendered(service)[secret] ?? "",
        ]),
      ),
    );
  }

  /** What is stored otherwise than before is what people stored, or current in its source and right there. */
  #expectTrueWrites(): void {
    const stored = this.#storedValues();
    const wrong = [...stored].filter(([place, value]) => {
      const [, secret = ""] = JSON.parse(place) as string[];
      const isTrue = value === this.#truth(secret) || this.#truthsSinceLook.has(value);
      return value !== this.#stored.get(place) && !this.#byPeople.has(value) && !isTrue;
    });
    expect(
      wrong.map(([place]) => place),
      "written, and not what was current",
    ).toEqual([]);
    this.#stored = stored;
    this.#byPeople.clear();
    this.#truthsSinceLook.clear();
  }

  async #calmDown(): Promise<void> {
    for (const takeOut of this.#faults.splice(0)) takeOut();
    for (const answer of this.#refused.values()) answer();
    this.#refused.clear();
    this.#silent.clear();
    await this.#pass(10);
    for (const secret of this.secrets) {
      if (this.#isSuspect(secret)) this.#changeTruth(secret);
      for (const host of this.hosts) this.#fleet.holds(host, secret, this.#truth(secret));
    }
    for (const service of this.services) {
      const newest = this.#fleet.railway.state.deployments(service).at(-1)?.status ?? "";
      // Only a person gets such a deployment out of the way.
      if (newest !== "SUCCESS" && newest !== "FAILED") this.#personStores(service, "NOTE", "calm", true);
    }
    await this.#pass(10);
    await this.#fleet.settled();
  }

  #isRight(reports: readonly Report[]): boolean {
    const isSeenRight = reports.length > 0 && reports.every(({ status }) => status === "in-sync");
    return isSeenRight && this.services.every((service) => this.#isServiceRight(service));
  }

  /** By what Railway stores and by what it started the serving processes with, not by any report. */
  #isServiceRight(service: string): boolean {
    const { state } = this.#fleet.railway;
    const serving = state.deployments(service).findLast(({ status }) => status === "SUCCESS");
    const started = serving === undefined ? null : state.snapshot(serving.id);
    return this.secrets.every(
      (secret) =>
        this.#fleet.rendered(service)[secret] === this.#truth(secret) &&
        started?.[secret] === this.#truth(secret),
    );
  }
}

/** Nothing was begun; and what a later check proves was begun by an earlier one. */
const leftAlone: ReadonlySet<string> = new Set(["withheld", "superseded"]);

/** The services' variables, of which one only refers to what their environment shares. */
function withReference(values: Readonly<Record<string, string>>): Record<string, string> {
  return { ...values, [shared]: `\${{shared.${shared}}}` };
}

function pick(names: readonly string[], index: number): string {
  return names[index % names.length] ?? "";
}

function expectNoRepairOf(suspect: readonly string[], reports: readonly Report[]): void {
  const begun = reports
    .flatMap(({ heals }) => heals)
    .filter(({ status, reason }) => !leftAlone.has(status) && reason !== "verified-later")
    .flatMap(({ secrets }) => secrets.filter((secret) => suspect.includes(secret)));
  expect(begun, "repaired though its source is wrong").toEqual([]);
}

function repairedIn(reports: readonly Report[]): ReadonlyMap<string, readonly string[]> {
  const begun = reports
    .flatMap(({ heals }) => heals)
    .filter(({ status, reason }) => !leftAlone.has(status) && reason !== "verified-later");
  const services = Map.groupBy(begun, ({ environment }) => environment);
  return new Map([...services].map(([service, heals]) => [service, heals.flatMap(({ secrets }) => secrets)]));
}

function isFoughtOver(service: string, reports: readonly Report[]): boolean {
  return reports.some(({ environments }) =>
    environments.some(
      ({ name, secrets }) =>
        name === service && secrets.some(({ remedy }) => remedy.withheld?.reason === "fighting"),
    ),
  );
}
