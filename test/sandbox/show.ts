import { Act } from "./act.ts";
import { countLeaks } from "./leak-search.ts";
import { LivePage } from "./live-page.ts";
import type { Narrator } from "./narrator.ts";
import type { Scenario } from "./scenarios/scenario.ts";
import { Stage } from "./stage.ts";

/** 128 and the number of SIGINT, as shells have it. */
const exitCodeOfInterrupt = 130;

export interface ShowOptions {
  /** Whether the page is served while the scenario is played. */
  readonly livePage?: boolean;
}

/** Plays one scenario from an empty stage to an empty stage; gives the exit code: 1 where a promise was broken. */
export async function show(
  scenario: Scenario,
  narrator: Narrator,
  { livePage = false }: ShowOptions = {},
): Promise<number> {
  narrator.print(`${narrator.colours.bold(scenario.name)}: ${scenario.story}`);
  narrator.progress("starting AWS and Railway stand-ins, three services, and the check function");
  const stage = await Stage.open(scenario.stage);
  const interrupted = () => void stage.close().finally(() => process.exit(exitCodeOfInterrupt));
  process.once("SIGINT", interrupted);
  const act = new Act(stage, narrator);
  const page = livePage ? await LivePage.open(act.pages) : undefined;
  try {
    if (page !== undefined) narrator.print(`The page, live while this is played: ${page.url}`);
    await scenario.play(act);
    act.promise(
      "no value appears in anything that was printed, shown, logged, mailed, remembered or recorded",
      countLeaks(await everythingSaid(act), stage.values) === 0,
    );
    return conclude(act);
  } finally {
    await page?.close();
    process.off("SIGINT", interrupted);
    await stage.close();
  }
}

/** All that left the run by any way but the one to the place that must hold it. */
async function everythingSaid({ stage, narrator, pages }: Act): Promise<string> {
  return [
    ...pages.shown,
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
