import { type Act, capabilityOf, healStatuses, holderOf } from "../act.ts";
import { incidentTable } from "../incident-table.ts";
import { issueOnly } from "../issuer.ts";
import { SkillLoad } from "../skill-load.ts";
import { railwayIds } from "../stage-fleet.ts";
import type { Scenario } from "./scenario.ts";

const railway = "railway-production";
const skillExecutions = 75;
const skillPauseMs = 100;

/** Two things go wrong at once: one copy of a secret is forgotten, and another token is no longer accepted. */
async function breakBoth(act: Act): Promise<void> {
  const { stage } = act;
  await act.person(
    "changes INTERNAL_AUTH_SECRET in Secrets Manager, on the VPS and on the Mac mini, and forgets Railway",
    async () => {
      const value = stage.newValue();
      stage.putTruth("INTERNAL_AUTH_SECRET", value);
      for (const host of Object.values(stage.hosts)) {
        host.configure("INTERNAL_AUTH_SECRET", value);
        await host.restart();
      }
    },
  );
  await act.person(
    "lets the gateway's token run out: its issuer no longer stands by it, and everybody still holds it",
    () => issueOnly(stage.issuerFile, []),
  );
}

/** What the mail asked a person for: a new token at its issuer, and in the source of truth. */
async function issueNewToken(act: Act): Promise<string> {
  const token = act.stage.newValue();
  await act.person("reads the mail, issues a new gateway token and puts it into Secrets Manager", () => {
    issueOnly(act.stage.issuerFile, [token]);
    act.stage.putTruth("OPENCLAW_GATEWAY_TOKEN", token);
  });
  return token;
}

async function followStepsOnHosts(act: Act, token: string): Promise<void> {
  await act.person("follows the steps of the mail on the VPS and on the Mac mini", async () => {
    for (const host of Object.values(act.stage.hosts)) {
      host.configure("OPENCLAW_GATEWAY_TOKEN", token);
      await host.restart();
    }
  });
}

async function play(act: Act): Promise<void> {
  const { stage, narrator } = act;
  const healthy = await act.look("Before: all is well");
  act.promise("before the incident everything is in sync", healthy.status === "in-sync");

  narrator.title("The incident");
  await breakBoth(act);
  const skills = new SkillLoad(
    `${stage.railway.serviceUrl(railwayIds.service)}/skills`,
    skillExecutions,
    skillPauseMs,
  );
  narrator.print(`  ${skillExecutions} skill executions are going on meanwhile.`);

  const first = await act.look("The first check: what is wrong, why, and what it breaks");
  const drifted = holderOf(first, railway, "INTERNAL_AUTH_SECRET");
  act.promise(
    "Railway's old INTERNAL_AUTH_SECRET is found, its cause the variable",
    drifted.verdict.kind === "behind" && drifted.cause === "variable",
  );
  const truthOf = (name: string) => first.secrets.find((secret) => secret.name === name)?.truth;
  act.promise(
    "the gateway token is told apart: in sync everywhere, and rejected",
    truthOf("OPENCLAW_GATEWAY_TOKEN") === "rejected",
  );
  act.promise(
    "app-nudge-evening and sessions_list are refused, skills work",
    capabilityOf(first, "app-nudge-evening") === "denied" &&
      capabilityOf(first, "sessions_list") === "denied" &&
      capabilityOf(first, "skills") === "works",
  );

  const repaired = await act.label("Secrets Manager's label event starts the repair");
  act.promise(
    "Railway is repaired and verified by fingerprint",
    healStatuses(repaired) === `${railway} healed`,
  );
  act.promise(
    "app-nudge-evening works again, seen by a call",
    capabilityOf(repaired, "app-nudge-evening") === "works",
  );
  act.promise(
    "the rejected token is not pushed about, a person is asked",
    holderOf(repaired, railway, "OPENCLAW_GATEWAY_TOKEN").remedy.kind === "by-hand",
  );
  act.showMails();

  narrator.title("The person's part");
  const token = await issueNewToken(act);
  const spread = await act.label("The new token's label event brings it to Railway");
  act.promise("the new token is on Railway, verified", healStatuses(spread) === `${railway} healed`);
  const steps = (["vps", "mac-mini"] as const).map(
    (host) => holderOf(spread, host, "OPENCLAW_GATEWAY_TOKEN").remedy.kind,
  );
  act.promise(
    "the hosts that cannot be pushed to get steps by hand",
    steps.every((kind) => kind === "by-hand"),
  );
  act.showMails();
  narrator.title("The person's part");
  await followStepsOnHosts(act, token);

  const last = await act.look("The last check proves it");
  await skills.finish();
  act.promise("everything is in sync, every capability works", last.status === "in-sync");
  act.promise("sessions_list works again", capabilityOf(last, "sessions_list") === "works");
  act.promise(
    `no skill execution was harmed: ${skills.succeeded} of ${skills.done}`,
    skills.succeeded === skillExecutions,
  );

  act.epilogue = incidentTable({ first, repairs: [repaired, spread], timings: act.timings, skills });
}

/** The incident that this tool was made for. */
export const incident: Scenario = {
  name: "incident",
  story: "Railway holds an old secret and the gateway's token ran out, both at once",
  play,
};
