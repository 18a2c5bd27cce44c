import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { issueChallenge } from "../../functions/protocol/challenge.ts";
import { Secret } from "../../functions/protocol/secret.ts";
import { signingKeyFromSeed } from "../../functions/protocol/signing-key.ts";
import { canary, tracesOf } from "../protocol/canary.ts";
import { readVectors } from "../vectors/read-vectors.ts";
import * as question from "./question.ts";

const folder = fileURLToPath(new URL("../../functions/responder/python", import.meta.url));
const driver = fileURLToPath(new URL("python-cases.py", import.meta.url));
const usable = spawnSync("python3", ["-c", "import cryptography"]).status === 0;

/** -I would hide the folder; -B writes no byte code beside the file. */
function outcomes(cases: readonly object[]): readonly unknown[] {
  const { stdout, stderr } = spawnSync("python3", ["-B", driver, folder], {
    input: JSON.stringify(cases),
    encoding: "utf8",
    maxBuffer: 2 ** 24,
  });
  if (!stdout) throw new Error(stderr);
  return JSON.parse(stdout);
}

interface ChallengeInputs {
  readonly publicKeys: readonly string[];
  readonly nonce: string;
}
const challenges = readVectors<ChallengeInputs>("challenge_test.json", "Challenge");
const fingerprints = ["Value", "Echo"].flatMap((type) =>
  readVectors<{ readonly fingerprint: string }>("fingerprint_test.json", type),
);
const publicKeys = readVectors<{ readonly publicKey: string }>("signing-key_test.json", "PublicKey");

const unmet = usable ? "" : " (skipped: python3 cannot import cryptography)";

describe.skipIf(!usable)(`the Python responder${unmet}`, () => {
  it("judges every challenge vector", () => {
    const given = outcomes(challenges.map((vector) => ({ what: "challenge", ...vector })));
    const judged = given.map((tally, index) => ({ tcId: challenges[index]?.tcId, ...(tally as object) }));
    const expected = challenges.map(({ tcId, code, nonce }) => ({
      tcId,
      ...(code ? { error: code } : { challenge: nonce }),
    }));
    expect(judged).toMatchObject(expected);
  });

  it("tells the time exactly after a valid signature", () => {
    const given = outcomes(challenges.map((vector) => ({ what: "challenge", ...vector })));
    const silent = ["challenge-malformed", "challenge-untrusted", undefined];
    given.forEach((tally, index) => {
      const { tcId, code } = challenges[index] ?? {};
      expect({ tcId, tellsTime: Object.hasOwn(tally as object, "time") }).toEqual({
        tcId,
        tellsTime: !silent.includes(code),
      });
    });
  });

  it("computes every fingerprint vector", () => {
    const expected = fingerprints.map(
      ({ fingerprint }) => fingerprint ?? { refused: "UnicodeEncodeError", message: "" },
    );
    expect(outcomes(fingerprints.map((vector) => ({ what: "fingerprint", ...vector })))).toEqual(expected);
  });

  it("takes and refuses every public key vector", () => {
    const given = outcomes(
      publicKeys.map(({ publicKey }) => ({ what: "configuration", publicKeys: [publicKey] })),
    );
    const expected = publicKeys.map(({ result }) =>
      result === "valid" ? "configured" : { refused: "ValueError" },
    );
    expect(given).toMatchObject(expected);
  });

  it("gives the answer that the checker believes", () => {
    const secrets = { INTERNAL_AUTH_SECRET: "xyz789new", OPENCLAW_GATEWAY_TOKEN: null, UNREADABLE: 1 };
    const { environment, publicKey, nowSeconds } = question;
    const header = question.challenge();
    const given = outcomes([
      {
        what: "challenge",
        environment,
        publicKeys: [publicKey],
        secrets,
        nowSeconds,
        header,
        options: { instance: "i-1" },
      },
    ]);
    expect(question.read(JSON.stringify({ tally: given[0] }))).toEqual({
      kind: "answered",
      answer: {
        environment,
        instance: "i-1",
        startedAt: "2026-11-22T10:00:00Z",
        running: new Map([
          ["INTERNAL_AUTH_SECRET", question.fingerprintOf("xyz789new")],
          ["OPENCLAW_GATEWAY_TOKEN", null],
        ]),
        stored: new Map(),
      },
    });
  });

  it("refuses a configuration with all its mistakes at once, and repeats none", () => {
    const wrong = `${canary} `;
    const options = { instance: wrong, deployment: wrong, place: { environment: wrong, service: wrong } };
    const [given] = outcomes([
      {
        what: "configuration",
        environment: wrong,
        publicKeys: [wrong],
        secrets: { [wrong]: wrong },
        options,
      },
    ]);
    const { message } = given as { message: string };
    for (const what of [
      "environment",
      "instance",
      "deployment",
      "place.service",
      "public_keys",
      "secrets: entry 1",
    ]) {
      expect(message).toContain(what);
    }
    expect(tracesOf(canary, message)).toEqual([]);
  });

  describe("over HTTP", () => {
    const key = signingKeyFromSeed(new Secret("the checker's seed of these tests, 2026"));
    let server: ChildProcess;
    let url = "";

    beforeAll(async () => {
      const env = {
        PATH: process.env["PATH"],
        TALLY_ENVIRONMENT: question.environment,
        TALLY_PUBLIC_KEYS: key.publicKey,
        TALLY_SECRETS: "INTERNAL_AUTH_SECRET",
        TALLY_PORT: "0",
        INTERNAL_AUTH_SECRET: "xyz789new",
      };
      server = spawn("python3", ["-B", `${folder}/tally_responder.py`], {
        env,
        stdio: ["ignore", "pipe", "inherit"],
      });
      if (!server.stdout) throw new Error("no standard output");
      for await (const line of createInterface({ input: server.stdout })) {
        url = line;
        break;
      }
    });

    afterAll(() => {
      server?.kill();
    });

    it("answers a challenge", async () => {
      // A process with a real clock: the challenge is of now.
      const { environment, nonce } = question;
      const header = issueChallenge(key, {
        environment,
        nonce,
        issuedAtSeconds: Math.floor(Date.now() / 1000),
      });
      const response = await fetch(url, { headers: { "Tally-Challenge": header } });
      expect([response.status, response.headers.get("cache-control")]).toEqual([200, "no-store"]);
      expect(question.read(await response.text())).toMatchObject(question.sees("xyz789new") as object);
    });

    it("tells strangers nothing but its health", async () => {
      expect(await (await fetch(url)).json()).toEqual({ status: "ok" });
    });
  });
});
