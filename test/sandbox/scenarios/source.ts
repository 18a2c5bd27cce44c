import type { Report } from "../../../functions/core/report.ts";
import { type Act, healStatuses, holderOf } from "../act.ts";
import { changeOnHosts, internal, railway, setInDashboard } from "./people.ts";
import type { Scenario } from "./scenario.ts";

function withheldOn(report: Report): string | undefined {
  return holderOf(report, railway, internal).remedy.withheld?.reason;
}

/** How many mails came while it was done. */
async function mailsOf(act: Act, does: () => Promise<Report>): Promise<{ report: Report; mails: number }> {
  const before = act.stage.mails().length;
  const report = await does();
  return { report, mails: act.stage.mails().length - before };
}

const sourceMistake: Scenario = {
  name: "source-mistake",
  story: "the source of truth itself is overwritten by mistake, twice, and then put right",
  play: async (act) => {
    const [right, other] = [
      act.stage.storedInRailway(internal),
      act.stage.storedInRailway("OPENCLAW_GATEWAY_TOKEN"),
    ];
    await act.person("puts the gateway's token into INTERNAL_AUTH_SECRET, in Secrets Manager", () =>
      act.stage.putTruth(internal, other ?? ""),
    );
    const twin = await mailsOf(act, () => act.label("Secrets Manager's event starts a check"));
    await act.person("notices, and puts a placeholder there until tomorrow", () =>
      act.stage.putTruth(internal, "changeme"),
    );
    const placeholder = await mailsOf(act, () => act.label("The next event starts a check"));
    const again = await mailsOf(act, () => act.tick("The schedule's check"));
    act.showMails();
    await act.person("puts the right value back", () => act.stage.putTruth(internal, right ?? ""));
    const after = await act.label("The last event starts a check");
    act.promise(
      "another secret's value is recognised",
      truthDetail(twin.report) === `the current version is the value of OPENCLAW_GATEWAY_TOKEN`,
    );
    act.promise("a placeholder is called what it is", truthOf(placeholder.report) === "placeholder");
    act.promise(
      "both times the repair is withheld because the source looks wrong",
      [twin, placeholder, again].every(({ report }) => withheldOn(report) === "source-suspect"),
    );
    act.promise("a person is told of each mistake", twin.mails === 1 && placeholder.mails === 1);
    act.promise("and not again at the next tick", again.mails === 0);
    act.promise("nothing was pushed, then or now", act.mutations() === 0);
    act.promise("put right, all is well", after.status === "in-sync");
  },
};

function secretOf(report: Report) {
  return report.secrets.find(({ name }) => name === internal);
}

function truthOf(report: Report): string | undefined {
  return secretOf(report)?.truth;
}

function truthDetail(report: Report): string | undefined {
  return secretOf(report)?.detail;
}

const rotationInProgress: Scenario = {
  name: "rotation-in-progress",
  story: "a rotation is half way through while Railway holds a wrong value",
  stage: { pace: "brisk" },
  play: async (act) => {
    const pending = act.stage.newValue();
    await act.person("pastes a wrong value into Railway", () =>
      setInDashboard(act, internal, act.stage.newValue(), { deploy: true }),
    );
    let finish: () => void = () => {};
    await act.person(
      "starts a rotation: AWSPENDING stands on a new version, and the VPS has it already",
      async () => {
        finish = act.stage.beginRotation(internal, pending);
        act.stage.hosts.vps.configure(internal, pending);
        await act.stage.hosts.vps.restart();
      },
    );
    const during = await act.tick("The schedule's check, in the middle of it");
    const mutations = act.mutations();
    act.promise("the rotation is seen", secretOf(during)?.rotation === "in-progress");
    act.promise("the repair of Railway waits for its end", withheldOn(during) === "rotation-in-progress");
    act.promise(
      "who holds the pending version is not called wrong",
      holderOf(during, "vps", internal).verdict.kind === "ahead",
    );
    act.promise("nothing was pushed meanwhile", mutations === 0);
    await act.person(
      "lets the rotation end: AWSCURRENT moves to the new version, the hosts have it",
      async () => {
        finish();
        await changeOnHosts(act, pending);
      },
    );
    const after = await act.label("Secrets Manager's event starts the repair");
    act.showMails();
    act.promise("Railway is repaired, and verified", healStatuses(after) === `${railway} healed`);
    act.promise("it holds the new version, not the old one", act.stage.storedInRailway(internal) === pending);
    act.promise("everything is in sync afterwards", after.status === "in-sync");
  },
};

/** Stories of the source of truth itself. */
export const sourceScenarios: readonly Scenario[] = [sourceMistake, rotationInProgress];
