import { Act } from "./act.ts";
import { countLeaks } from "./leak-search.ts";
import type { Narrator } from "./narrator.ts";
import type { Scenario } from "./scenarios/scenario.ts";
import { Stage } from "./stage.ts";

/** 128 and the number of SIGINT, as shells have it. */
const exitCodeOfInterrupt = 130;

/** Plays one scenario from an empty stage to an empty stage; gives the exit code: 1 where a promise was broken. */
export async function show(scenario: Scenario, narrator: Narrator): Promise<number> {
  narrator.print(`${narrator.colours.bold(scenario.name)}: ${scenario.story}`);
  narrator.progress("starting AWS and Railway stand-ins, three services, and the check function");
  const stage = await Stage.open(scenario.stage);
  const interrupted = () => void stage.close().finally(() => process.exit(exitCodeOfInterrupt));
  process.once("SIGINT", interrupted);
  try {
    const act = new Act(stage, narrator);
    await scenario.play(act);
    act.promise(
      "no value appears in anything that was printed, logged, mailed, remembered or recorded",
      countLeaks(await everythingSaid(stage, narrator), stage.values) === 0,
    );
    return conclude(act);
  } finally {
    process.off("SIGINT", interrupted);
    await stage.close();
  }
}

/** All that left the run by any way but the one to the place that must hold it. */
async function everythingSaid(stage: Stage, narrator: Narrator): Promise<string> {
  return [
    ...narrator.told,
    ...stage.lambdas.flatMap(({ log }) => log),
    await stage.table.text(),
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
