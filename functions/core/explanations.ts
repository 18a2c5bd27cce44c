// A table of texts and nothing else: longer than a screen, so that every word of a report is explained in one place.

import type { RefusalCode } from "../protocol/challenge-check.ts";
import type { Accident } from "./accidents.ts";
import type { Cause } from "./cause.ts";
import type { EnvironmentNote } from "./diagnosis.ts";
import type { ErrorCode } from "./errors.ts";
import type { HealReason } from "./heal-outcome.ts";
import type { NewsKind } from "./news.ts";
import type { SilenceReason } from "./observation.ts";
import type { Remedy, WithheldReason } from "./remedy.ts";
import type { StoredVerdict } from "./stored-verdict.ts";
import type { TruthState } from "./truth.ts";
import type { Verdict } from "./verdict.ts";

/** One word of a report, in words for people. */
export interface Explanation {
  /** A few words, for a table's cell or a message's line. */
  readonly short: string;
  readonly means: string;
  readonly toDo: string;
}

type Table<Id extends string> = Readonly<Record<Id, Explanation>>;

const nothing = "Nothing.";

export const verdictTexts: Table<Verdict["kind"]> = {
  "in-sync": {
    short: "in sync",
    means: "The running process holds the current version: its fingerprint equals the source's.",
    toDo: nothing,
  },
  ahead: {
    short: "ahead",
    means: "The process already holds the pending version of a rotation that is under way.",
    toDo: "Nothing, as long as the rotation finishes; if it does not, finish or cancel it in the source.",
  },
  behind: {
    short: "old version",
    means: "The process holds an older version of the secret.",
    toDo: "See the cause: a repair sets the variable or restarts the process.",
  },
  withdrawn: {
    short: "withdrawn version",
    means: "The process holds a version newer than the current one: the source was rolled back.",
    toDo: "Decide which version is right. Nothing is pushed while the source is older than what runs.",
  },
  swapped: {
    short: "another secret",
    means: "The process holds another secret's value under this name.",
    toDo: "Look for two variables that were exchanged; a repair sets this one right.",
  },
  mangled: {
    short: "mangled",
    means: "The process holds a known version that something happened to on its way.",
    toDo: "See the accident; a repair sets the variable right, its author should know how it came about.",
  },
  unset: {
    short: "not set",
    means: "The process has no value, or an empty one.",
    toDo: "See the cause; a repair sets the variable.",
  },
  foreign: {
    short: "unknown value",
    means: "The process holds a value that the source never had, as far as it remembers.",
    toDo: "Ask who changed it. If the source is right, a repair replaces it.",
  },
  split: {
    short: "instances differ",
    means: "Instances of one environment hold different values.",
    toDo: "Wait for a deployment that is under way; else a redeploy starts all instances anew.",
  },
  unknown: {
    short: "not seen",
    means: "There was no sound answer. That says nothing about the value, good or bad.",
    toDo: "See why it could not be seen. Nothing is written to what cannot be seen.",
  },
};

export const storedTexts: Table<Exclude<StoredVerdict["kind"], Verdict["kind"]>> = {
  sealed: {
    short: "sealed",
    means: "Railway keeps the variable so that nobody can read it, this tool included.",
    toDo: "Nothing: it can still be set, and the running process proves it.",
  },
  reference: {
    short: "a reference",
    means: "The variable takes its value from another variable in Railway.",
    toDo: "Change what it points to; a literal in its place would cut the link.",
  },
  inherited: {
    short: "inherited",
    means: "The service has no variable of its own: the environment's shared one applies.",
    toDo: "Change the shared variable, and redeploy every service that uses it.",
  },
};

