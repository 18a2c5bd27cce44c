import { expect, test } from "vitest";
import { CallPace } from "../../../functions/adapters/railway/call-pace.ts";
import { limits } from "../../../functions/core/limits.ts";
import type { Clock } from "../../../functions/core/ports.ts";

/** Time stands still; what somebody would wait is kept. */
function standingClock() {
  const waits: number[] = [];
  const clock: Clock = {
    now: () => 5_000,
    sleep: async (durationMs) => {
      waits.push(durationMs);
    },
  };
  return { clock, waits };
}

async function take(pace: CallPace, turns: number) {
  const { clock, waits } = standingClock();
  for (let turn = 0; turn < turns; turn += 1) await pace.turn(clock);
  return waits;
}

test("lets a check's few calls begin at once", async () => {
  expect(await take(new CallPace(), limits.railwayCallsPerSecondMin)).toEqual([]);
});

test("begins no more in a second than the smallest paid plan allows", async () => {
  const waits = await take(new CallPace(), 3 * limits.railwayCallsPerSecondMin);

  expect(waits).toEqual([
    ...Array.from({ length: limits.railwayCallsPerSecondMin }, () => 1_000),
    ...Array.from({ length: limits.railwayCallsPerSecondMin }, () => 2_000),
  ]);
});

test.each([
  ["10000;w=3600, 50;w=1", 40],
  ["50;w=1,10000;w=3600", 40],
  ["1000;w=3600, 10;w=1", 8],
  ["1;w=1", 1],
  ["9999;w=1", limits.railwayCallsPerSecondMax],
])("learns of %s that %i may begin in a second", async (policy, perSecond) => {
  const pace = new CallPace();
  pace.note(policy);

  expect(await take(pace, perSecond)).toEqual([]);
  expect((await take(pace, 1)).length).toBe(1);
});

test.each([undefined, "", "100;w=3600", "0;w=1", "fast"])("learns nothing of %j", async (policy) => {
  const pace = new CallPace();
  pace.note(policy);

  expect(await take(pace, limits.railwayCallsPerSecondMin + 1)).toHaveLength(1);
});
