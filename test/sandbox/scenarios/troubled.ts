import type { Report } from "../../../functions/core/report.ts";
import { type Act, healStatuses, holderOf } from "../act.ts";
import { forgetRailway, internal, railway, service } from "./people.ts";
import type { Scenario } from "./scenario.ts";

const clockOff: Scenario = {
  name: "clock-off",
  story: "the clocks of two hosts are five minutes off, one behind and one ahead",
  play: async (act) => {
    await act.person("lets the Mac mini's clock run behind, and the VPS's ahead", async () => {
      await setClock(act, "mac-mini", -fiveMinutesMs);
      await setClock(act, "vps", fiveMinutesMs);
    });
    const seen = await act.tick("The schedule's check");
    act.promise("both are unknown, and neither is called wrong", seen.status === "unknown");
    act.promise(
      "it says how far the one is behind",
      detailOf(seen, "mac-mini").endsWith("its clock is 5 min behind"),
    );
    act.promise("and the other ahead", detailOf(seen, "vps").endsWith("its clock is 5 min ahead"));
    act.promise(
      "Railway is judged all the same",
      holderOf(seen, railway, internal).verdict.kind === "in-sync",
    );
    act.promise(
      "nothing is written, and nobody is woken",
      act.mutations() === 0 && act.stage.mails().length === 0,
    );
    await act.person("sets both clocks", async () => {
      await setClock(act, "mac-mini", 0);
      await setClock(act, "vps", 0);
    });
    const after = await act.tick("The next tick");
    act.promise("put right, all is well", after.status === "in-sync");
  },
};

const fiveMinutesMs = 300_000;

async function setClock(act: Act, name: "vps" | "mac-mini", offsetMs: number): Promise<void> {
  const host = act.stage.hosts[name];
  host.configure("SANDBOX_CLOCK_OFFSET_MS", String(offsetMs));
  await host.restart();
}

function detailOf(report: Report, environment: string): string {
  const { verdict } = holderOf(report, environment, internal);
  return verdict.kind === "unknown" ? verdict.detail : "";
}

const railwayDown: Scenario = {
  name: "railway-down",
  story: "Railway's API gives nothing but errors for two ticks, while its service holds an old secret",
  stage: { pace: "brisk" },
  play: async (act) => {
    await act.person("changes the secret everywhere but on Railway", () => forgetRailway(act));
    const repair = act.stage.railway.plant({ kind: "unavailable", status: 503, times: "always" });
    const first = await act.tick("The schedule's check, while Railway's API is down");
    const second = await act.tick("The next tick, and it is still down");
    act.showMails();
    const all = [first, second];
    act.promise(
      "each tick sees what runs, and that it is old",
      all.every((report) => holderOf(report, railway, internal).verdict.kind === "behind"),
    );
    act.promise(
      "each leaves it alone, and says that Railway was not seen",
      all.every((report) => withheldOn(report) === "unseen"),
    );
    act.promise(
      "nothing is half done",
      act.mutations() === 0 && act.stage.railway.state.deployments(service).length === 1,
    );
    act.promise("a person is told once, not twice", act.stage.mails().length === 1);
    await act.person("waits until Railway's API is up again", repair);
    const after = await act.tick("The first tick after it");
    act.showMails();
    act.promise("then it is repaired and verified", healStatuses(after) === `${railway} healed`);
    act.promise("everything is in sync afterwards", after.status === "in-sync");
  },
};

function withheldOn(report: Report): string | undefined {
  return holderOf(report, railway, internal).remedy.withheld?.reason;
}

const halfUnreachable: Scenario = {
  name: "half-unreachable",
  story: "two of four environments give no answer while the secret has changed",
  stage: { pace: "brisk", moreHosts: ["edge"] },
  play: async (act) => {
    const { vps, "mac-mini": macMini } = act.stage.hosts;
    await act.person("changes the secret everywhere but on Railway", () => forgetRailway(act));
    await act.person("unplugs the VPS and the Mac mini", async () => {
      await vps.stop();
      await macMini.stop();
    });
    const seen = await act.tick("The schedule's check repairs what it sees");
    act.showMails();
    const silent = ["vps", "mac-mini"].map((name) => holderOf(seen, name, internal));
    act.promise(
      "silence is no drift",
      silent.every(({ verdict }) => verdict.kind === "unknown"),
    );
    act.promise(
      "nothing is done about it",
      silent.every(({ remedy }) => remedy.kind === "none"),
    );
    act.promise("the rest is judged", holderOf(seen, "edge", internal).verdict.kind === "in-sync");
    act.promise("and repaired, and verified", healStatuses(seen) === `${railway} healed`);
    act.promise("the run comes to unknown, for half was not seen", seen.status === "unknown");
    await act.person("plugs them in again", async () => {
      await vps.start();
      await macMini.start();
    });
    const after = await act.tick("The next tick");
    act.promise("the next tick sees everybody", after.status === "in-sync" && after.heals.length === 0);
  },
};

const sleeping: Scenario = {
  name: "sleeping",
  story: "Railway has put the service to sleep, and meanwhile the secret was changed",
  stage: { pace: "brisk", maySleep: true },
  play: async (act) => {
    const { railway: platform } = act.stage;
    const status = () => platform.state.deployments(service).at(-1)?.status;
    await act.person("asks the service nothing for a while, so that Railway puts it to sleep", () =>
      platform.sleep(service),
    );
    act.promise("it sleeps", status() === "SLEEPING");
    await act.person("changes the secret everywhere but on Railway", () => forgetRailway(act));
    const seen = await act.look("The check asks it all the same");
    act.promise(
      "being asked wakes it",
      status() === "SUCCESS" && platform.state.deployments(service).length === 1,
    );
    act.promise(
      "it is judged by what it woke up with",
      holderOf(seen, railway, internal).verdict.kind === "behind",
    );
    await act.person("lets it fall asleep again", () => platform.sleep(service));
    const after = await act.tick("The schedule's check wakes and repairs it");
    act.showMails();
    act.promise("it is repaired, and verified by a fingerprint", healStatuses(after) === `${railway} healed`);
    act.promise("one write and one deployment were enough", act.mutations() === 2);
    await act.person("lets the new deployment fall asleep, too", () => platform.sleep(service));
    const last = await act.tick("The next tick");
    act.promise(
      "woken once more, it is still right, and nothing is done",
      last.status === "in-sync" && last.heals.length === 0,
    );
  },
};

/** Stories of a world that does not answer as it should. */
export const troubledScenarios: readonly Scenario[] = [clockOff, railwayDown, halfUnreachable, sleeping];
