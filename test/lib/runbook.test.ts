import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { alarmSlugs } from "../../lib/alarm-slugs.ts";

const runbook = readFileSync("RUNBOOK.md", "utf8");

/** The text under each `## heading`, without what stands in fenced blocks. */
function sectionsOf(text: string): ReadonlyMap<string, string> {
  const [, ...parts] = text.replaceAll(/^```[\s\S]*?^```/gm, "").split(/^## /m);
  return new Map(parts.map((part) => [part.split("\n", 1)[0]?.trim() ?? "", part]));
}

const sections = sectionsOf(runbook);

describe("the runbook", () => {
  it("has a section for each alarm, and an alarm for each section", () => {
    expect([...sections.keys()].toSorted()).toEqual([...alarmSlugs].toSorted());
  });

  it.each(alarmSlugs)("says of %s what it means, how to find out more, and what to do", (slug) => {
    const section = sections.get(slug) ?? "";
    const places = ["Description", "Investigation", "Resolution"].map((part) => section.indexOf(part));
    expect(places.every((place) => place > 0)).toBe(true);
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    expect(section.length).toBeGreaterThan(200);
  });
});
