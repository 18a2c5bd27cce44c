import type { Report } from "../../../functions/core/report.ts";
import { healStatuses, holderOf } from "../act.ts";
import { letClaimsRunOut } from "../claim-age.ts";
import { forgetRailway, internal, railway, service } from "./people.ts";
import type { Scenario } from "./scenario.ts";

const twoSchedulers: Scenario = {
  name: "two-schedulers",
  story: "two processes of the check are started at the same moment, on one memory",
  stage: { pace: "brisk" },
  play: async (act) => {
    await act.person("changes the secret everywhere but on Railway", () => forgetRailway(act));
    const other = await act.stage.startLambda();
    const reports = await act.ticksAtOnce("Two checks at once", [...act.stage.lambdas.slice(0, 1), other]);
    act.showMails();
    const healed = reports.filter((report) => healStatuses(report) === `${railway} healed`);
    const writes = act.stage.railway.calls.filter(
      ({ operation }) => operation === "variableCollectionUpsert",
    );
    act.promise("one of them repairs and verifies", healed.length === 1);
    act.promise("the variable is written once", writes.length === 1);
    act.promise("Railway is told to deploy once", act.pushes() === 1);
    const outcomes = act.stage.mails().filter(({ subject }) => subject?.includes("repaired, verified"));
    act.promise("the repair is told once", outcomes.length === 1);
    const after = await act.tick("The next tick");
    act.promise("the next tick finds nothing to do", after.status === "in-sync" && after.heals.length === 0);
  },
};

const killed: Scenario = {
  name: "killed",
  story: "the function is killed after its push and before its proof",
  play: async (act) => {
    let value = "";
    await act.person("changes the secret everywhere but on Railway", async () => {
      value = await forgetRailway(act);
    });
    const dying = act.stage.lambda;
    await act.stage.startLambda();
    await act.tickKilledAt("waiting for the deployment", dying);
    const [pushes, mutations] = [act.pushes(), act.mutations()];
    const meanwhile = await act.tick("The next tick, in another process");
    await act.stage.railway.state.settled();
    const after = await act.tick("The tick after that");
    await act.person("lets the time pass after which the killed process counts as dead", () =>
      letClaimsRunOut(act.stage.table),
    );
    const last = await act.tick("The first tick without it");
    act.showMails();
    act.promise("it had pushed: one write, one deployment", pushes === 1 && mutations === 2);
    act.promise("its successor leaves that alone", isLeftAlone(meanwhile));
    act.promise("nobody pushes a second time", act.mutations() === mutations);
    act.promise("Railway holds the new value", act.stage.storedInRailway(internal) === value);
    act.promise(
      "what nobody saw is verified by the next look, and by every other",
      after.status === "in-sync" && last.status === "in-sync",
    );
    const [late, ...others] = last.heals;
    act.promise(
      "the dead one's repair is told as verified, by the first check after it counts as dead",
      late?.reason === "verified-later" && others.length === 0,
    );
    const [, second, ...more] = act.stage.railway.state.deployments(service);
    act.promise("one deployment came of it", second?.status === "SUCCESS" && more.length === 0);
  },
};

const killedHalfWay: Scenario = {
  name: "killed-half-way",
  story: "the function is killed between its two pushes: the variable is written, nothing is deployed",
  stage: { pace: "brisk", policy: { cooldown: "0s" } },
  play: async (act) => {
    let value = "";
    await act.person("changes the secret everywhere but on Railway", async () => {
      value = await forgetRailway(act);
    });
    const dying = act.stage.lambda;
    await act.stage.startLambda();
    await act.tickKilledAt("redeploying", dying);
    act.promise(
      "the variable is written, and nothing is deployed",
      act.stage.storedInRailway(internal) === value && act.pushes() === 0,
    );
    const meanwhile = await act.tick("The next tick, in another process");
    const { cause, remedy } = holderOf(meanwhile, railway, internal);
    act.promise("its successor sees what is missing: a process that was started before", cause === "process");
    act.promise(
      "as long as the dead one may be alive, it waits",
      remedy.withheld?.reason === "in-flight" && act.pushes() === 0,
    );
    await act.person("lets the time pass after which the killed process counts as dead", () =>
      letClaimsRunOut(act.stage.table),
    );
    const after = await act.tick("The first tick without it");
    act.showMails();
    act.promise("then it does the other half, and verifies", healStatuses(after) === `${railway} healed`);
    const written = act.stage.railway.calls.filter(
      ({ operation }) => operation === "variableCollectionUpsert",
    );
    act.promise("the variable is not written again", written.length === 1 && act.pushes() === 1);
    act.promise("everything is in sync afterwards", after.status === "in-sync");
  },
};

/** Either the dead process's deployment is still under way, or it has done its work meanwhile. */
function isLeftAlone(report: Report): boolean {
  const why = holderOf(report, railway, internal).remedy.withheld?.reason;
  const isUnderWay = why === "in-flight" || why === "deploying";
  return report.heals.length === 0 && (isUnderWay || report.status === "in-sync");
}

/** Stories of the function's own processes. */
export const processScenarios: readonly Scenario[] = [twoSchedulers, killed, killedHalfWay];
