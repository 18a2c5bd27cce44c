import { stripVTControlCharacters } from "node:util";
import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { renderReport } from "../../functions/command-line/report-text.ts";
import type { Report } from "../../functions/core/report.ts";
import { afterHeal, allWell, hostile, incident, storedOnly, twoHundred } from "./reports.ts";

const plain = { columns: 80, colour: false };

function golden(name: string): string {
  return new URL(`golden/${name}.txt`, import.meta.url).pathname;
}

/** Commands and keys stay whole, so that they can be copied. */
function isForCopying(line: string): boolean {
  return /^ +(?:aws|tallystick|publicKeys)/.test(line);
}

/** A fleet of so many environments like those of a report, each with a name of its own. */
function enlarged(report: Report, environments: number): Report {
  const { length } = report.environments;
  const copies = Array.from({ length: environments }, (_, index) =>
    report.environments
      .slice(index % length, (index % length) + 1)
      .map((one) => ({ ...one, name: `env-${index}` })),
  );
  return { ...report, environments: copies.flat() };
}

const reports = { allWell, incident, afterHeal, storedOnly, twoHundred, hostile };

describe("a report for people", () => {
  it.each([
    ["all-well", allWell],
    ["incident", incident],
    ["after-heal", afterHeal],
    ["stored-only", storedOnly],
    ["two-hundred-environments", twoHundred],
    ["hostile-names", hostile],
  ])("tells %s in 80 columns", async (name, report) => {
    await expect(renderReport(report, plain)).toMatchFileSnapshot(golden(name));
  });

  it("tells the incident in colour", async () => {
    const text = renderReport(incident, { columns: 100, colour: true });

    await expect(text.replaceAll("\u001b", "␛")).toMatchFileSnapshot(golden("incident-coloured"));
  });

  it.each(Object.entries(reports))("says of %s the same with colours and without", (_name, report) => {
    const coloured = renderReport(report, { ...plain, colour: true });

    expect(stripVTControlCharacters(coloured)).toBe(renderReport(report, plain));
  });

  it.each(Object.entries(reports))("keeps %s within 80 columns, but for what is copied", (_name, report) => {
    const lines = renderReport(report, plain).split("\n");

    expect(lines.filter((line) => stringWidth(line) > 80 && !isForCopying(line))).toEqual([]);
  });

  it("lets no name write on the terminal", () => {
    expect(renderReport(hostile, plain)).not.toMatch(/[^\n\P{C}]/u);
  });

  it("does not change the report that it renders", () => {
    const before = structuredClone(hostile);

    renderReport(hostile, plain);

    expect(hostile).toEqual(before);
  });

  it("lists what is wrong among 1,000 environments, and counts the rest", () => {
    const report = enlarged(twoHundred, 1_000);

    const text = renderReport(report, plain);

    expect(text.match(/✗ old version/g)).toHaveLength(15);
    expect(text).toContain("985 more environments in sync");
    expect(text.split("\n").length).toBeLessThan(60);
  });

  it("stays short where nothing of 1,000 environments was seen", () => {
    const text = renderReport(enlarged(storedOnly, 1_000), plain);

    expect(text).toContain("1000 environments not wholly seen");
    expect(text.split("\n").length).toBeLessThan(120);
  });

  it("puts secrets that do not fit side by side below each other", () => {
    const wide: Report = {
      ...allWell,
      secrets: Array.from({ length: 6 }, (_, index) => ({
        name: `SECRET_NUMBER_${index}_OF_THE_FLEET`,
        truth: "valid" as const,
      })),
    };

    const heads = renderReport(wide, plain).match(/^Source .*/gm);

    expect(heads).toHaveLength(3);
  });
});
