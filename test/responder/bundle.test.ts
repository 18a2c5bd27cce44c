import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createContext, runInContext } from "node:vm";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";

import * as question from "./question.ts";

const entry = "functions/responder/index.ts";
const minifiedBytesMax = 5500;
const gzippedBytesMax = 2700;

let inputs: string[] = [];
/** As an application's bundler makes it, and as a script that needs no module loader. */
let bundleAsModule = "";
let bundle = "";

beforeAll(async () => {
  const options = {
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    target: "es2022",
  } as const;
  const module = await build({ ...options, entryPoints: [entry], format: "esm", metafile: true });
  const script = await build({ ...options, entryPoints: [entry], format: "iife", globalName: "tally" });
  inputs = Object.keys(module.metafile.inputs);
  bundleAsModule = `${module.outputFiles[0]?.text}`;
  bundle = `${script.outputFiles[0]?.text}`;
});

/** Runs in the bundle's world, where nothing of this file can be reached. */
const program = `
  const secrets = { INTERNAL_AUTH_SECRET: () => "xyz789new" };
  const responder = tally.createResponder({ environment, publicKeys: [publicKey], secrets, now: () => milliseconds });
  responder.fetch(new Request("http://localhost/health", { headers: { "Tally-Challenge": challenge } }))
    .then((response) => response.text())`;

const given = {
  environment: question.environment,
  publicKey: question.publicKey,
  challenge: question.challenge(),
  milliseconds: question.nowSeconds * 1000,
};

describe("the responder's bundle", () => {
  it("is small", async ({ annotate }) => {
    const bytes = {
      minified: Buffer.byteLength(bundleAsModule),
      gzipped: gzipSync(bundleAsModule, { level: 9 }).length,
    };
    await annotate(`${bytes.minified} bytes minified, ${bytes.gzipped} gzipped`);
    expect(bytes.minified).toBeLessThanOrEqual(minifiedBytesMax);
    expect(bytes.gzipped).toBeLessThanOrEqual(gzippedBytesMax);
  });

  it("is made of the responder and the protocol, and imports nothing else", () => {
    expect(inputs.length).toBeGreaterThan(5);
    expect(inputs.filter((path) => !/^functions\/(responder|protocol)\/[a-z0-9-]+\.ts$/.test(path))).toEqual(
      [],
    );
    expect(inputs.filter((path) => /from "node:|require\(/.test(readFileSync(path, "utf8")))).toEqual([]);
  });

  it("runs where there is nothing but what the web has", async () => {
    const web = { atob, crypto, Request, Response, TextDecoder, TextEncoder };
    const context = createContext({ ...web, ...given });
    const body = await runInContext(`${bundle}${program}`, context);
    expect(question.read(body)).toMatchObject(question.sees("xyz789new") as object);
  });

  const node20 = ["/usr/bin/node", "/usr/local/bin/node"].find((path) => {
    return spawnSync(path, ["--version"], { encoding: "utf8" }).stdout?.startsWith("v20.");
  });

  it("runs in Node 20", ({ skip }) => {
    if (!node20) return skip("there is no Node 20 at /usr/bin/node or /usr/local/bin/node");
    const script = `Object.assign(globalThis, ${JSON.stringify(given)});${bundle}${program}.then(console.log)`;
    const { stdout } = spawnSync(node20, ["-"], { input: script, encoding: "utf8" });
    expect(question.read(stdout)).toMatchObject(question.sees("xyz789new") as object);
  });
});
