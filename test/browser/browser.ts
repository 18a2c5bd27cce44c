import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const macPlaces = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** Where this machine has a Chromium: what CHROMIUM_PATH names, or the first that is found. */
export const chromiumPath: string | undefined = [
  process.env["CHROMIUM_PATH"] ?? "",
  ...(process.env["PATH"] ?? "")
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name))),
  ...macPlaces,
].find((path) => path !== "" && existsSync(path));

/** Starts it without a window. Its own sandbox does not run as root; what is opened here is our own. */
export function launchBrowser(executablePath: string): Promise<Browser> {
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({
    executablePath,
    args: [...(isRoot ? ["--no-sandbox"] : []), "--disable-lcd-text", "--font-render-hinting=none"],
  });
}
