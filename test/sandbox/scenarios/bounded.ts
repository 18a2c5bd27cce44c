import type { Report } from "../../../functions/core/report.ts";
import { type Act, healStatuses, holderOf } from "../act.ts";
import { forgetRailway, internal, railway, service, setInDashboard } from "./people.ts";
import type { Scenario } from "./scenario.ts";

const ticks = 100;
const ticksInLine = 10;
/** One for each push that failed, one for the end of pushing; the same again is no news. */
const mailsMax = 8;

/** What is withheld of Railway's internal secret, and why in words. */
function withheldOn(report: Report): string | undefined {
  return holderOf(report, railway, internal).remedy.withheld?.reason;
}

/** Lets the schedule tick, with one line for every ten. */
async function tickOften(act: Act): Promise<Report> {
  const { narrator, stage } = act;
  narrator.title(`${ticks} ticks of the schedule`);
  let last: Report | undefined;
  for (let first = 1; first <= ticks; first += ticksInLine) {
    const [pushesBefore, mailsBefore] = [act.pushes(), stage.mails().length];
    for (let tick = 0; tick < ticksInLine; tick += 1) last = await stage.check({});
    const range = `${first}-${first + ticksInLine - 1}`.padEnd(6);
    const [pushes, mails] = [act.pushes() - pushesBefore, stage.mails().length - mailsBefore];
    const why = last === undefined ? "" : (withheldOn(last) ?? "");
    narrator.print(`  ticks ${range}  pushes ${pushes}  mails ${mails}  withheld: ${why}`);
  }
  if (last === undefined) throw new Error("nothing ticked");
  return last;
}

const deployStorm: Scenario = {
  name: "deploy-storm",
  story: "no deployment on Railway ever comes up, and the schedule ticks a hundred times",
  stage: { pace: "brisk", policy: { cooldown: "0s" } },
  play: async (act) => {
    await act.person("changes the secret everywhere but on Railway", () => forgetRailway(act));
    await act.person("breaks Railway, so that every new deployment fails its health check", () =>
      act.stage.railway.plant({ kind: "deployment", fate: "fails-healthcheck", times: "always" }),
    );
    const last = await tickOften(act);
    const report = await act.tick("The tick after them");
    const [first] = act.stage.railway.state.deployments(service);
    act.promise(`of ${ticks} ticks exactly 3 pushed: the policy's bound for a day`, act.pushes() === 3);
    act.promise("the bound is what holds the next push back", withheldOn(last) === "daily-cap");
    act.promise(
      "it says how many repairs there were",
      /^3 repairs in 24 h\b/.test(holderOf(report, railway, internal).remedy.withheld?.detail ?? ""),
    );
    act.promise(
      `people are told, and not a hundred times: ${act.stage.mails().length} mails`,
      act.stage.mails().length >= 1 && act.stage.mails().length <= mailsMax,
    );
    act.promise("what served goes on serving", first?.id !== undefined && isServing(act, first.id));
  },
};

function isServing(act: Act, deploymentId: string): boolean {
  const { status } = act.stage.railway.state.deployment(deploymentId);
  return status === "SUCCESS";
}

const changedBack: Scenario = {
  name: "changed-back",
  story: "somebody sets the old value in Railway again after each repair",
  stage: { pace: "brisk", policy: { cooldown: "0s", fixesPerDayMax: 10 } },
  play: async (act) => {
    const old = act.stage.storedInRailway(internal) ?? "";
    const changeBack = () =>
      act.person("sets the old value in Railway's dashboard again", () =>
        setInDashboard(act, internal, old, { deploy: true, by: "Ada" }),
      );
    await act.person("changes the secret everywhere but on Railway", () => forgetRailway(act));
    const first = await act.tick("The schedule's check repairs");
    await changeBack();
    const second = await act.tick("The next tick repairs once more");
    await changeBack();
    const pushes = act.pushes();
    const third = await act.tick("The tick after that");
    const fourth = await act.tick("And the one after that");
    act.showMails();
    act.promise(
      "it is repaired twice, and each time verified",
      [first, second].every((report) => healStatuses(report) === `${railway} healed`),
    );
    act.promise("the third time it is called a fight", withheldOn(third) === "fighting");
    act.promise("it says how often it was repaired", /^repaired 2 times\b/.test(detailOf(third)));
    act.promise("it says whose deployment undid it", detailOf(third).includes("by Ada"));
    act.promise(
      "it stops: nothing is pushed any more",
      act.pushes() === pushes && withheldOn(fourth) === "fighting",
    );
    const fights = act.stage.mails().filter(({ body }) => body.includes("repaired 2 times"));
    act.promise("a person is told of the fight, once", fights.length === 1);
    await act.person("ends the quarrel with a new value everywhere but on Railway", () => forgetRailway(act));
    const last = await act.tick("The first tick with the new value");
    act.promise("a new version is no fight: Railway is repaired", healStatuses(last) === `${railway} healed`);
  },
};

function detailOf(report: Report): string {
  return holderOf(report, railway, internal).remedy.withheld?.detail ?? "";
}

/** Stories of repairs that do not last, or never succeed: what is done is bounded. */
export const boundedScenarios: readonly Scenario[] = [deployStorm, changedBack];
