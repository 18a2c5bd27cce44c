import { createInProcessMemory } from "../../functions/adapters/in-process-memory.ts";
import type { Report } from "../../functions/core/report.ts";
import { rememberReport } from "../../functions/heal/last-report.ts";
import { rememberRun } from "../../functions/heal/recall.ts";
import { type PageContent, renderPage } from "../../functions/page/page.ts";
import { lastContent } from "../../functions/widget/last-content.ts";

/** The page as it stands after each check, with the checks before in its timeline. */
export class PageStory {
  /** All that was ever to be seen, so that it can be searched for leaks. */
  readonly shown: string[] = [];
  /** What each of them shows. */
  readonly contents: PageContent[] = [];
  readonly #memory = createInProcessMemory();

  async note(report: Report): Promise<void> {
    const world = { memory: this.#memory };
    await rememberRun(world, report);
    await rememberReport(world, report, {});
    const content = await lastContent(this.#memory, Date.now());
    if (content === undefined) return;
    this.contents.push(content);
    this.shown.push(renderPage(content));
  }
}
