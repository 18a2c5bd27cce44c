import { counted } from "./counting.ts";
import { reasonTexts, truthTexts } from "./explanations.ts";
import type { PolicyMode } from "./fleet.ts";
import type { Report, RunStatus, SecretReport, Trigger } from "./report.ts";
import { toneOfVerdict, truthTones } from "./tone.ts";
import { minuteWords, shortVersion } from "./wording.ts";

export const modeWords: Readonly<Record<PolicyMode, string>> = {
  observe: "observe: nothing is changed",
  approve: "approve: repairs are planned, not made",
  fix: "fix: repairs what it is sure of",
};

export const triggerWords: Readonly<Record<Trigger, string>> = {
  cli: "from the command line",
  schedule: "by the schedule",
  label: "by a changed secret",
  manual: "by hand",
};

export const statusWords: Readonly<Record<RunStatus, string>> = {
  "in-sync": "all is right",
  drifted: "something is wrong",
  unknown: "nothing seen is wrong, but not everything was seen",
  failed: "the work could not be done",
};

/** What a run comes to, in numbers. */
export function runFacts({ environments, secrets, heals, status }: Report): readonly string[] {
  if (status === "failed") return ["no secret could be read from its source"];
  const holders = environments.flatMap((environment) => environment.secrets);
  const wrong = holders.filter(({ verdict }) => toneOfVerdict(verdict) === "bad").length;
  const unseen = holders.filter(({ verdict }) => verdict.kind === "unknown").length;
  const latent = holders.filter(({ cause }) => cause === "latent").length;
  const capabilities = environments.flatMap((environment) => environment.capabilities);
  const denied = capabilities.filter((capability) => capability.status === "denied").length;
  const repaired = heals.filter((heal) => heal.status === "healed").length;
  return [
    ...(wrong === 0 ? [`${holders.length - unseen} of ${holders.length} running values are right`] : []),
    ...(wrong === 0
      ? []
      : [`${wrong} of ${holders.length} running values ${wrong === 1 ? "is" : "are"} wrong`]),
    ...(latent === 0 ? [] : [`${latent} stored wrong for the next start`]),
    ...(denied === 0 ? [] : [`${counted(denied, "capability")} denied`]),
    ...secrets
      .filter(({ truth }) => truthTones[truth] === "bad")
      .map(({ name, truth }) => `${name} ${truthTexts[truth].short}`),
    ...(unseen === 0 ? [] : [`${unseen} not seen`]),
    ...(repaired === 0 ? [] : [`${counted(repaired, "environment")} repaired`]),
  ];
}

/** What is known of a secret itself, beginning with its state. */
export function secretFacts({ version, expiresAt, truth, rotation }: SecretReport): readonly string[] {
  return [
    truthTexts[truth].short,
    ...(version === undefined ? [] : [`version ${shortVersion(version.id)}`]),
    ...(version?.createdAt === undefined ? [] : [`made ${minuteWords(version.createdAt)}`]),
    ...(expiresAt === undefined
      ? []
      : [`${truth === "expired" ? "ended" : "ends"} ${minuteWords(expiresAt)}`]),
    ...(rotation === undefined ? [] : [rotationWords[rotation]]),
  ];
}

const rotationWords: Readonly<Record<NonNullable<SecretReport["rotation"]>, string>> = {
  "in-progress": reasonTexts["rotation-in-progress"].short,
  stuck: "a rotation has been pending for more than a day: finish or cancel it in the source",
};

/** Whether there is anything to say of a secret itself. */
export function isTelling({ truth, rotation, detail }: SecretReport): boolean {
  return truth !== "valid" || rotation !== undefined || detail !== undefined;
}
