import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { canary } from "../canaries.ts";
import { type ForeignCase, fleetOf, playedBy } from "./foreign-case.ts";
import { type ForeignProcess, type ForeignReplica, startForeignProcess, unmet } from "./foreign-process.ts";
import { currentOf, secrets, variables } from "./foreign-values.ts";
import { expectNothingTold } from "./nothing-told.ts";
import { Desk, type Outcome, readPublicKey, seed, verdictsOf } from "./tallystick-call.ts";

const right = { PLAIN_KEY: currentOf("PLAIN_KEY"), COMPANION_KEY: currentOf("COMPANION_KEY") };
const older = { ...right, PLAIN_KEY: secrets.PLAIN_KEY.older[0] };
const foreign = { ...right, PLAIN_KEY: canary("of one instance") };

const companion = { kind: "in-sync", versionId: "env:COMPANION_KEY" };
const inSync = { kind: "in-sync", versionId: "env:PLAIN_KEY" };
const behind = { kind: "behind", versionId: "env:PLAIN_KEY_OLD_1", behindBy: 1 };
const unseen = { kind: "unknown", because: "not-reported", code: "instances-missing" };

function threeOf(
  environment: string,
  replicas: readonly ForeignReplica[],
  [PLAIN_KEY, COMPANION_KEY]: readonly [object, object],
): ForeignCase {
  return { environment, instances: 3, values: right, replicas, verdicts: { PLAIN_KEY, COMPANION_KEY } };
}

const [a, b, c] = [{ instance: "a" }, { instance: "b" }, { instance: "c" }];
const cases: readonly ForeignCase[] = [
  threeOf("all-same", [a, b, c], [inSync, companion]),
  threeOf(
    "all-behind",
    [a, b, c].map((each) => ({ ...each, values: older })),
    [behind, companion],
  ),
  threeOf(
    "one-different",
    [a, { ...b, values: foreign }, c],
    [
      {
        kind: "split",
        instances: [
          { instance: "a", verdict: inSync },
          { instance: "b", verdict: { kind: "foreign" } },
          { instance: "c", verdict: inSync },
        ],
      },
      companion,
    ],
  ),
  threeOf("one-never-seen", [a, b], [unseen, unseen]),
  threeOf("one-always-resets", [a, b, { ...c, misbehaviour: "reset" }], [unseen, unseen]),
  threeOf("one-stale", [a, b, { ...c, misbehaviour: "stale" }], [unseen, unseen]),
  threeOf("none-has-a-name", [{}, {}, {}], [unseen, unseen]),
  threeOf(
    "one-does-not-tell",
    [a, b, { ...c, values: { COMPANION_KEY: right.COMPANION_KEY } }],
    [unseen, companion],
  ),
  threeOf(
    "one-different-and-one-never-seen",
    [a, { ...b, values: older }],
    [
      {
        kind: "split",
        instances: [
          { instance: "a", verdict: inSync },
          { instance: "b", verdict: behind },
        ],
      },
      unseen,
    ],
  ),
];

const whyNot = unmet === undefined ? "" : ` (skipped: ${unmet})`;

describe.skipIf(unmet !== undefined)(`three foreign instances behind one address${whyNot}`, () => {
  let desk: Desk;
  let process: ForeignProcess;
  let outcome: Outcome;

  beforeAll(async () => {
    const publicKey = await readPublicKey();
    process = await startForeignProcess(cases.map((one) => playedBy(one, publicKey)));
    desk = await Desk.open();
    await desk.put(fleetOf(cases, process.healthOf));
    outcome = await desk.call(["check", "--json"], { ...variables, TALLYSTICK_SIGNING_SEED: seed });
  });

  afterAll(async () => {
    await desk?.close();
    expect(await process?.stop()).toEqual({ exitCode: 0, complaints: "" });
  });

  it.each(cases)("are judged rightly where it is $environment", ({ environment, verdicts }) => {
    expect(verdictsOf(outcome.stdout)[environment]).toEqual(verdicts);
  });

  it("are only asked", async () => {
    const { asked, ...rest } = await process.counts();
    expect(asked).toBeGreaterThanOrEqual(3 * cases.length);
    expect(rest).toEqual({ other: 0, unsigned: 0, elsewhere: 0 });
  });

  it("tell nothing of their values", () => {
    expectNothingTold(outcome);
  });
});
