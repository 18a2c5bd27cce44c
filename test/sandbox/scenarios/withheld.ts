import { holderOf } from "../act.ts";
import { railwayIds } from "../stage-fleet.ts";
import { forgetRailway, internal } from "./people.ts";
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

const reference: Scenario = {
  name: "reference",
  story: "the variable on Railway is a reference to a shared one",
  stage: {
    variables: (values) => ({ ...values, INTERNAL_AUTH_SECRET: `\${{shared.${internal}}}` }),
    sharedVariables: (values) => ({ INTERNAL_AUTH_SECRET: values.INTERNAL_AUTH_SECRET }),
  },
  play: async (act) => {
    await act.person("changes the secret everywhere but in Railway", () => forgetRailway(act));
    const seen = await act.tick("The schedule's check");
    act.showMails();
    const { cause, remedy, stored } = holderOf(seen, "railway-production", internal);
    act.promise("the reference is seen", stored?.kind === "reference");
    act.promise(
      "the cause is the shared variable, the remedy a person's",
      cause === "shared" && remedy.kind === "by-hand",
    );
    act.promise("no literal was written over it", act.mutations() === 0);
    const scope = { environmentId: railwayIds.environment, serviceId: railwayIds.service };
    act.promise(
      "the reference still stands",
      act.stage.railway.state.stored(scope)[internal] === `\${{shared.${internal}}}`,
    );
  },
};

/** Stories in which the right thing is to leave it. */
export const withheldScenarios: readonly Scenario[] = [unreachable, sourceSuspect, reference];
