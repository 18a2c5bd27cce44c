import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Report } from "../../functions/core/report.ts";
import { renderFragment, renderNotice, renderPage, type Theme } from "../../functions/page/page.ts";
import { afterHeal, allWell, hostile, incident, storedOnly, twoHundred } from "../command-line/reports.ts";
import { threeDays } from "../page/runs.ts";
import { chromiumPath, launchBrowser } from "./browser.ts";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const phone = { width: 360, height: 780 };
const desk = { width: 1_120, height: 800 };

const nasty = `<img src=x onerror="window.owned=1">${"A".repeat(10_000)}\u202e</td>`;
const endless: Report = JSON.parse(
  JSON.stringify(incident).replaceAll("railway-production", JSON.stringify(nasty).slice(1, -1)),
);
const reports = { allWell, incident, afterHeal, storedOnly, twoHundred, hostile, endless };

const pageOf = (report: Report) => renderPage({ report, runs: threeDays });
/** A dashboard puts the widget into a page of its own. */
const dashboardOf = (fragment: string, theme: Theme) =>
  `<!doctype html><html lang="en"><head><title>dashboard</title></head><body style="margin:0;background:${theme === "dark" ? "#000" : "#fff"}"><main>${fragment}</main></body></html>`;

if (chromiumPath === undefined) {
  process.stderr.write(
    "no Chromium on this machine: the page is not opened in a browser (CHROMIUM_PATH names one)\n",
  );
}

describe.skipIf(chromiumPath === undefined)("in a browser", () => {
  let browser: Browser | undefined;
  let page: Page;
  const requests: string[] = [];
  beforeAll(async () => {
    browser = await launchBrowser(chromiumPath ?? "");
    page = await browser.newPage();
    page.on("request", (request) => requests.push(request.url()));
  }, 60_000);
  afterAll(() => browser?.close());

  /** Opens markup, and gives what a test sees of it. */
  async function open<Seen>(
    markup: string,
    look: () => Promise<Seen>,
    { viewport = desk, scheme = "light" }: { viewport?: typeof phone; scheme?: Theme } = {},
  ): Promise<Seen> {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme: scheme });
    await page.setContent(markup);
    return look();
  }

  async function axe(): Promise<readonly string[]> {
    await page.evaluate(axeSource);
    const { violations }: AxeResults = await page.evaluate("axe.run()");
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
  }

  it.each<[name: string, scheme: Theme, report: Report, viewport: typeof phone]>([
    ["incident", "light", incident, desk],
    ["incident", "dark", incident, phone],
    ["repair", "dark", afterHeal, desk],
    ["first look", "light", storedOnly, phone],
  ])("axe finds nothing on the page of the %s, %s", async (_name, scheme, report, viewport) => {
    expect(await open(pageOf(report), axe, { scheme, viewport })).toEqual([]);
  });

  it.each(["light", "dark"] as const)("axe finds nothing in the widget, %s", async (theme) => {
    const fragment = renderFragment({ report: incident, runs: threeDays, note: "It is cut." }, theme);
    const notice = renderNotice({ title: "No check yet", text: "Wait for it." }, theme);

    expect(await open(dashboardOf(fragment + notice, theme), axe)).toEqual([]);
  });

  it("axe would find what is wrong", async () => {
    const broken = pageOf(allWell).replace("--dim:#625d54", "--dim:#ddd");

    expect((await open(broken, axe)).join("\n")).toContain("color-contrast");
  });

  const overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth";

  it.each(Object.entries(reports))("nothing of %s is wider than a phone", async (_name, report) => {
    const look = () => page.evaluate(`[${overflow}, window.owned]`);

    expect(await open(pageOf(report), look, { viewport: phone })).toEqual([0, undefined]);
  });

  it("the matrix can be read by its headers, and the timeline by its words", async () => {
    const seen = await open(pageOf(incident), async () => ({
      headings: await page.getByRole("heading", { level: 1 }).allInnerTexts(),
      columns: await page.getByRole("columnheader").allInnerTexts(),
      row: await page
        .getByRole("row", { name: /^railway-production/ })
        .getByRole("cell")
        .allInnerTexts(),
      bars: await page
        .locator(".timeline rect")
        .evaluateAll((bars) => bars.map((bar) => bar.getBoundingClientRect().width > 2)),
      spells: await page.locator(".timeline .words .spell").allInnerTexts(),
    }));

    expect(seen).toEqual({
      headings: [expect.stringContaining("OPENCLAW_GATEWAY_TOKEN is rejected")],
      columns: ["INTERNAL_AUTH_SECRET", "OPENCLAW_GATEWAY_TOKEN"],
      row: ["✗ old version (-1)", "✓ in sync"],
      bars: [true, true, true],
      spells: [
        expect.stringContaining("not set, then old version from"),
        expect.stringContaining("mangled since"),
        expect.stringContaining("old version since"),
      ],
    });
  });

  const ground = "getComputedStyle(document.querySelector('.tally')).backgroundColor";
  const paper = { light: "rgb(251, 250, 247)", dark: "rgb(28, 27, 25)" };

  it.each(["light", "dark"] as const)("the page is %s where the reader's system is", async (scheme) => {
    const look = () => page.evaluate(ground);

    expect(await open(pageOf(allWell), look, { scheme })).toBe(paper[scheme]);
  });

  it.each(["light", "dark"] as const)("the widget is %s where the dashboard is", async (theme) => {
    const fragment = renderFragment({ report: allWell, runs: [] }, theme);
    const scheme = theme === "light" ? "dark" : "light";

    expect(await open(dashboardOf(fragment, theme), () => page.evaluate(ground), { scheme })).toBe(
      paper[theme],
    );
  });

  it("the widget fits into a narrow place on a wide screen", async () => {
    const narrow = `<div style="width:400px">${renderFragment({ report: incident, runs: threeDays }, "light")}</div>`;
    const look = () => page.evaluate("document.querySelector('.tally').scrollWidth");

    expect(await open(dashboardOf(narrow, "light"), look)).toBe(400);
  });

  it("nothing of it all asks the network for anything", () => {
    expect(requests).toEqual([]);
  });
});