export const silenceTexts: Table<SilenceReason> = {
  unreachable: {
    short: "unreachable",
    means: "No connection came about.",
    toDo: "See whether the host is up and the health URL is right; a laptop may simply be asleep.",
  },
  timeout: {
    short: "no answer in time",
    means: "The health endpoint did not answer within its time.",
    toDo: "See whether the service is overloaded or hangs.",
  },
  refused: {
    short: "refused to answer",
    means: "The responder refused the challenge and said why.",
    toDo: "challenge-untrusted: give it the public key · challenge-early or -expired: set its clock · challenge-audience: its name differs from the fleet's · challenge-malformed: update its responder, or see what changes the header on its way.",
  },
  stale: {
    short: "a cached answer",
    means: "The answer belongs to another question: something on the way caches the health endpoint.",
    toDo: "Exclude the health endpoint from caching.",
  },
  faulty: {
    short: "faulty responder",
    means: "The responder computes fingerprints wrongly, so that nothing it says counts.",
    toDo: "Hold the responder against the test vectors of PROTOCOL.md.",
  },
  malformed: {
    short: "malformed answer",
    means: "What came back is not an answer of the protocol.",
    toDo: "See what answers at the health URL: a redirect, a login page, another program, too much.",
  },
  "wrong-place": {
    short: "wrong place",
    means: "The answer comes from another Railway environment or service than the fleet names.",
    toDo: "Correct the health URL or the ids in the fleet; a preview copy inherits its original's name.",
  },
  "not-reported": {
    short: "not reported",
    means: "Nothing that answered reports this secret.",
    toDo: "Add the responder to the service, or the secret to its responder; where several instances are expected, see which are missing.",
  },
  throttled: {
    short: "throttled",
    means: "The health endpoint limits how often it is asked.",
    toDo: "Exempt the checker, or ask less often.",
  },
  truth: {
    short: "source not read",
    means: "The source of truth itself could not be read, so there is nothing to compare with.",
    toDo: "See the secret's own line: permissions, name, key.",
  },
};

/** The protocol's own words for a refusal (PROTOCOL.md, "What a responder does"). */
const refusalTexts: Table<RefusalCode> = {
  "challenge-malformed": {
    short: "challenge not understood",
    means: "The responder could not read the challenge.",
    toDo: "See what changes the Tally-Challenge header on its way; update the responder.",
  },
  "challenge-untrusted": {
    short: "key not trusted",
    means: "The responder does not trust the key that the checker signs with.",
    toDo: "Give it the checker's public key: tallystick public-key prints it.",
  },
  "challenge-audience": {
    short: "another name",
    means: "The responder is configured with another environment's name than the fleet asked for.",
    toDo: "Make its environment and the fleet's entry the same, and each name unique.",
  },
  "challenge-early": {
    short: "its clock is behind",
    means: "By the responder's clock the challenge comes from the future.",
    toDo: "Set its clock (NTP).",
  },
  "challenge-expired": {
    short: "its clock is ahead",
    means: "By the responder's clock the challenge has expired, or the answer took very long.",
    toDo: "Set its clock (NTP).",
  },
};

export const causeTexts: Table<Cause> = {
  process: {
    short: "the process was started before",
    means: "The stored variable is right; the running process was started before it was.",
    toDo: "A redeploy (or a restart on a host) brings it in.",
  },
  override: {
    short: "something overrides the variable",
    means:
      "The variable is right and was right when the process started, yet the process uses another value.",
    toDo: "Find what overrides it: a start command, a config file, a loader. A redeploy would change nothing.",
  },
  variable: {
    short: "the variable is wrong",
    means: "The stored variable is wrong, and the process holds what it says or another wrong value.",
    toDo: "Set it and redeploy once.",
  },
  latent: {
    short: "wrong at the next start",
    means: "The process is right, but the stored variable is wrong: the next deploy would break it.",
    toDo: "Set it quietly, without a deploy.",
  },
  shared: {
    short: "a shared variable",
    means: "The value comes from a shared variable or a reference.",
    toDo: "Mend what it points to; never put a literal in its place.",
  },
  rollback: {
    short: "an older value came back",
    means:
      "A newer version was deployed before, and the variable holds an older one again: a rollback of the deployment brought its variables back too, or somebody set it back.",
    toDo: "Set it and redeploy; tell who rolled back that variables go back too.",
  },
  rejected: {
    short: "no longer accepted",
    means: "Everybody holds the same value, the side that verifies included, and it is refused.",
    toDo: "Issue a new one and put it into the source. Pushing the present one again would help nobody.",
  },
  undetermined: {
    short: "not known: what is stored cannot be seen",
    means: "The process is wrong; what its configuration holds cannot be read, so why remains open.",
    toDo: "Setting it and redeploying mends all causes but an override.",
  },
};

