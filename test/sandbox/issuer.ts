import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";

/** The tokens that the gateway's issuer stands by, kept as hashes in a file that a gateway reads at every call. */
function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

function read(file: string): readonly string[] {
  const hashes: unknown = JSON.parse(readFileSync(file, "utf8"));
  return Array.isArray(hashes) ? hashes.filter((hash) => typeof hash === "string") : [];
}

export function isIssued(file: string, token: string): boolean {
  return read(file).includes(hashOf(token));
}

/** From now on the issuer stands by these tokens and no others. */
export function issueOnly(file: string, tokens: readonly string[]): void {
  writeFileSync(file, JSON.stringify(tokens.map(hashOf)));
}
