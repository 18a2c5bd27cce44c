import { spawnSync } from "node:child_process";
import { hkdfSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

import { readAnswer } from "../../functions/protocol/answer.ts";
import { issueChallenge } from "../../functions/protocol/challenge.ts";
import { trustKeys } from "../../functions/protocol/challenge-check.ts";
import { fingerprint } from "../../functions/protocol/fingerprint.ts";
import { fingerprintMessage } from "../../functions/protocol/fingerprint-message.ts";
import * as names from "../../functions/protocol/names.ts";
import { Secret } from "../../functions/protocol/secret.ts";
import { signingKeyFromSeed } from "../../functions/protocol/signing-key.ts";
import { createResponder } from "../../functions/responder/index.ts";

const document = readFileSync(new URL("../../functions/protocol/PROTOCOL.md", import.meta.url), "utf8");
const blocks = [...document.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language, text]) => ({
  language: `${language}`,
  text: `${text}`,
}));
const inLanguage = (language: string) =>
  blocks.filter((block) => block.language === language).map(({ text }) => text);

const [request = "", response = ""] = inLanguage("http");
const [keyText = "", headerText = "", claimsText = "", refusalText = ""] = inLanguage("json");
const [smallOrder = "", message = ""] = inLanguage("text");
const key = JSON.parse(keyText);
const claims = JSON.parse(claimsText);
const challenge = `${/^Tally-Challenge: (.*)$/m.exec(request)?.[1]}`;
const [responseHead = "", body = ""] = response.split("\n\n");
const signingKey = signingKeyFromSeed(new Secret(key.seed));

function responderAt(time: string) {
  const { tally } = JSON.parse(body);
  const { environment, instance, deployment, startedAt, place } = tally;
  return createResponder({
    ...{ environment, instance, deployment, startedAt, place },
    publicKeys: [key.publicKey],
    secrets: { INTERNAL_AUTH_SECRET: () => "xyz789new", OPENCLAW_GATEWAY_TOKEN: () => undefined },
    stored: { INTERNAL_AUTH_SECRET: () => "xyz789new" },
    now: () => Date.parse(time),
  });
}

const asking = () =>
  new Request("https://app.example.com/health", { headers: { "Tally-Challenge": challenge } });

describe("PROTOCOL.md", () => {
  it("has no example that is not executed here", () => {
    expect(blocks.map(({ language }) => language)).toEqual([
      "http",
      "http",
      "json",
      "text",
      "text",
      "python",
      "json",
      "json",
      "json",
    ]);
  });

  it("shows a whole exchange within the first screen", () => {
    expect(document.indexOf(response)).toBeLessThan(2200);
  });

  it("shows the key that comes of its seed", () => {
    const derived = hkdfSync("sha256", key.seed, "", "tallystick signing key v1", 32);
    expect(Buffer.from(derived).toString("hex")).toBe(key.privateKey);
    expect(signingKey).toMatchObject({ publicKey: key.publicKey, kid: key.kid });
  });

  it("shows the challenge that a checker issues", () => {
    expect(
      issueChallenge(signingKey, { environment: claims.aud, nonce: claims.jti, issuedAtSeconds: claims.iat }),
    ).toBe(challenge);
  });

  it("shows what is in the challenge, byte by byte", () => {
    const parts = challenge.split(".").map((part) => Buffer.from(part, "base64url").toString());
    expect(parts.slice(0, 2)).toEqual([headerText.trimEnd(), claimsText.trimEnd()]);
  });

  it("says when the challenge is asked", () => {
    expect(new Date(claims.iat * 1000).toISOString()).toBe("2026-11-22T10:00:00.000Z");
    expect(document).toContain("at 2026-11-22T10:00:00Z");
  });

  it("shows the answer that the responder gives, headers included", async () => {
    const given = await responderAt("2026-11-22T10:00:05Z").fetch(asking());
    expect(JSON.stringify(await given.json(), null, 2)).toBe(body.trimEnd());
    for (const [name, value] of given.headers)
      expect(responseHead.toLowerCase()).toContain(`${name}: ${value}`);
  });

  it("shows an answer that the checker believes", () => {
    const names = ["INTERNAL_AUTH_SECRET", "OPENCLAW_GATEWAY_TOKEN"];
    const question = { environment: claims.aud, nonce: claims.jti };
    const running = new Map([
      [
        "INTERNAL_AUTH_SECRET",
        fingerprint(new Secret("xyz789new"), { ...question, name: "INTERNAL_AUTH_SECRET" }),
      ],
      ["OPENCLAW_GATEWAY_TOKEN", null],
    ]);
    expect(readAnswer(body, { ...question, names })).toMatchObject({ kind: "answered", answer: { running } });
  });

  it("shows the refusal that the responder gives four minutes later", async () => {
    const given = await responderAt("2026-11-22T10:04:05Z").fetch(asking());
    expect(await given.json()).toEqual(JSON.parse(refusalText));
  });

  it("shows the message behind a fingerprint", () => {
    const place = { environment: claims.aud, name: "INTERNAL_AUTH_SECRET", nonce: claims.jti };
    expect(message).toBe(`${fingerprintMessage(place)}\n`);
  });

  it("lists beginnings of keys that no responder takes", () => {
    const beginnings = smallOrder.trimEnd().split("\n");
    expect(beginnings).toHaveLength(7);
    for (const beginning of beginnings) {
      expect(() => trustKeys([beginning.padEnd(43, "A")])).toThrow(
        expect.objectContaining({ code: "public-key-unfit" }),
      );
    }
  });

  it("shows Python that computes the fingerprint and the echo of the exchange", ({ skip }) => {
    const { stdout, error } = spawnSync("python3", ["-"], {
      input: inLanguage("python")[0],
      encoding: "utf8",
    });
    if (error) return skip("there is no python3");
    const { running, echo } = JSON.parse(body).tally;
    expect(stdout.trimEnd().split("\n")).toEqual([running.INTERNAL_AUTH_SECRET, echo]);
  });

  it("gives the limits that the code has", () => {
    expect(document).toContain(`at most ${names.challengeBytesMax.toLocaleString("en")} bytes`);
    expect(document).toContain(`over ${names.answerBytesMax.toLocaleString("en")} bytes`);
    expect(document).toContain(`0 < \`exp\` − \`iat\` ≤ ${names.challengeLifeSecondsMax}`);
    expect(document).toContain(`\`iat\` ≤ now + ${names.clockLeewaySeconds}`);
    expect(document).toContain(`now < \`exp\` + ${names.clockLeewaySeconds}`);
  });

  it.each([
    ["environment", names.environmentPattern],
    ["label", names.labelPattern],
  ])("gives the pattern of a %s that the code has", (_, pattern) => {
    expect(document).toContain(`\`${pattern.source.slice(1, -1)}\``);
  });

  it("names every refusal, in the order of the checks", () => {
    const codes = [...document.matchAll(/^\d\. `(challenge-[a-z]+)`/gm)].map(([, code]) => code);
    expect(codes).toEqual(
      ["malformed", "untrusted", "audience", "early", "expired"].map((code) => `challenge-${code}`),
    );
  });
});
