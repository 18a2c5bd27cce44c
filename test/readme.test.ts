import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { readFleetFile } from "../functions/adapters/fleet-file.ts";
import { settings } from "../functions/contract.ts";
import { accidentIds } from "../functions/core/accidents.ts";
import { fleetJsonSchema } from "../functions/core/fleet.ts";
import { exitCodeOfMistake, exitCodes } from "../functions/core/report.ts";
import { scenarios } from "./sandbox/scenarios/catalogue.ts";

const readme = await readFile("README.md", "utf8");

function blocks(language: string): string[] {
  const fence = new RegExp(`^ *\`\`\`${language}\\n([\\s\\S]*?)^ *\`\`\``, "gm");
  return [...readme.matchAll(fence)].map(([, block = ""]) => block);
}

describe("README", () => {
  it("links to files that are there", () => {
    const links = [...readme.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, target = ""]) => target);

    expect(links.length).toBeGreaterThan(5);
    expect(links.filter((target) => !existsSync(target))).toEqual([]);
  });

  it("names scripts that are there", async () => {
    const { scripts }: { scripts: Record<string, string> } = JSON.parse(
      await readFile("package.json", "utf8"),
    );
    const named = [...readme.matchAll(/npm run (?:--silent )?([a-z-]+)/g)].map(([, name = ""]) => name);

    expect(named.length).toBeGreaterThan(3);
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  it("shows a fleet file that is valid", () => {
    const [block = ""] = blocks("yaml");

    expect(readFleetFile(block.replaceAll(/^ {3}/gm, ""), "README.md")).toMatchObject({ kind: "fleet" });
  });

  it("shows a mail that was really sent", async () => {
    const golden = await readFile("test/messages/golden/behind-two-versions.txt", "utf8");
    const mail = blocks("text").find((block) => block.startsWith("Subject: ")) ?? "no mail is shown";

    expect(golden).toContain(mail.trimEnd());
  });

  it("counts what it counts", () => {
    expect(readme).toContain(`${accidentIds.length} accidents by name`);
    expect(readme).toContain(`${scenarios.length - 1}\nother stories`);
  });

  it("tells the exit codes as they are", () => {
    const { drifted, unknown, failed } = exitCodes;
    const told = readme.replaceAll(/\s+/g, " ");

    expect(told).toContain(
      `${exitCodes["in-sync"]} in sync · ${drifted} drifted · ${unknown} not everything was seen · ${exitCodeOfMistake} a mistake in the call or the fleet file · ${failed} the work could not be done`,
    );
  });

  it("names every setting", () => {
    expect(Object.values(settings).filter((name) => !readme.includes(name))).toEqual([]);
  });
});

describe("the files beside it", () => {
  it("hold a valid example fleet", async () => {
    const text = await readFile("fleet.example.yaml", "utf8");

    expect(readFleetFile(text, "fleet.example.yaml")).toMatchObject({ kind: "fleet" });
  });

  it("hold the fleet's schema as the code has it", async () => {
    expect(JSON.parse(await readFile("fleet.schema.json", "utf8"))).toEqual(
      JSON.parse(JSON.stringify(fleetJsonSchema())),
    );
  });

  it("name tests that are there", async () => {
    const security = await readFile("SECURITY.md", "utf8");
    const named = [...security.matchAll(/`((?:test|functions)\/[a-z0-9./-]+)`/g)].map(
      ([, path = ""]) => path,
    );

    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((path) => !existsSync(path))).toEqual([]);
  });
});
