import { renderReport } from "../../functions/command-line/report-text.ts";
import type { CapabilityReport, HolderReport, Report } from "../../functions/core/report.ts";
import type { Lambda } from "./lambda.ts";
import type { Narrator } from "./narrator.ts";
import { PageStory } from "./page-story.ts";
import type { Stage } from "./stage.ts";
import type { SecretName } from "./stage-fleet.ts";

/** Something that a scenario promises, and whether the run kept it. */
export interface Promised {
  readonly claim: string;
  readonly kept: boolean;
}

/** How long something took, in milliseconds, and whose time it was. */
export interface Timing {
  readonly what: string;
  readonly whose: "tool" | "person";
  readonly durationMs: number;
}

const mutations: ReadonlySet<string> = new Set([
  "variableUpsert",
  "variableCollectionUpsert",
  "variableDelete",
  "serviceInstanceRedeploy",
  "serviceInstanceDeployV2",
  "deploymentRedeploy",
  "deploymentRestart",
  "deploymentRollback",
]);

/** What a scenario is written in: people who act, a tool that checks, promises that the run has to keep. */
export class Act {
  readonly stage: Stage;
  readonly narrator: Narrator;
  readonly promised: Promised[] = [];
  readonly timings: Timing[] = [];
  /** What the page showed after each check. */
  readonly pages = new PageStory();
  /** What is told last of all, after the promises. */
  epilogue: string | undefined;
  #mailsShown = 0;

  constructor(stage: Stage, narrator: Narrator) {
    this.stage = stage;
    this.narrator = narrator;
  }

  /** A person does something; whoever watches is told that it is played. */
  async person(text: string, does: () => unknown): Promise<void> {
    this.narrator.person(text);
    const startedAtMs = performance.now();
    await does();
    this.timings.push({ what: text, whose: "person", durationMs: performance.now() - startedAtMs });
  }

  /** One invocation of the handler, told as it goes, and its report as the command line shows it. */
  async check(title: string, event: object): Promise<Report> {
    this.narrator.title(title);
    this.stage.lambda.onLine = (line) => this.#tellStep(line);
    const startedAtMs = performance.now();
    const report = await this.stage.check(event);
    this.timings.push({ what: title, whose: "tool", durationMs: performance.now() - startedAtMs });
    await this.pages.note(report);
    this.narrator.print(
      renderReport(report, { columns: this.narrator.columns, colour: this.narrator.colour }),
    );
    return report;
  }

  /** A look that may not repair: `{"mode":"observe"}`. */
  look(title = "The check looks"): Promise<Report> {
    return this.check(title, { mode: "observe" });
  }

  /** What the schedule does: `{}`. */
  tick(title = "The schedule's check repairs"): Promise<Report> {
    return this.check(title, {});
  }

  /** Delivers the oldest label event that Secrets Manager sent, as EventBridge would. */
  async label(title: string): Promise<Report> {
    const event = this.stage.labelEvents.shift();
    if (event === undefined) throw new Error("Secrets Manager sent no label event");
    return this.check(title, event);
  }

  /** Two processes of the function are started at the same moment; only what each came to is shown. */
  async ticksAtOnce(title: string, lambdas: readonly Lambda[]): Promise<readonly Report[]> {
    this.narrator.title(title);
    const reports = await Promise.all(lambdas.map((lambda) => this.stage.check({}, lambda)));
    for (const [index, report] of reports.entries()) {
      const heals = healStatuses(report);
      this.narrator.print(`  process ${index + 1}  ${report.status.padEnd(8)}  ${heals}`.trimEnd());
    }
    return reports;
  }

  /** One invocation whose process is killed as soon as its repair has come to a step of these words. */
  async tickKilledAt(words: string, lambda: Lambda): Promise<void> {
    const { colours } = this.narrator;
    this.narrator.title("The schedule's check repairs, and its process is killed");
    lambda.onLine = (line) => {
      this.#tellStep(line);
      if (stepIn(line)?.text.startsWith(words)) void lambda.stop();
    };
    const answer = await lambda.invoke({});
    const isDead = answer.kind === "failed" && answer.error.name === "Exited";
    this.narrator.print(
      `  ${colours.red("kill -9")}: ${isDead ? "the process is gone" : "it came too late"}`,
    );
    this.promise("the process died in the middle of its repair", isDead);
  }

  promise(claim: string, kept: boolean): void {
    this.promised.push({ claim, kept });
  }

  /** What SNS has delivered since the last time, as a person reads it. */
  showMails(): void {
    const mails = this.stage.mails();
    for (const { subject, body } of mails.slice(this.#mailsShown)) {
      const { bold, dim } = this.narrator.colours;
      this.narrator.title("What SNS delivered");
      this.narrator.print(`${dim("Subject:")} ${bold(subject ?? "")}`);
      this.narrator.print(
        body
          .trimEnd()
          .split("\n")
          .map((line) => `${dim("│")} ${line}`)
          .join("\n"),
      );
    }
    this.#mailsShown = mails.length;
  }

  /** How often Railway was told to change something. */
  mutations(): number {
    return this.stage.railway.calls.filter(({ operation }) => mutations.has(operation)).length;
  }

  /** How often Railway was told to start something. */
  pushes(): number {
    return this.stage.railway.calls.filter(({ operation }) => operation === "deploymentRedeploy").length;
  }

  #tellStep(line: string): void {
    const step = stepIn(line);
    if (step !== undefined) this.narrator.progress(`${step.environments}: ${step.text}`);
  }
}

/** The step of a repair that a line of the log tells. */
function stepIn(line: string): { readonly environments: string; readonly text: string } | undefined {
  if (!line.startsWith("{") || !line.includes('"heal step"')) return undefined;
  const { environments = [], step = "" }: { environments?: string[]; step?: string } = JSON.parse(line);
  return { environments: environments.join(", "), text: step };
}

/** One holder of a report. @throws Error where the report has none */
export function holderOf(report: Report, environment: string, secret: SecretName): HolderReport {
  const found = report.environments
    .find(({ name }) => name === environment)
    ?.secrets.find(({ name }) => name === secret);
  if (found === undefined) throw new Error(`the report says nothing of ${secret} on ${environment}`);
  return found;
}

export function capabilityOf(report: Report, name: string): CapabilityReport["status"] | undefined {
  return report.environments
    .flatMap(({ capabilities }) => capabilities)
    .find((capability) => capability.name === name)?.status;
}

export function healStatuses(report: Report): string {
  return report.heals.map(({ environment, status }) => `${environment} ${status}`).join(", ");
}
