import { constants } from "node:fs";
import { access, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { type PageContent, renderPage } from "../page/page.ts";
import { mistake } from "./failure.ts";

/**
 * Whether a page can be written to a place, before anything is done for it; nothing is left there yet.
 * @throws TallystickError `call-invalid`
 */
export async function requireWritable(path: string): Promise<void> {
  const isDirectory = await stat(path).then(
    (found) => found.isDirectory(),
    () => undefined,
  );
  if (isDirectory === true) throw unwritable(path, "it is a directory");
  const place = isDirectory === undefined ? dirname(path) : path;
  await access(place, constants.W_OK).catch((error: unknown) => {
    throw unwritable(path, codeOf(error));
  });
  const parent = await stat(dirname(path));
  if (!parent.isDirectory()) throw unwritable(path, `${dirname(path)} is no directory`);
}

/** @throws TallystickError `call-invalid` where the place is not writable any more */
export async function writePage(path: string, content: PageContent): Promise<void> {
  await writeFile(path, renderPage(content)).catch((error: unknown) => {
    throw unwritable(path, codeOf(error));
  });
}

function unwritable(path: string, why: string) {
  return mistake(
    `--html: the page cannot be written to ${path} (${why}); name a file in a directory that is there and that you may write to`,
  );
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown error";
}
