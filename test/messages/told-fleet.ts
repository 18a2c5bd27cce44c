import { createInProcessMemory } from "../../functions/adapters/in-process-memory.ts";
import type { RunRequest } from "../../functions/check/reconciler.ts";
import type { Memory, Message } from "../../functions/core/ports.ts";
import { announce, announcerOf } from "../../functions/heal/announcement.ts";
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
