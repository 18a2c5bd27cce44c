import { describe, expect, it } from "vitest";
import { explanationTables } from "../../functions/core/explanations.ts";
import { Secret } from "../../functions/protocol/secret.ts";
import { signingKeyFromSeed } from "../../functions/protocol/signing-key.ts";
import { canary, expectNoCanary } from "../canaries.ts";
import { call } from "./call.ts";

describe("tallystick explain", () => {
  it("lists every word of every table", async () => {
    const words = Object.values(explanationTables).flatMap((table) => Object.keys(table));

    const { exitCode, stdout } = await call(["explain"]);

    const listed = stdout.split("\n").map((line) => line.trim().split(" ")[0]);
    expect(exitCode).toBe(0);
    expect(words.filter((word) => !listed.includes(word))).toEqual([]);
  });

  it("tells what a word means and what to do", async () => {
    const { exitCode, stdout } = await call(["explain", "latent"]);

    expect(exitCode).toBe(0);
    expect(stdout).toContain("the stored variable is wrong");
    expect(stdout).toContain("Set it quietly");
  });

  it("tells every meaning of a word that several tables use", async () => {
    const { stdout } = await call(["explain", "unknown"]);

    expect(stdout.match(/^unknown /gm)).toHaveLength(2);
  });

  it("ends with 3 for an unknown word, with what was probably meant", async () => {
    const { exitCode, stdout, stderr } = await call(["explain", "rolback"]);

    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toContain('"rolback"; did you mean rollback?');
  });

  it("does not repeat what could write on the terminal", async () => {
    const { stderr } = await call(["explain", "\u009b31m\u202e"]);

    expect(stderr).not.toMatch(/[\u0080-\u009f\u202e]/);
  });
});

describe("tallystick public-key", () => {
  const seed = canary("key seed");

  it("prints the key alone, and nothing of the seed", async () => {
    const { publicKey } = signingKeyFromSeed(new Secret(seed));

    const called = await call(["public-key"], { variables: { TALLYSTICK_SIGNING_SEED: seed } });

    expect(called).toEqual({ exitCode: 0, stdout: `${publicKey}\n`, stderr: "" });
    expectNoCanary(called, [seed]);
  });

  it("ends with 3 without a seed, and says how to make one", async () => {
    const { exitCode, stdout, stderr } = await call(["public-key"]);

    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toContain("openssl rand -base64 32");
  });
});

describe("tallystick --help", () => {
  it.each(["check", "history", "explain", "public-key", "fleet check", "fleet schema", "fleet init"])(
    "shows examples for %s",
    async (command) => {
      const { exitCode, stdout, stderr } = await call([...command.split(" "), "--help"]);

      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
      expect(stdout).toMatch(/Examples?:\n.*tallystick/);
    },
  );

  it("prints the version", async () => {
    const { exitCode, stdout } = await call(["--version"]);

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
