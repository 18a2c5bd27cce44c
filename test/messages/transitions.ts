import { createInProcessMemory } from "../../functions/adapters/in-process-memory.ts";
import { TallystickError } from "../../functions/core/errors.ts";
import type { Memory } from "../../functions/core/ports.ts";
import { scenarioTransitions } from "./scenario-transitions.ts";
import { gateway, internal, railway, service, type ToldFleet } from "./told-fleet.ts";
import { type Transition, wrongValue } from "./transition.ts";

const approve = { mode: "approve" } as const;

const refusing: Memory = new Proxy(createInProcessMemory(), {
  get: () => () => Promise.reject(new TallystickError("memory-unreadable", "the table is not there")),
});

/** A token that says itself when it ends. */
function tokenUntil(epochMs: number): string {
  const part = (data: object): string => Buffer.from(JSON.stringify(data)).toString("base64url");
  return `${part({ alg: "HS256" })}.${part({ exp: epochMs / 1_000, jti: "c3VmZmljaWVudGx5LWxvbmc" })}.c2lnbmF0dXJl`;
}

async function becomesTruth(told: ToldFleet, secret: string, value: string): Promise<void> {
  await told.hours(1);
  told.fleet.putTruth(secret, value);
  for (const host of ["vps", "mac-mini"]) told.fleet.holds(host, secret, value);
  await told.fleet.humanSets(service, secret, value, true);
}

