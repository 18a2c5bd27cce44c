import { fork } from "node:child_process";
import { createHmac, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pMap from "p-map";
import { Agent } from "undici";
import { limits } from "../../functions/core/limits.ts";
import { Secret } from "../../functions/protocol/secret.ts";
import { type SigningKey, signingKeyFromSeed } from "../../functions/protocol/signing-key.ts";
import { bundle } from "./bundle.ts";
import { type BenchFleet, prepareCheck } from "./healthy-check.ts";
import { median } from "./median.ts";

const environmentCount = 1_000;
const pairs = 15;
const warmups = 3;
const seed = randomBytes(32).toString("base64url");
const values = {
  FIRST: randomBytes(32).toString("base64url"),
  SECOND: randomBytes(32).toString("base64url"),
};

export interface FleetBench {
  readonly environments: number;
  readonly pairs: number;
  readonly checkMs: number;
  readonly floorMs: number;
  readonly plainGetsMs: number;
  /** Medians of the ratios pair by pair. */
  readonly checkToFloor: number;
  readonly checkToPlainGets: number;
  readonly memoryMbMax: number;
}

/** Times whole checks of a healthy fleet against the floor, in turn, so that a slow moment meets both. */
export async function benchFleet(): Promise<FleetBench> {
  const servers = fork(fileURLToPath(new URL("./health-servers-process.ts", import.meta.url)), [], {
    env: { ...process.env, BENCH_VALUES: JSON.stringify(values) },
  });
  const ports = await new Promise<number[]>((resolve) =>
    servers.once("message", (message) => resolve(message as number[])),
  );
  const urls = Array.from(
    { length: environmentCount },
    (_, index) => `http://127.0.0.1:${ports[index % ports.length]}/environment-${index}`,
  );
  try {
    return await race(urls);
  } finally {
    servers.kill();
  }
}

async function race(urls: readonly string[]): Promise<FleetBench> {
  const key = signingKeyFromSeed(new Secret(seed));
  const runs = {
    check: prepareCheck({ urls, seed, values }),
    floor: () => floor(urls, key),
    plainGets: () => plainGets(urls),
  };
  const times: Record<keyof typeof runs, number[]> = { check: [], floor: [], plainGets: [] };
  for (let round = -warmups; round < pairs; round += 1) {
    for (const name of ["check", "floor", "plainGets"] as const) {
      const durationMs = await timed(runs[name]);
      if (round >= 0) times[name].push(durationMs);
    }
  }
  const ratios = (to: number[]): number =>
    median(times.check.map((durationMs, index) => durationMs / (to[index] ?? Number.NaN)));
  return {
    environments: urls.length,
    pairs,
    checkMs: median(times.check),
    floorMs: median(times.floor),
    plainGetsMs: median(times.plainGets),
    checkToFloor: ratios(times.floor),
    checkToPlainGets: ratios(times.plainGets),
    memoryMbMax: await memoryOfChecker({ urls, seed, values }),
  };
}

/** The most memory that a process of its own held which did nothing but a few checks, bundled as it is deployed. */
async function memoryOfChecker(fleet: BenchFleet): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "tallystick-bench-"));
  const { file } = await bundle("test/bench/checker-process.ts", join(folder, "checker.mjs"));
  const checker = fork(file);
  try {
    checker.send(fleet);
    const [maxRssKb] = await once(checker, "message");
    return Number(maxRssKb) / 1_024;
  } finally {
    checker.kill();
    await rm(folder, { recursive: true, force: true });
  }
}

async function timed(run: () => Promise<void>): Promise<number> {
  const startedAtMs = performance.now();
  await run();
  return performance.now() - startedAtMs;
}

/** One request, one Ed25519 signature and one HMAC a secret for each environment, and nothing else. */
async function floor(urls: readonly string[], key: SigningKey): Promise<void> {
  const agent = new Agent();
  await pMap(
    urls,
    async (url, index) => {
      const nonce = randomBytes(16).toString("base64url");
      const challenge = handmadeChallenge(key, `environment-${index}`, nonce);
      const { body } = await agent.request({
        origin: new URL(url).origin,
        path: new URL(url).pathname,
        method: "GET",
        headers: { "tally-challenge": challenge },
      });
      await body.text();
      for (const [name, value] of Object.entries(values)) {
        createHmac("sha256", value).update(`tally/v1\nenvironment-${index}\n${name}\n${nonce}`).digest("hex");
      }
    },
    { concurrency: limits.environmentsAtOnceMax },
  );
  await agent.destroy();
}

function handmadeChallenge(key: SigningKey, environment: string, nonce: string): string {
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString("base64url");
  const header = encode({ alg: "EdDSA", typ: "tally-challenge+jwt", kid: key.kid });
  const claims = encode({ iss: "tallystick", aud: environment, iat: 1, exp: 61, jti: nonce });
  return `${header}.${claims}.${Buffer.from(key.sign(Buffer.from(`${header}.${claims}`))).toString("base64url")}`;
}

async function plainGets(urls: readonly string[]): Promise<void> {
  const agent = new Agent();
  await pMap(
    urls,
    async (url) => {
      const { body } = await agent.request({
        origin: new URL(url).origin,
        path: new URL(url).pathname,
        method: "GET",
      });
      await body.text();
    },
    { concurrency: limits.environmentsAtOnceMax },
  );
  await agent.destroy();
}