export const truthTexts: Table<TruthState> = {
  valid: { short: "valid", means: "Nothing speaks against it.", toDo: nothing },
  expiring: {
    short: "expires soon",
    means: "Its life ends within the warning time.",
    toDo: "Issue a new one and put it into the source.",
  },
  expired: {
    short: "expired",
    means: "Its life is over: by its own exp, or by the configured one.",
    toDo: "Issue a new one and put it into the source.",
  },
  rejected: {
    short: "rejected",
    means: "It is refused though every holder and the verifier hold it alike.",
    toDo: "Issue a new one and put it into the source: this is not a matter of syncing.",
  },
  "verifier-unseen": {
    short: "refused, verifier not seen",
    means: "It is refused, and the side that verifies it could not be seen.",
    toDo: "See that side: it may hold another value. Name it in the fleet as verifier, with a responder.",
  },
  placeholder: {
    short: "a placeholder",
    means: "The source holds nothing, or a well-known stand-in.",
    toDo: "Put the real value into the source. Nothing is pushed from it until then.",
  },
  weak: {
    short: "weak",
    means: "It has so little entropy that who sees one answer can guess at it offline.",
    toDo: "Replace it by 32 random characters or more.",
  },
  unknown: {
    short: "not read",
    means: "The source could not be read.",
    toDo: "See its detail: permissions, name, key.",
  },
};

export const remedyTexts: Table<Remedy["kind"]> = {
  none: { short: "nothing to do", means: "There is nothing to repair.", toDo: nothing },
  redeploy: {
    short: "redeploy",
    means: "The variable is right; a new deployment of the same image takes it in.",
    toDo: "Run with --fix, or let the schedule do it under policy mode fix.",
  },
  "set-and-redeploy": {
    short: "set and redeploy",
    means: "The variable is set to the current version, then the service is redeployed once.",
    toDo: "Run with --fix, or let the schedule do it under policy mode fix.",
  },
  "set-quietly": {
    short: "set quietly",
    means: "The variable is set without a deploy and read back.",
    toDo: "Run with --fix, or let the schedule do it under policy mode fix.",
  },
  "by-hand": {
    short: "by hand",
    means: "The tool cannot or must not do it.",
    toDo: "Follow the steps of the report; the last of them proves the result.",
  },
  withheld: {
    short: "withheld",
    means: "A repair is known and is not made now.",
    toDo: "See the reason.",
  },
};

export const reasonTexts: Table<WithheldReason> = {
  mode: {
    short: "this run only looks",
    means: "The policy or the call does not allow repairs.",
    toDo: "Approve it: tallystick check --fix, or invoke check with {mode: fix}. Under policy mode observe, change that first.",
  },
  "source-suspect": {
    short: "the source looks wrong",
    means: "Pushing from a source that is wrong would break what still works.",
    toDo: "Look at the source first: who changed it last, and to what. Put it right, then check again.",
  },
  "rotation-in-progress": {
    short: "a rotation is under way",
    means: "A pending version is younger than a day; the current one is about to be replaced.",
    toDo: "Let the rotation finish; the label event starts the next check.",
  },
  deploying: {
    short: "a deployment is under way",
    means: "Replicas may rightly disagree until the old deployment is removed.",
    toDo: "Nothing: the next check judges anew.",
  },
  unseen: {
    short: "it could not be seen",
    means:
      "What is stored, or what runs, could not be read just now; a write might cut a link or hit a deployment.",
    toDo: "Nothing: the next check judges anew. See the detail where it stays so.",
  },
  "wrong-token": {
    short: "the Railway token belongs elsewhere",
    means: "The token is of another project or environment than the fleet names.",
    toDo: "Make a project token in the right environment, or correct the fleet's ids.",
  },
  "others-pending": {
    short: "a redeploy would ship another change",
    means:
      "Something else of the service was changed and not deployed, or is stored wrong and may not be mended now; a redeploy would start it.",
    toDo: "Deploy or undo the other change in Railway; or write allowOthersPending: true beside the service in the fleet.",
  },
  canary: {
    short: "the first repairs failed",
    means: "One environment is changed and proven before any other is; two failures stop the plan.",
    toDo: "See why the first ones failed; the next check begins with one again.",
  },
  limit: {
    short: "enough for now",
    means:
      "One plan mends a bounded number of services, and none is begun that Railway's hour has no calls left for.",
    toDo: "Nothing: a later check goes on with the rest.",
  },
  "in-flight": {
    short: "a repair is under way",
    means: "A repair of the same service was begun before and has not told its end.",
    toDo: "Nothing: it tells its own end. One that died is forgotten after a quarter of an hour.",
  },
  cooldown: {
    short: "too soon after the last repair",
    means: "The policy's cool-down since the last repair of the same is not over.",
    toDo: "Nothing, or ask for it by name: {mode: fix, environments: [...]} lifts this.",
  },
  "daily-cap": {
    short: "enough repairs for a day",
    means: "The environment was repaired as often in 24 hours as the policy allows.",
    toDo: "Find out why it does not stay right; the next day goes on by itself.",
  },
  fighting: {
    short: "something keeps changing it back",
    means: "It was set right twice with the same version, proven, and is wrong again.",
    toDo: "Find who writes it (a pipeline, another sync tool, a person) and stop that; then repair by hand.",
  },
  "no-memory": {
    short: "the memory cannot be read",
    means: "What was done before is not known, so nothing is done now: it might be the same once more.",
    toDo: "See the state table and its permissions; looking and telling go on meanwhile.",
  },
};

