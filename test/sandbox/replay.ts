/** `npm start`: replays a scenario on this machine with the real handler. Exit 1 where a promise is not kept. */
import { parseArgs } from "node:util";
import { wantsColour } from "../../functions/command-line/terminal.ts";
import { Narrator } from "./narrator.ts";
import { scenarioNamed, scenarios } from "./scenarios/catalogue.ts";
import { show } from "./show.ts";

const usage = "usage: npm start -- [--list] [--scenario NAME] [--page]";

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      list: { type: "boolean" },
      scenario: { type: "string", default: "incident" },
      page: { type: "boolean", default: false },
    },
  });
  const narrator = new Narrator({
    output: process.stdout,
    colour: wantsColour(process.stdout, process.env),
  });
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
  return await show(scenario, narrator, { livePage: values.page });
}

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : "the replay failed"}\n${usage}\n`);
  return 1;
});