/** Every other kind of news. */
const others: readonly Transition[] = [
  {
    name: "drift-to-approve",
    kind: "drift",
    story: "a drift is found, and the policy wants a person's word before anything is repaired",
    fleet: approve,
    play: async (told) => {
      await told.fleet.rotate(internal);
      await told.tick();
    },
  },
  {
    name: "drift-by-hand",
    kind: "drift",
    story: "a host holds an old value, and only a person can reach it",
    play: async (told) => {
      await told.hours(1);
      const value = told.fleet.putTruth(gateway);
      told.fleet.holds("vps", gateway, value);
      await told.fleet.humanSets(service, gateway, value, true);
      await told.tick();
    },
  },
  {
    name: "resolved",
    kind: "resolved",
    story: "somebody put right what people had been told of",
    fleet: approve,
    play: async (told) => {
      const value = await told.fleet.rotate(internal);
      await told.tick();
      await told.hours(5);
      await told.fleet.humanSets(service, internal, value, true);
      await told.tick();
    },
  },
  {
    name: "repaired-after-approval",
    kind: "repaired",
    story: "a person approves the repair of what was told three hours ago",
    fleet: approve,
    play: async (told) => {
      await told.fleet.rotate(internal);
      await told.tick();
      await told.hours(3);
      await told.tick({ trigger: "manual", mode: "fix" });
    },
  },
  {
    name: "changed",
    kind: "changed",
    story: "what was told is still wrong, for another reason than before",
    fleet: approve,
    play: async (told) => {
      const value = await told.fleet.rotate(internal);
      await told.tick();
      await told.fleet.humanSets(service, internal, value, false);
      await told.hours(6);
      await told.tick();
    },
  },
  {
    name: "reminder",
    kind: "reminder",
    story: "what was told a day ago is as wrong as it was",
    fleet: approve,
    play: async (told) => {
      await told.fleet.rotate(internal);
      await told.tick();
      await told.ticks(4);
    },
  },
  {
    name: "deployment-failed",
    kind: "not-repaired",
    story: "the new deployment did not come up",
    play: async (told) => {
      await told.fleet.rotate(internal);
      told.fleet.railway.plant({ kind: "deployment", fate: "fails-healthcheck" });
      await told.tick();
    },
  },
  {
    name: "deployment-needs-approval",
    kind: "not-repaired",
    story: "Railway wants a person to approve the deployment",
    play: async (told) => {
      await told.fleet.rotate(internal);
      told.fleet.railway.plant({ kind: "deployment", fate: "needs-approval" });
      await told.tick();
    },
  },
  {
    name: "source-twin",
    kind: "suspect",
    story: "a secret was overwritten with the value of another one",
    play: async (told) => {
      await told.hours(1);
      told.fleet.putTruth(internal, told.fleet.stored(service)[gateway]);
      await told.tick({ trigger: "label" });
    },
  },
  {
    name: "token-expires-soon",
    kind: "truth",
    story: "the gateway's token has four days left",
    play: async (told) => {
      await becomesTruth(told, gateway, tokenUntil(Date.UTC(2026, 7, 5)));
      await told.tick();
    },
  },
  {
    name: "token-expired",
    kind: "truth",
    story: "the gateway's token has expired, and was told to do so four days ago",
    play: async (told) => {
      await becomesTruth(told, gateway, tokenUntil(Date.UTC(2026, 7, 5)));
      await told.tick();
      await told.hours(96);
      await told.tick();
    },
  },
  {
    name: "token-replaced",
    kind: "resolved",
    story: "a person issued a new token, and everybody holds it",
    play: async (told) => {
      await becomesTruth(told, gateway, tokenUntil(Date.UTC(2026, 7, 5)));
      await told.tick();
      await becomesTruth(told, gateway, tokenUntil(Date.UTC(2026, 9, 5)));
      await told.tick();
    },
  },
  {
    name: "seen-again",
    kind: "resolved",
    story: "the Mac mini was opened again after two days",
    play: async (told) => {
      told.silence("mac-mini");
      await told.ticks(8);
      told.silence("mac-mini", false);
      await told.ticks(1);
    },
  },
  {
    name: "source-not-read",
    kind: "unread",
    story: "one secret could not be read from its source for more than a day",
    play: async (told) => {
      told.fleet.aws.secrets.deny(`prod/${gateway}`);
      await told.ticks(6);
    },
  },
  {
    name: "check-failed",
    kind: "failed",
    story: "no secret at all could be read",
    play: async (told) => {
      for (const secret of [internal, gateway]) told.fleet.aws.secrets.deny(`prod/${secret}`);
      await told.tick();
    },
  },
  {
    name: "flapping",
    kind: "flapping",
    story: "a host goes to and fro between two values",
    play: async (told) => {
      const right = told.fleet.stored(service)[gateway] ?? "";
      for (let run = 0; run < 7; run += 1) {
        told.fleet.holds("vps", gateway, run % 2 === 0 ? wrongValue : right);
        await told.ticks(1);
      }
    },
  },
  {
    name: "steady",
    kind: "steady",
    story: "the host that went to and fro holds the wrong value for a day now",
    play: async (told) => {
      const right = told.fleet.stored(service)[gateway] ?? "";
      for (let run = 0; run < 7; run += 1) {
        told.fleet.holds("vps", gateway, run % 2 === 0 ? wrongValue : right);
        await told.ticks(1);
      }
      await told.ticks(4);
    },
  },
  {
    name: "call-refused",
    kind: "refused",
    story: "a call is refused, though everybody holds the value that is current",
    fleet: {
      entries: ({ originOf }) => ({
        [railway]: { capabilities: { skills: { url: `${originOf(railway)}/needs/NOTHING` } } },
      }),
    },
    play: (told) => told.tick(),
  },
  {
    name: "without-memory",
    kind: "drift",
    story: "the table that remembers what was told cannot be read",
    play: async (told) => {
      await told.fleet.rotate(internal);
      told.setMemory(refusing);
      await told.tick();
    },
  },
  {
    name: "several-at-once",
    kind: "drift",
    story: "a rotation reached neither Railway nor the hosts",
    fleet: approve,
    play: async (told) => {
      await told.hours(1);
      told.fleet.putTruth(internal);
      told.fleet.putTruth(gateway);
      told.silence("mac-mini");
      await told.tick({ trigger: "label" });
    },
  },
];

export const transitions: readonly Transition[] = [...scenarioTransitions, ...others];