const noteTexts: Table<EnvironmentNote> = {
  "trusts-old-key": {
    short: "trusts the checker's old key",
    means: "The responder refused the key of the present seed and took that of the seed before.",
    toDo: "Give it the new public key before the old seed is gone: tallystick public-key prints it.",
  },
  sleeps: {
    short: "may be asleep",
    means: "Railway puts the service to sleep while nobody asks it; being asked wakes it.",
    toDo: "Nothing, if it wakes in time. Else let it be judged by its snapshot (evidence: snapshot), or asked less often.",
  },
  cron: {
    short: "runs only at its hours",
    means: "It is a cron service: between its runs no process is there to answer.",
    toDo: "Write evidence: snapshot beside it in the fleet, so that it is judged by what it will be started with.",
  },
  "more-instances": {
    short: "has more instances than the fleet says",
    means: "Railway runs more processes of it than the fleet expects to hear, so that some were not asked.",
    toDo: "Write instances: N beside it in the fleet; a check then asks until N have answered.",
  },
};

const healTexts: Table<Exclude<HealReason, WithheldReason | ErrorCode>> = {
  "only-by-hand": {
    short: "only by hand",
    means: "When judged once more, only a person could repair it.",
    toDo: "Follow the steps of the report.",
  },
  "already-right": {
    short: "already right",
    means: "When judged once more, nothing was left to repair.",
    toDo: nothing,
  },
  "truth-changed": {
    short: "the truth changed meanwhile",
    means: "The source has another current version than when the plan was made.",
    toDo: "Nothing: the next check heals to the newest.",
  },
  "not-redeployable": {
    short: "not redeployable",
    means: "The service has no deployment that takes requests, so that none can be started again.",
    toDo: "Deploy the service by hand, then check again.",
  },
  "not-written": {
    short: "the write did not show",
    means: "Railway accepted the write, but the variable reads back otherwise.",
    toDo: "See who else writes it, then check again.",
  },
  "deployment-failed": {
    short: "the deployment failed",
    means: "The new deployment did not come up; the old one keeps serving with the old value.",
    toDo: "See its log in Railway. The variable is set: any deployment that succeeds takes it in.",
  },
  "deployment-stuck": {
    short: "the deployment waits for a person",
    means: "Railway wants an approval before it deploys.",
    toDo: "Approve it in Railway; the next check verifies.",
  },
  "deployment-slow": {
    short: "the deployment takes long",
    means: "It was still under way when the waiting ended.",
    toDo: "Nothing: the next check verifies.",
  },
  "deployment-replaced": {
    short: "another deployment came after ours",
    means: "Somebody else's deployment replaced the one that this repair began, before it was proven.",
    toDo: "Nothing: the next check looks at what serves.",
  },
  "verification-failed": {
    short: "not proven right",
    means: "The new deployment's instances answered and hold another value.",
    toDo: "Look for what overrides the variable.",
  },
  unproven: {
    short: "not proven",
    means: "The new deployment's instances could not be seen, or did not say what deployment they belong to.",
    toDo: "Nothing: the next check verifies. A responder that tells deployment or startedAt makes it provable.",
  },
  "verified-later": {
    short: "seen right by a later check",
    means:
      "The repair had ended without a proof, or its execution had died; a later check saw what it pushed in the running process.",
    toDo: nothing,
  },
};

