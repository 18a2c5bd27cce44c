import { gateway, internal, railway, service } from "./told-fleet.ts";
import { type Transition, wrongValue } from "./transition.ts";

/** Stories of the scenarios (test/sandbox/scenarios), told by the schedule. */
export const scenarioTransitions: readonly Transition[] = [
  {
    name: "behind-two-versions",
    kind: "repaired",
    story: "the secret was changed twice, and Railway was forgotten both times",
    play: async (told) => {
      await told.fleet.rotate(internal);
      await told.fleet.rotate(internal);
      await told.tick();
    },
  },
  {
    name: "newline",
    kind: "repaired",
    story: "the value was pasted into Railway with a newline at its end",
    play: async (told) => {
      const right = told.fleet.stored(service)[internal];
      await told.fleet.humanSets(service, internal, `${right}\n`, true);
      await told.tick();
    },
  },
  {
    name: "stale-process",
    kind: "repaired",
    story: "the variable was changed without a deploy, so the process still holds the old value",
    play: async (told) => {
      const value = await told.fleet.rotate(internal);
      await told.fleet.humanSets(service, internal, value, false);
      await told.tick();
    },
  },
  {
    name: "latent",
    kind: "repaired",
    story: "the process is right, but the variable is wrong and the next deploy would bring it in",
    play: async (told) => {
      await told.fleet.humanSets(service, internal, wrongValue, false);
      await told.tick();
    },
  },
  {
    name: "rollback",
    kind: "repaired",
    story: "somebody rolled a deployment back, and the old secret came back with it",
    play: async (told) => {
      const [first] = told.fleet.railway.state.deployments(service);
      const value = await told.fleet.rotate(internal);
      await told.fleet.humanSets(service, internal, value, true);
      told.fleet.railway.rollback(first?.id ?? "");
      await told.fleet.settled();
      await told.tick();
    },
  },
  {
    name: "swapped",
    kind: "repaired",
    story: "two variables were exchanged in Railway",
    play: async (told) => {
      const { [internal]: one = "", [gateway]: other = "" } = told.fleet.stored(service);
      await told.fleet.humanSets(service, internal, other, false);
      await told.fleet.humanSets(service, gateway, one, true);
      await told.tick();
    },
  },
  {
    name: "sealed",
    kind: "repaired",
    story: "the variable is sealed, so that nobody can read it back",
    play: async (told) => {
      told.fleet.railway.seal(service, internal);
      await told.fleet.rotate(internal);
      await told.tick();
    },
  },
  {
    name: "unreachable",
    kind: "unseen",
    story: "the Mac mini has been asleep for longer than its entry allows",
    play: async (told) => {
      told.silence("mac-mini");
      await told.ticks(6);
    },
  },
  {
    name: "source-suspect",
    kind: "truth",
    story: "somebody put a placeholder into the source of truth itself",
    play: async (told) => {
      await told.hours(1);
      told.fleet.putTruth(internal, "changeme");
      await told.tick({ trigger: "label" });
    },
  },
  {
    name: "reference",
    kind: "drift",
    story: "the variable on Railway is a reference to what is not there, which only a person can mend",
    play: async (told) => {
      told.fleet.railway.humanSets(service, internal, `\${{shared.${internal}}}`);
      await told.fleet.settled();
      await told.fleet.rotate(internal);
      await told.tick();
    },
  },
  {
    name: "shared-variable",
    kind: "repaired",
    story: "the variable on Railway is a reference to a shared one that holds the old value",
    fleet: {
      services: {
        [service]: {
          environments: [railway],
          variables: (values) => ({ ...values, [internal]: `\${{shared.${internal}}}` }),
        },
      },
      shared: ({ [internal]: value = "" }) => ({ [internal]: value }),
    },
    play: async (told) => {
      await told.fleet.rotate(internal);
      await told.tick();
    },
  },
  {
    name: "incident",
    kind: "truth",
    story: "Railway holds an old secret and the gateway's token ran out, both at once",
    fleet: {
      entries: ({ originOf }) => ({
        [railway]: {
          capabilities: {
            "app-nudge-evening": {
              url: `${originOf(railway)}/needs/${internal}`,
              header: { "X-Secret": internal },
            },
            // Nobody is let in there, whatever they hold.
            sessions_list: { url: `${originOf("vps")}/needs/NOTHING`, bearer: gateway, verifier: "vps" },
            skills: { url: `${originOf(railway)}/skills` },
          },
        },
      }),
    },
    play: async (told) => {
      await told.fleet.rotate(internal);
      await told.tick({ trigger: "label" });
    },
  },
  {
    name: "split-replicas",
    kind: "repaired",
    story: "one of two replicas holds another value",
    fleet: {
      services: { [service]: { environments: [railway], replicas: 2 } },
      entries: () => ({ [railway]: { instances: 2 } }),
    },
    play: async (told) => {
      await told.fleet.railway.setReplicaEnvironment({
        ...{ serviceId: service, replica: 1 },
        variables: { [internal]: told.fleet.remember(wrongValue) },
      });
      await told.tick();
    },
  },
  {
    name: "source-mistake",
    kind: "resolved",
    story: "the source was changed by mistake to a placeholder, and put right again",
    play: async (told) => {
      const right = told.fleet.stored(service)[internal];
      await told.hours(1);
      told.fleet.putTruth(internal, "changeme");
      await told.tick({ trigger: "label" });
      await told.hours(1);
      told.fleet.putTruth(internal, right);
      await told.tick({ trigger: "label" });
    },
  },
  {
    name: "rotation-in-progress",
    kind: "repaired",
    story: "a rotation was under way, and has finished",
    play: async (told) => {
      await told.hours(1);
      const finish = told.beginRotation(internal);
      await told.tick({ trigger: "label" });
      await told.hours(1);
      finish();
      await told.tick({ trigger: "label" });
    },
  },
  {
    name: "deploy-storm",
    kind: "reminder",
    story: "a hundred ticks against a service whose deployment never comes up",
    play: async (told) => {
      await told.fleet.rotate(internal);
      told.fleet.railway.plant({ kind: "deployment", fate: "fails-healthcheck", times: "always" });
      for (let tick = 0; tick < 100; tick += 1) {
        await told.hours(1);
        await told.tick();
      }
    },
  },
  {
    name: "changed-back",
    kind: "drift",
    story: "something writes an old value back, however often it is set right",
    play: async (told) => {
      for (let round = 0; round < 3; round += 1) {
        await told.fleet.humanSets(service, internal, wrongValue, true);
        await told.tick();
        await told.hours(2);
      }
    },
  },
  {
    name: "two-schedulers",
    kind: "repaired",
    story: "two checks at once find the same, and one of them repairs and tells it",
    play: async (told) => {
      await told.fleet.rotate(internal);
      await Promise.all([told.tick(), told.tick()]);
    },
  },
  {
    name: "killed",
    kind: "repaired",
    story: "a repair died between push and verify, and a later check proved it",
    play: async (told) => {
      await told.fleet.rotate(internal);
      await told.tickThatDiesAfter("redeploy");
      await told.hours(1);
      await told.tick();
    },
  },
  {
    name: "killed-half-way",
    kind: "repaired",
    story: "a repair died between the write and the redeploy, and a later check took it up",
    play: async (told) => {
      await told.fleet.rotate(internal);
      await told.tickThatDiesAfter("write");
      await told.hours(2);
      await told.tick();
    },
  },
  {
    name: "clock-off",
    kind: "unseen",
    story: "the clock of the VPS is five minutes behind, so that it understands no question",
    play: async (told) => {
      told.fleet.disguiseHost("vps", () => ({
        ...{ version: 1, error: "challenge-early" },
        time: new Date((told.fleet.clock?.now() ?? 0) - 300_000).toISOString(),
      }));
      await told.ticks(6);
    },
  },
  {
    name: "railway-down",
    kind: "drift",
    story: "Railway's API is down while its service holds an old secret",
    play: async (told) => {
      await told.fleet.rotate(internal);
      told.fleet.railway.plant({ kind: "unavailable", status: 503, times: "always" });
      await told.tick();
    },
  },
  {
    name: "half-unreachable",
    kind: "repaired",
    story: "half the fleet is unreachable, and the rest is judged and repaired",
    play: async (told) => {
      await told.fleet.rotate(internal);
      told.silence("mac-mini");
      await told.tick();
    },
  },
  {
    name: "sleeping",
    kind: "repaired",
    story: "a service that sleeps is woken by being asked, and repaired",
    fleet: { services: { [service]: { environments: [railway], sleepApplication: true } } },
    play: async (told) => {
      await told.fleet.rotate(internal);
      await told.fleet.railway.sleep(service);
      await told.tick();
    },
  },
];
