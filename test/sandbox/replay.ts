/** `npm start`: replays a scenario on this machine with the real handler. Exit 1 where a promise is not kept. */
import { parseArgs } from "node:util";
import colours from "picocolors";
import { Act } from "./act.ts";
import { countLeaks } from "./leak-search.ts";
import { Narrator } from "./narrator.ts";
import { scenarioNamed, scenarios } from "./scenarios/catalogue.ts";
import type { Scenario } from "./scenarios/scenario.ts";
import { Stage } from "./stage.ts";

const usage = "usage: npm start -- [--list] [--scenario NAME]";

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { list: { type: "boolean" }, scenario: { type: "string", default: "incident" } },
  });
  const narrator = new Narrator({ output: process.stdout, colour: colours.isColorSupported });
  if (values.list === true) {
    const width = Math.max(...scenarios.map(({ name }) => name.length));
    for (const { name, story } of scenarios) narrator.print(`${name.padEnd(width)}  ${story}`);
    return 0;
  }
  const scenario = scenarioNamed(values.scenario);
  if (scenario === undefined) {
    process.stderr.write(`there is no scenario of that name; --list shows them\n${usage}\n`);
    return 3;
  }
  return await perform(scenario, narrator);
}

async function perform(scenario: Scenario, narrator: Narrator): Promise<number> {
  narrator.print(`${narrator.colours.bold(scenario.name)}: ${scenario.story}`);
  narrator.progress("starting AWS and Railway stand-ins, three services, and the check function");
  const stage = await Stage.open(scenario.stage);
  const close = () => stage.close();
  process.once("SIGINT", () => void close().finally(() => process.exit(130)));
  try {
    const act = new Act(stage, narrator);
    await scenario.play(act);
    act.promise(
      "no value appears in anything that was printed, logged, mailed or recorded",
      countLeaks(everythingSaid(stage, narrator), stage.values) === 0,
    );
    return conclude(act);
  } finally {
    await close();
  }
}

/** All that left the run by any way but the one to the place that must hold it. */
function everythingSaid(stage: Stage, narrator: Narrator): string {
  return [
    ...narrator.told,
    ...stage.lambda.log,
    JSON.stringify(stage.mails()),
    JSON.stringify(stage.railway.calls),
    JSON.stringify(stage.aws.requests),
    JSON.stringify(stage.labelEvents),
  ].join("\n");
}

function conclude({ narrator, promised, epilogue }: Act): number {
  narrator.title("What this scenario promised");
  for (const { claim, kept } of promised) narrator.promise(claim, kept);
  const broken = promised.filter(({ kept }) => !kept).length;
  const sum =
    broken === 0
      ? `All ${promised.length} promises were kept.`
      : `${broken} of ${promised.length} promises were broken.`;
  narrator.print(`  ${sum}`);
  if (epilogue !== undefined) {
    narrator.title("Before and after");
    narrator.print(epilogue);
  }
  return broken === 0 ? 0 : 1;
}

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : "the replay failed"}\n${usage}\n`);
  return 1;
});