const errorTexts: Table<ErrorCode> = {
  "fleet-invalid": {
    short: "fleet file",
    means: "The fleet file has mistakes.",
    toDo: "Correct the lines that are named.",
  },
  "event-invalid": {
    short: "event",
    means: "The event has no form that check knows.",
    toDo: "Send {}, a label event, or {mode, environments, secrets}.",
  },
  "call-invalid": {
    short: "call",
    means: "The call names what the fleet does not have, or contradicts itself.",
    toDo: "See tallystick --help.",
  },
  "setting-missing": {
    short: "setting missing",
    means: "A setting that the fleet needs is not there.",
    toDo: "Set the environment variable that is named.",
  },
  "setting-invalid": {
    short: "setting unfit",
    means: "A setting has a form that cannot be used.",
    toDo: "Correct the environment variable that is named.",
  },
  "seed-unreadable": {
    short: "seed not read",
    means: "The signing seed could not be read.",
    toDo: "See its secret's name and the permissions.",
  },
  "truth-unreadable": {
    short: "source not read",
    means: "A value could not be read from its source.",
    toDo: "See its name, key and permissions.",
  },
  "railway-unreachable": {
    short: "Railway not reached",
    means: "Railway's API did not answer.",
    toDo: "Nothing: the next check tries again.",
  },
  "railway-not-authorized": {
    short: "Railway: not authorized",
    means: "The token may not do this, or the thing does not exist for it: Railway says the same of both.",
    toDo: "Check the token's project and environment, and the fleet's ids.",
  },
  "railway-throttled": {
    short: "Railway throttles",
    means: "Railway's limit is reached; nothing more is asked in this run.",
    toDo: "Nothing: a later check goes on.",
  },
  "railway-budget-spent": {
    short: "call budget spent",
    means: "This run made as many calls to Railway as it may.",
    toDo: "Nothing: the next check goes on; split a very large fleet.",
  },
  "railway-refused": {
    short: "Railway refused",
    means: "Railway, or a rule of this tool, refused the call.",
    toDo: "See the detail.",
  },
  "railway-malformed": {
    short: "Railway: malformed",
    means: "Railway's answer has a form that is not known.",
    toDo: "See whether a newer version of this tool exists.",
  },
  "publish-failed": {
    short: "message not sent",
    means: "The message could not be published.",
    toDo: "See the topic and its permissions; the run ends failed so that it is noticed.",
  },
  "heal-not-started": {
    short: "repair not started",
    means: "The heal function could not be started; nothing was changed.",
    toDo: "See the detail: the function's name and the permission to invoke it. The next check tries again.",
  },
  "memory-unreadable": {
    short: "memory not read",
    means: "What is remembered between runs could not be read or written; nothing is repaired without it.",
    toDo: "See the detail: the table's name and the permissions on it. The next check tries again.",
  },
  "run-failed": { short: "run failed", means: "The run could not do its work.", toDo: "See the log." },
};

