import type { Report } from "../../../functions/core/report.ts";
import { type Act, healStatuses, holderOf } from "../act.ts";
import { railwayIds, type SecretName } from "../stage-fleet.ts";
import { changeOnHosts, forgetRailway, internal, railway, service, setInDashboard } from "./people.ts";
import type { Scenario } from "./scenario.ts";

/** Looks, repairs, and holds the repair to its proof; what was seen first is handed to the scenario's own promises. */
async function lookAndRepair(act: Act, promises: (seen: Report) => void): Promise<void> {
  const seen = await act.look();
  promises(seen);
  const after = await act.tick();
  act.showMails();
  act.promise(
    "one repair of railway-production, verified by fingerprint",
    healStatuses(after) === `${railway} healed`,
  );
  act.promise("everything is in sync afterwards", after.status === "in-sync");
  const again = await act.tick("The next tick");
  act.promise("the next tick finds nothing to do", again.status === "in-sync" && again.heals.length === 0);
}

function holdsOnRailway(report: Report, secret: SecretName = internal) {
  return holderOf(report, railway, secret);
}

const newline: Scenario = {
  name: "newline",
  story: "the value was pasted into Railway with a newline at its end",
  play: async (act) => {
    const right = act.stage.storedInRailway(internal) ?? "";
    await act.person("pastes INTERNAL_AUTH_SECRET into Railway, newline included", () =>
      setInDashboard(act, internal, `${right}\n`, { deploy: true }),
    );
    await lookAndRepair(act, (seen) => {
      const { verdict, cause } = holdsOnRailway(seen);
      act.promise(
        "the newline is named",
        verdict.kind === "mangled" && verdict.accident === "trailing-newline",
      );
      act.promise("the cause is the variable", cause === "variable");
    });
  },
};

const behindTwoVersions: Scenario = {
  name: "behind-two-versions",
  story: "the secret was changed twice, and Railway was forgotten both times",
  play: async (act) => {
    await act.person(
      "changes INTERNAL_AUTH_SECRET twice, on the hosts too, and forgets Railway",
      async () => {
        act.stage.putTruth(internal, act.stage.newValue());
        const newest = act.stage.newValue();
        act.stage.putTruth(internal, newest);
        await changeOnHosts(act, newest);
      },
    );
    await lookAndRepair(act, (seen) => {
      const { verdict } = holdsOnRailway(seen);
      act.promise("Railway is two versions behind", verdict.kind === "behind" && verdict.behindBy === 2);
    });
  },
};

const staleProcess: Scenario = {
  name: "stale-process",
  story: "the variable was changed without a deploy, so the process still holds the old value",
  play: async (act) => {
    await act.person("changes the secret everywhere, in Railway without deploying", async () => {
      const value = act.stage.newValue();
      act.stage.putTruth(internal, value);
      await changeOnHosts(act, value);
      await setInDashboard(act, internal, value, { deploy: false });
    });
    await lookAndRepair(act, (seen) => {
      const { cause, remedy } = holdsOnRailway(seen);
      act.promise("the cause is the process", cause === "process");
      act.promise("a redeploy would be enough", remedy.withheld?.wouldBe === "redeploy");
    });
    act.promise(
      "no variable was written",
      !act.stage.railway.calls.some(({ operation }) => operation === "variableCollectionUpsert"),
    );
  },
};

const latent: Scenario = {
  name: "latent",
  story: "the process is right, but the variable is wrong and the next deploy would bring it in",
  play: async (act) => {
    await act.person("writes a wrong INTERNAL_AUTH_SECRET into Railway without deploying", () =>
      setInDashboard(act, internal, act.stage.newValue(), { deploy: false }),
    );
    const before = act.stage.railway.state.deployments(service).length;
    await lookAndRepair(act, (seen) => {
      const { verdict, cause, remedy } = holdsOnRailway(seen);
      act.promise("the process is seen to be right", verdict.kind === "in-sync");
      act.promise(
        "the cause is latent, the remedy quiet",
        cause === "latent" && remedy.withheld?.wouldBe === "set-quietly",
      );
    });
    act.promise("nothing was deployed", act.stage.railway.state.deployments(service).length === before);
  },
};

