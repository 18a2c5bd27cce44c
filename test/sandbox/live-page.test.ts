import { describe, expect, it, onTestFinished } from "vitest";
import { incident } from "../command-line/reports.ts";
import { LivePage } from "./live-page.ts";
import { PageStory } from "./page-story.ts";

async function open() {
  const story = new PageStory();
  const page = await LivePage.open(story);
  const look = async () => (await fetch(page.url)).text();
  return { story, page, look };
}

const refresh = '<meta http-equiv="refresh"';

describe("the live page of a scenario", () => {
  it("is served on this machine alone, and loads itself anew without a script", async () => {
    const { story, page, look } = await open();
    onTestFinished(() => page.close());
    const before = await look();
    await story.note(incident);

    expect(page.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    expect(before).toContain("The first check is under way");
    expect(await look()).toContain(incident.run.id);
    expect(before.includes(refresh) && (await look()).includes(refresh)).toBe(true);
  });

  it("ends at once where nobody looks", async () => {
    const { page } = await open();

    await page.close();

    await expect(fetch(page.url)).rejects.toThrow();
  });

  it("leaves who looks with a last page that stays", async () => {
    const { story, page, look } = await open();
    await story.note(incident);
    await look();

    const [last] = await Promise.all([look(), page.close()]);
    const after = fetch(page.url);

    expect(last).toContain(incident.run.id);
    await expect(after).rejects.toThrow();
  });

  it("keeps what every check before has shown", async () => {
    const story = new PageStory();
    await story.note({ ...incident, run: { ...incident.run, startedAt: new Date(0).toISOString() } });
    await story.note(incident);

    expect(story.shown).toHaveLength(2);
  });
});