/** What people are told that has happened. */
export const newsTexts: Table<NewsKind> = {
  failed: {
    short: "the check could not work",
    means: "No secret could be read from its source, so that nothing could be compared.",
    toDo: "See the run's log: the source's permissions, names and network.",
  },
  suspect: {
    short: "the source looks wrong",
    means: "The source itself is suspected, and nothing is pushed from it.",
    toDo: "Look at the source first: who changed it last, and to what.",
  },
  truth: {
    short: "the secret itself",
    means: "Something is wrong with a secret itself, however well it is shared.",
    toDo: "Issue a new one and put it into the source.",
  },
  "not-repaired": {
    short: "not repaired",
    means: "A repair failed, or could not be proven.",
    toDo: "See its reason.",
  },
  drift: {
    short: "drift",
    means: "An environment was found to hold another value than the source.",
    toDo: "See its cause and what is done about it.",
  },
  changed: {
    short: "changed",
    means: "What was told of is still wrong, in another way or for another reason.",
    toDo: "See its cause and what is done about it.",
  },
  refused: {
    short: "refused",
    means: "A call is refused though all that it needs looks right.",
    toDo: "Try the call by hand, and look at the side that refuses it: it may verify another value.",
  },
  unread: {
    short: "not read for long",
    means: "A secret could not be read from its source for longer than the policy's unseenAfter.",
    toDo: "See its detail: permissions, name, key.",
  },
  unseen: {
    short: "not seen for long",
    means:
      "An environment gave no sound answer for longer than unseenAfter. That says nothing of its values.",
    toDo: "See whether the host is up and the health URL is right.",
  },
  flapping: {
    short: "keeps changing",
    means: "It went to and fro so often that it is told of once, until it has been steady for a day.",
    toDo: "Find out what keeps changing it: a pipeline, another tool, a person, replicas that differ.",
  },
  reminder: {
    short: "still so",
    means: "What was told of goes on, and nothing new is known of it.",
    toDo: "Do what the first message asked for.",
  },
  steady: {
    short: "steady, and wrong",
    means: "What kept changing does so no more, and is wrong.",
    toDo: "See its cause and what is done about it.",
  },
  repaired: {
    short: "repaired",
    means: "It was wrong, was repaired, and was then seen to be right.",
    toDo: nothing,
  },
  resolved: {
    short: "right again",
    means: "What people were told of was seen to be right again, whoever put it right.",
    toDo: nothing,
  },
};

export const accidentTexts: Readonly<Record<Accident, string>> = {
  "trailing-newline": "a newline at its end",
  "outer-blanks": "blanks or tabs around it",
  trimmed: "the blanks around it cut off",
  "quotes-kept": "quotation marks kept as part of it",
  "quotes-lost": "its own quotation marks lost",
  "name-kept": "NAME= pasted with it",
  "export-kept": "export pasted with it",
  "bearer-kept": "Bearer pasted with it",
  "bearer-lost": "its own Bearer prefix lost",
  "percent-encoded": "percent-encoded",
  "percent-decoded": "percent-decoded",
  "base64-encoded": "base64-encoded",
  "base64-decoded": "base64-decoded",
  "backslash-escaped": "backslashes added or lost",
  "literal-newline": "its newlines lost, or as \\n in letters",
  unrendered: "a reference that nothing rendered",
  "dollar-expanded": "a part eaten by $-expansion",
  "cut-at-hash": "cut off at #",
  "cut-at-blank": "cut off at the first blank",
  "cut-at-255": "cut off after 255 characters",
  "cut-at-256": "cut off after 256 characters",
  "cut-at-1024": "cut off after 1024 characters",
  "first-line-only": "only its first line",
  "case-changed": "in another letter case",
  "byte-order-mark": "a byte-order mark added or lost",
  "unicode-normalised": "in another Unicode form",
  placeholder: "a placeholder that was never replaced",
};

/** Every table by the place where a report uses its words. */
export const explanationTables: Readonly<Record<string, Readonly<Record<string, Explanation>>>> = {
  verdict: verdictTexts,
  stored: storedTexts,
  because: silenceTexts,
  refusal: refusalTexts,
  cause: causeTexts,
  truth: truthTexts,
  remedy: remedyTexts,
  note: noteTexts,
  withheld: reasonTexts,
  heal: healTexts,
  news: newsTexts,
  error: errorTexts,
  accident: Object.fromEntries(
    Object.entries(accidentTexts).map(([id, short]) => [
      id,
      {
        short,
        means: `The process holds a known version with this accident: ${short}.`,
        toDo: "A repair sets the value right. Tell who set it how it came about.",
      },
    ]),
  ),
};

/** All explanations of a word; several tables may know it. */
export function explain(word: string): readonly { readonly table: string; readonly text: Explanation }[] {
  return Object.entries(explanationTables).flatMap(([table, texts]) => {
    const text = Object.hasOwn(texts, word) ? texts[word] : undefined;
    return text === undefined ? [] : [{ table, text }];
  });
}
