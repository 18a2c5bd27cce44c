/**
 * `npm run pictures`: plays the incident and photographs what it shows, for README. Needs a Chromium and pngquant
 * (Debian: chromium, pngquant), and looks best where the fonts Inter and JetBrains Mono are.
 */
import { execFile } from "node:child_process";
import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { Writable } from "node:stream";
import { promisify } from "node:util";
import type { Browser } from "playwright-core";
import { renderReport } from "../../functions/command-line/report-text.ts";
import { type PageContent, renderPage } from "../../functions/page/page.ts";
import { chromiumPath, launchBrowser } from "../browser/browser.ts";
import { Act } from "../sandbox/act.ts";
import { countLeaks } from "../sandbox/leak-search.ts";
import { Narrator } from "../sandbox/narrator.ts";
import { incident } from "../sandbox/scenarios/incident.ts";
import { Stage } from "../sandbox/stage.ts";
import { terminalPage } from "./terminal-page.ts";

const run = promisify(execFile);
const folder = "pictures";
const bytesMax = 150_000;

/** What the first check after the break shows, and the last one. */
async function playIncident(): Promise<{ readonly first: PageContent; readonly last: PageContent }> {
  const narrator = new Narrator({
    output: Object.assign(new Writable({ write: (_chunk, _encoding, done) => done() }), { isTTY: false }),
    colour: false,
  });
  const stage = await Stage.open();
  try {
    const act = new Act(stage, narrator);
    await incident.play(act);
    const { contents } = act.pages;
    const first = contents.find(({ report }) => report.status === "drifted");
    const last = contents.at(-1);
    if (first === undefined || last === undefined) throw new Error("the incident showed nothing");
    if (countLeaks(act.pages.shown.join("\n"), stage.values) > 0) throw new Error("a page holds a value");
    return { first, last };
  } finally {
    await stage.close();
  }
}

interface Shot {
  readonly name: string;
  readonly markup: string;
  readonly scheme: "light" | "dark";
  readonly width: number;
  /** @default the whole page */
  readonly heightMax?: number;
  readonly scale: number;
}

async function take(
  browser: Browser,
  { name, markup, scheme, width, heightMax, scale }: Shot,
): Promise<void> {
  const page = await browser.newPage({
    ...{ viewport: { width, height: 600 }, colorScheme: scheme, deviceScaleFactor: scale },
  });
  await page.setContent(markup);
  const box = await page.locator("body").boundingBox();
  if (box === null) throw new Error(`${name} shows nothing`);
  const size = {
    width: Math.ceil(box.width),
    height: Math.min(Math.ceil(box.height), heightMax ?? Number.POSITIVE_INFINITY),
  };
  await page.setViewportSize(size);
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path, clip: { x: 0, y: 0, ...size } });
  await page.close();
  await run("pngquant", ["--speed", "1", "--strip", "--force", "--output", path, "--", path]);
  const { size: bytes } = await stat(path);
  process.stdout.write(`${path}  ${size.width} x ${size.height}  ${Math.ceil(bytes / 1_000)} KB\n`);
  if (bytes > bytesMax) throw new Error(`${path} has ${bytes} bytes; ${bytesMax} are allowed`);
}

async function main(path: string): Promise<void> {
  const { first, last } = await playIncident();
  await mkdir(folder, { recursive: true });
  const browser = await launchBrowser(path);
  try {
    const whole = { width: 1_000, scale: 1 };
    const phone = { width: 360, heightMax: 780, scale: 1.5 };
    const terminal = terminalPage(renderReport(first.report, { columns: 96, colour: true }));
    await take(browser, { name: "terminal", markup: terminal, scheme: "dark", width: 1_000, scale: 1 });
    for (const scheme of ["light", "dark"] as const) {
      await take(browser, { ...whole, name: `page-${scheme}`, markup: renderPage(first), scheme });
      await take(browser, { ...phone, name: `phone-${scheme}`, markup: renderPage(first), scheme });
      await take(browser, { ...whole, name: `after-${scheme}`, markup: renderPage(last), scheme });
    }
  } finally {
    await browser.close();
  }
}

if (chromiumPath === undefined) throw new Error("no Chromium is found; name one in CHROMIUM_PATH");
await main(chromiumPath);
