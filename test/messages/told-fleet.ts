import { randomUUID } from "node:crypto";
import { createInProcessMemory } from "../../functions/adapters/in-process-memory.ts";
import type { RunRequest } from "../../functions/check/reconciler.ts";
import type { Memory, Message } from "../../functions/core/ports.ts";
import { announce, announcerOf } from "../../functions/heal/announcement.ts";
import { Death, mortalSteps } from "../heal/mortal-steps.ts";
import { openSmallFleet, type SmallFleet, type SmallFleetOptions } from "../heal/small-fleet.ts";

export const internal = "INTERNAL_AUTH_SECRET";
export const gateway = "OPENCLAW_GATEWAY_TOKEN";
export const railway = "railway-production";
export const service = "web";
const hourMs = 3_600_000;

/** The fleet of the scenarios, in stand-ins whose time stands still, and a person who reads all messages. */
export class ToldFleet {
  readonly fleet: SmallFleet;
  readonly messages: Message[] = [];
  #runs = 0;

  constructor(fleet: SmallFleet) {
    this.fleet = fleet;
  }

  /** A run of the check as the function makes it. */
  async tick(request: Partial<RunRequest> = {}): Promise<void> {
    this.#runs += 1;
    const report = await this.fleet.check({ id: `run-${this.#runs}`, ...request });
    const publish = async (message: Message): Promise<void> => {
      this.fleet.outputs.push(message);
      this.messages.push(message);
    };
    const logUrlOf = (runId: string): string => `https://eu-west-1.console.aws.amazon.com/log-of-${runId}`;
    await announce(report, announcerOf(this.fleet.world(), { publish }, logUrlOf));
  }

  /** A run that is killed after that step of its repair; nobody hears of it. */
  async tickThatDiesAfter(step: "write" | "redeploy"): Promise<void> {
    this.#runs += 1;
    const world = this.fleet.world();
    const steps = mortalSteps(world, step);
    const killed = await this.fleet
      .check({ id: `run-${this.#runs}` }, { world, steps })
      .catch((error: unknown) => error);
    if (!(killed instanceof Death)) throw new Error("the run should have been killed");
    await this.fleet.settled();
  }

  /** A pending version; the function that is given finishes the rotation. */
  beginRotation(secret: string): () => void {
    const { secrets } = this.fleet.aws;
    const stored = secrets.live(`prod/${secret}`);
    const toId = randomUUID();
    const fromId = [...stored.versions.values()].find(({ stages }) => stages.has("AWSCURRENT"))?.id;
    const text = this.fleet.remember("cGVuZGluZywgYW5kIGxvbmcgZW5vdWdoIHRvIGJlIG9uZQ");
    secrets.put(stored, { token: toId, value: { kind: "text", text }, stages: ["AWSPENDING"] });
    return () => {
      secrets.moveLabel(stored, { label: "AWSCURRENT", fromId, toId });
      for (const host of ["vps", "mac-mini"]) this.fleet.holds(host, secret, text);
    };
  }

  async hours(hours: number): Promise<void> {
    await this.fleet.clock?.advance(hours * hourMs);
  }

  /** Ticks every six hours, so many times. */
  async ticks(count: number): Promise<void> {
    for (let tick = 0; tick < count; tick += 1) {
      await this.hours(6);
      await this.tick();
    }
  }

  /** From now on a host gives no answer, or gives one again. */
  silence(host: string, isSilent = true): void {
    this.fleet.disguiseHost(host, (tally) => (isSilent ? {} : tally));
  }

  setMemory(memory: Memory): void {
    this.fleet.memory = memory;
  }
}

export async function openToldFleet(options: SmallFleetOptions = {}): Promise<ToldFleet> {
  const fleet = await openSmallFleet({
    secrets: [internal, gateway],
    services: { [service]: { environments: [railway] } },
    hosts: ["vps", "mac-mini"],
    entries: ({ originOf }) => ({
      [railway]: {
        capabilities: {
          "app-nudge-evening": {
            url: `${originOf(railway)}/needs/${internal}`,
            header: { "X-Secret": internal },
          },
          sessions_list: {
            url: `${originOf("vps")}/needs/${gateway}`,
            header: { "X-Secret": gateway },
            verifier: "vps",
          },
          skills: { url: `${originOf(railway)}/skills` },
        },
      },
    }),
    ...options,
  });
  fleet.memory = createInProcessMemory();
  return new ToldFleet(fleet);
}
