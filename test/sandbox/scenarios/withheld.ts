import { holderOf } from "../act.ts";
import { internal } from "./people.ts";
import type { Scenario } from "./scenario.ts";

const unreachable: Scenario = {
  name: "unreachable",
  story: "the Mac mini is asleep while its secret changes",
  play: async (act) => {
    await act.person("shuts the Mac mini's lid", () => act.stage.hosts["mac-mini"].stop());
    const seen = await act.tick("The schedule's check");
    act.showMails();
    const { verdict, remedy } = holderOf(seen, "mac-mini", internal);
    act.promise(
      "it is not seen, and nothing worse is said of it",
      verdict.kind === "unknown" && verdict.because === "unreachable",
    );
    act.promise("nothing is done about it", remedy.kind === "none" && act.mutations() === 0);
    act.promise("the run comes to unknown, not to drift", seen.status === "unknown");
    act.promise("nobody is woken for it", act.stage.mails().length === 0);
    await act.person("opens the lid again", () => act.stage.hosts["mac-mini"].start());
    const after = await act.tick("The next tick");
    act.promise("the next tick sees it again", after.status === "in-sync");
  },
};

const sourceSuspect: Scenario = {
  name: "source-suspect",
  story: "somebody put a placeholder into the source of truth itself",
  play: async (act) => {
    await act.person("overwrites the secret in Secrets Manager with a placeholder", () =>
      act.stage.putTruth(internal, "changeme"),
    );
    const seen = await act.label("Secrets Manager's event starts a check");
    act.showMails();
    const { remedy } = holderOf(seen, "railway-production", internal);
    act.promise(
      "the repair is withheld because the source looks wrong",
      remedy.withheld?.reason === "source-suspect",
    );
    act.promise("nothing was pushed", act.mutations() === 0);
    act.promise("a person is told", act.stage.mails().length === 1);
    const truth = seen.secrets.find(({ name }) => name === internal)?.truth;
    act.promise("the truth is called what it is", truth === "placeholder");
  },
};

/** Stories in which the right thing is to leave it. */
export const withheldScenarios: readonly Scenario[] = [unreachable, sourceSuspect];
