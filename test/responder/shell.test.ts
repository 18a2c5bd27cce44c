import { execFile, type SpawnSyncReturns, spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, hostname, tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { readAnswer } from "../../functions/protocol/answer.ts";
import { fingerprint } from "../../functions/protocol/fingerprint.ts";
import { Secret } from "../../functions/protocol/secret.ts";
import { canary, tracesOf } from "../protocol/canary.ts";
import { readVectors } from "../vectors/read-vectors.ts";
import * as question from "./question.ts";

const script = fileURLToPath(new URL("../../functions/responder/shell/tally-responder.sh", import.meta.url));
const missing = ["sh", "openssl", "jq", "iconv", "awk"].filter(
  (tool) => spawnSync(tool, ["--version"]).error,
);
const version = `${spawnSync("sh", ["-c", "openssl version"], { encoding: "utf8" }).stdout}`;
const unmet = [...missing, ...(version.startsWith("OpenSSL 3") ? [] : ["openssl 3"])];
const title = unmet.length > 0 ? ` (skipped: there is no ${unmet.join(", ")})` : "";

interface ChallengeInputs {
  readonly publicKeys: readonly string[];
  readonly environment: string;
  readonly header: string;
  readonly nowSeconds: number;
  readonly nonce: string;
}
const challenges = readVectors<ChallengeInputs>("challenge_test.json", "Challenge");
const publicKeys = readVectors<{ readonly publicKey: string }>("signing-key_test.json", "PublicKey");
const values = readVectors<{ readonly value: string; readonly comment: string }>(
  "fingerprint_test.json",
  "Value",
);

describe.skipIf(unmet.length > 0)(`the shell responder${title}`, () => {
  let folder = "";

  beforeAll(() => {
    folder = mkdtempSync(`${tmpdir()}/tally-shell-`);
    mkdirSync(`${folder}/bin`);
    // The script asks `date` for the time; here it is told by the test.
    writeFileSync(`${folder}/bin/date`, '#!/bin/sh\nexec /bin/date -u -d "@$TEST_NOW" "$2"\n');
    chmodSync(`${folder}/bin/date`, 0o755);
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  function environmentOf(variables: Readonly<Record<string, string>>): Record<string, string> {
    return {
      PATH: `${folder}/bin:${process.env["PATH"]}`,
      TMPDIR: folder,
      TALLY_ENVIRONMENT: question.environment,
      TALLY_PUBLIC_KEYS: question.publicKey,
      TALLY_SECRETS: question.names.join(" "),
      TEST_NOW: `${question.nowSeconds}`,
      ...variables,
    };
  }

  function run(variables: Readonly<Record<string, string>>): SpawnSyncReturns<string> {
    return spawnSync("sh", [script], { env: environmentOf(variables), encoding: "utf8" });
  }

  /** For many: as many at a time as there are processors. */
  async function runAll(all: readonly Readonly<Record<string, string>>[]): Promise<{ stdout: string }[]> {
    const results: { stdout: string }[] = [];
    const queue = all.entries();
    const work = async () => {
      for (const [index, variables] of queue) {
        results[index] = await promisify(execFile)("sh", [script], { env: environmentOf(variables) });
      }
    };
    await Promise.all(Array.from({ length: availableParallelism() }, work));
    return results;
  }

  function bodyOf({ stdout }: { readonly stdout: string }): string {
    return stdout.slice(stdout.indexOf("\r\n\r\n") + 4);
  }

  it("judges every challenge vector", async () => {
    const given = await runAll(
      challenges.map(({ header, publicKeys, environment, nowSeconds }) => ({
        HTTP_TALLY_CHALLENGE: header,
        TALLY_PUBLIC_KEYS: publicKeys.join(" "),
        TALLY_ENVIRONMENT: environment,
        TEST_NOW: `${nowSeconds}`,
      })),
    );
    const judged = challenges.map(({ tcId, comment }, index) => {
      const { tally } = JSON.parse(bodyOf(given[index] ?? { stdout: "" }));
      return {
        tcId,
        comment,
        code: tally.error,
        nonce: tally.challenge,
        tellsTime: tally.time !== undefined,
      };
    });
    const silent = ["challenge-malformed", "challenge-untrusted", undefined];
    expect(judged).toEqual(
      challenges.map(({ tcId, comment, code, nonce }) => ({
        tcId,
        comment,
        code,
        nonce,
        tellsTime: !silent.includes(code),
      })),
    );
  }, 120_000);

  it("takes and refuses every public key vector", () => {
    const expected = publicKeys.map(({ comment, result }) => ({
      comment,
      status: result === "valid" ? 0 : 1,
    }));
    // A blank ends a key here, so the vector with LF at its end is a good key.
    const tested = expected.filter(({ comment }) => comment !== "key with LF at its end");
    const given = publicKeys.map(({ comment, publicKey }) => ({
      comment,
      status: run({ TALLY_PUBLIC_KEYS: publicKey }).status,
    }));
    expect(given.filter(({ comment }) => comment !== "key with LF at its end")).toEqual(tested);
  });

  it("computes every fingerprint of a text that a line of a file can hold", () => {
    const { environment, nonce } = question;
    const held = values.filter(({ value }) => value.isWellFormed() && !/[\n\0]/.test(value));
    const names = held.map((_, index) => `NAME_${index}`);
    writeFileSync(`${folder}/env`, held.map(({ value }, index) => `NAME_${index}=${value}\n`).join(""));
    const result = run({
      HTTP_TALLY_CHALLENGE: question.challenge(),
      TALLY_SECRETS: names.join(" "),
      TALLY_ENV_FILE: `${folder}/env`,
    });
    const expected = held.map(({ value }, index) => {
      const name = `NAME_${index}`;
      return [name, fingerprint(new Secret(value), { environment, name, nonce })] as const;
    });
    expect(readAnswer(bodyOf(result), { environment, nonce, names })).toMatchObject({
      kind: "answered",
      answer: { instance: hostname(), running: new Map(), stored: new Map(expected) },
    });
  }, 120_000);

  it("reads a file by its lines alone, and runs nothing in it", () => {
    const lines = [
      "# INTERNAL_AUTH_SECRET=comment",
      "XINTERNAL_AUTH_SECRET=longer name",
      "INTERNAL_AUTH_SECRET=abc123old",
      `INTERNAL_AUTH_SECRET=$(touch ${folder}/pwned)\`touch ${folder}/pwned\`'"$PATH`,
      "INTERNAL_AUTH_SECRET_2=other",
    ];
    writeFileSync(`${folder}/env`, `${lines.join("\n")}`);
    const { environment, nonce, names } = question;
    const body = bodyOf(run({ HTTP_TALLY_CHALLENGE: question.challenge(), TALLY_ENV_FILE: `${folder}/env` }));
    const literal = `${lines[3]}`.slice("INTERNAL_AUTH_SECRET=".length);
    expect(readAnswer(body, { environment, nonce, names })).toMatchObject({
      answer: {
        stored: new Map([
          ["INTERNAL_AUTH_SECRET", question.fingerprintOf(literal)],
          ["OPENCLAW_GATEWAY_TOKEN", null],
        ]),
      },
    });
    expect(spawnSync("ls", [folder], { encoding: "utf8" }).stdout).not.toContain("pwned");
  });

  it("leaves a value out that is not UTF-8, and all of a file that it cannot read", () => {
    writeFileSync(
      `${folder}/env`,
      Buffer.from("INTERNAL_AUTH_SECRET=\xff\nOPENCLAW_GATEWAY_TOKEN=\n", "latin1"),
    );
    const ask = (file: string) =>
      question.read(bodyOf(run({ HTTP_TALLY_CHALLENGE: question.challenge(), TALLY_ENV_FILE: file })));
    expect(ask(`${folder}/env`)).toMatchObject({
      answer: {
        stored: new Map([["OPENCLAW_GATEWAY_TOKEN", question.fingerprintOf("", "OPENCLAW_GATEWAY_TOKEN")]]),
      },
    });
    expect(ask(`${folder}/none`)).toMatchObject({ answer: { stored: new Map() } });
  });

  it("tells what a process was started with", async () => {
    const child = spawn("sleep", ["60"], {
      env: { PATH: `${process.env["PATH"]}`, INTERNAL_AUTH_SECRET: "two\nlines" },
    });
    await new Promise((resolve) => child.once("spawn", resolve));
    try {
      const result = run({ HTTP_TALLY_CHALLENGE: question.challenge(), TALLY_PID: `${child.pid}` });
      expect(question.read(bodyOf(result))).toMatchObject({
        answer: {
          running: new Map([
            ["INTERNAL_AUTH_SECRET", question.fingerprintOf("two\nlines")],
            ["OPENCLAW_GATEWAY_TOKEN", null],
          ]),
        },
      });
    } finally {
      child.kill();
    }
  });

  it("shows no value to any program's arguments or environment, nor in its output", () => {
    // Each tool is wrapped by one that writes down what it was called with.
    mkdirSync(`${folder}/spy`);
    const tools = [
      "openssl",
      "jq",
      "iconv",
      "awk",
      "od",
      "tr",
      "sed",
      "grep",
      "cut",
      "mktemp",
      "uname",
      "date",
      "rm",
      "cat",
      "printf",
    ];
    for (const tool of tools) {
      const real = spawnSync("sh", ["-c", `PATH=${folder}/bin:$PATH; unset -f ${tool}; which ${tool}`], {
        encoding: "utf8",
      });
      const wrapper = `#!/bin/sh\nPATH=${process.env["PATH"]}\n{ echo ${tool} "$@"; env; } >>${folder}/calls\nexec ${real.stdout.trim()} "$@"\n`;
      writeFileSync(`${folder}/spy/${tool}`, wrapper);
      chmodSync(`${folder}/spy/${tool}`, 0o755);
    }
    const value = canary;
    writeFileSync(
      `${folder}/env`,
      `INTERNAL_AUTH_SECRET=${value}\nOPENCLAW_GATEWAY_TOKEN=${value.repeat(4)}\n`,
    );
    const result = run({
      PATH: `${folder}/spy:${process.env["PATH"]}`,
      HTTP_TALLY_CHALLENGE: question.challenge(),
      TALLY_ENV_FILE: `${folder}/env`,
    });
    expect(question.read(bodyOf(result))).toMatchObject({
      answer: {
        stored: new Map([
          ["INTERNAL_AUTH_SECRET", question.fingerprintOf(value)],
          ["OPENCLAW_GATEWAY_TOKEN", question.fingerprintOf(value.repeat(4), "OPENCLAW_GATEWAY_TOKEN")],
        ]),
      },
    });
    const calls = spawnSync("cat", [`${folder}/calls`], { encoding: "utf8" }).stdout;
    expect(calls).toContain("openssl dgst -sha256");
    expect(tracesOf(value, calls + result.stdout + result.stderr)).toEqual([]);
    expect(spawnSync("ls", [folder], { encoding: "utf8" }).stdout).not.toContain("tmp.");
  });

  it("tells strangers nothing but its health, uncached", () => {
    const { stdout } = run({});
    expect(stdout).toBe('Content-Type: application/json\r\nCache-Control: no-store\r\n\r\n{"status":"ok"}\n');
  });

  it.each([
    ["environment", { TALLY_ENVIRONMENT: `${canary}` }],
    ["keys", { TALLY_PUBLIC_KEYS: "" }],
    ["names", { TALLY_SECRETS: `A ${canary}` }],
  ])("stops at a mistake in its %s, and does not repeat it", (_, variables) => {
    const { status, stdout, stderr } = run(variables);
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("tally-responder: TALLY_");
    expect(tracesOf(canary, stderr)).toEqual([]);
  });
});