const rollback: Scenario = {
  name: "rollback",
  story: "somebody rolled a deployment back, and the old secret came back with it",
  play: async (act) => {
    const [first] = act.stage.railway.state.deployments(service);
    await act.person("changes the secret everywhere and deploys", async () => {
      const value = act.stage.newValue();
      act.stage.putTruth(internal, value);
      await changeOnHosts(act, value);
      await setInDashboard(act, internal, value, { deploy: true });
    });
    await act.person("rolls the deployment back, for another reason", async () => {
      act.stage.railway.rollback(first?.id ?? "");
      await act.stage.railway.state.settled();
    });
    await lookAndRepair(act, (seen) =>
      act.promise("the cause is the rollback", holdsOnRailway(seen).cause === "rollback"),
    );
  },
};

const swapped: Scenario = {
  name: "swapped",
  story: "two variables were exchanged in Railway",
  play: async (act) => {
    const [a, b] = [
      act.stage.storedInRailway(internal) ?? "",
      act.stage.storedInRailway("OPENCLAW_GATEWAY_TOKEN") ?? "",
    ];
    await act.person("pastes two secrets into each other's variable", async () => {
      await setInDashboard(act, internal, b, { deploy: false });
      await setInDashboard(act, "OPENCLAW_GATEWAY_TOKEN", a, { deploy: true });
    });
    await lookAndRepair(act, (seen) => {
      const kinds = [holdsOnRailway(seen).verdict, holdsOnRailway(seen, "OPENCLAW_GATEWAY_TOKEN").verdict];
      act.promise(
        "both are seen to hold the other's value",
        kinds.every(({ kind }) => kind === "swapped"),
      );
    });
    const redeploys = act.stage.railway.calls.filter(({ operation }) => operation === "deploymentRedeploy");
    act.promise("both are repaired by one redeploy", redeploys.length === 1);
  },
};

const sealed: Scenario = {
  name: "sealed",
  story: "the variable is sealed, so that nobody can read it back",
  play: async (act) => {
    await act.person("seals INTERNAL_AUTH_SECRET in Railway, later changes it elsewhere", async () => {
      act.stage.railway.seal(service, internal);
      await forgetRailway(act);
    });
    await lookAndRepair(act, (seen) => {
      const { stored, cause } = holdsOnRailway(seen);
      act.promise("the stored value is said to be sealed", stored?.kind === "sealed");
      act.promise("the cause stays undetermined", cause === "undetermined");
    });
  },
};

const splitReplicas: Scenario = {
  name: "split-replicas",
  story: "one of two replicas holds another value",
  stage: { replicas: 2 },
  play: async (act) => {
    const value = act.stage.newValue();
    await act.person("leaves one of two replicas behind with another value", () =>
      act.stage.railway.setReplicaEnvironment({
        serviceId: service,
        replica: 1,
        variables: { [internal]: value },
      }),
    );
    await lookAndRepair(act, (seen) => {
      const { verdict } = holdsOnRailway(seen);
      const kinds =
        verdict.kind === "split" ? verdict.instances.map((each) => each.verdict.kind).toSorted() : [];
      act.promise("the replicas are seen to differ", kinds.join() === "foreign,in-sync");
    });
  },
};

const link = `\${{shared.${internal}}}`;

const reference: Scenario = {
  name: "reference",
  story: "the variable on Railway is a reference to a shared one",
  stage: {
    variables: (values) => ({ ...values, INTERNAL_AUTH_SECRET: link }),
    sharedVariables: (values) => ({ INTERNAL_AUTH_SECRET: values.INTERNAL_AUTH_SECRET }),
  },
  play: async (act) => {
    let value = "";
    await act.person("changes the secret everywhere but in Railway", async () => {
      value = await forgetRailway(act);
    });
    await lookAndRepair(act, (seen) => {
      const { cause, stored } = holdsOnRailway(seen);
      act.promise("the reference is seen", stored?.kind === "reference");
      act.promise("the cause is the shared variable", cause === "shared");
    });
    const shared = { environmentId: railwayIds.environment, serviceId: null };
    act.promise(
      "the shared variable holds the new value",
      act.stage.railway.state.stored(shared)[internal] === value,
    );
    act.promise("no literal was written over the reference", act.stage.storedInRailway(internal) === link);
  },
};

/** Stories that end with a verified repair. */
export const repairedScenarios: readonly Scenario[] = [
  newline,
  behindTwoVersions,
  staleProcess,
  latent,
  rollback,
  swapped,
  sealed,
  splitReplicas,
  reference,
];
