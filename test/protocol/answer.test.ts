import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { type AnswerReading, readAnswer } from "../../functions/protocol/answer.ts";
import { echoFingerprint } from "../../functions/protocol/fingerprint.ts";
import { answerBytesMax } from "../../functions/protocol/names.ts";
import { readVectors } from "../vectors/read-vectors.ts";
import { canary, tracesOf } from "./canary.ts";

interface Inputs {
  readonly environment: string;
  readonly nonce: string;
  readonly names: readonly string[];
  readonly body: string;
  readonly answer?: Readonly<Record<string, unknown>> & { running: object; stored: object };
  readonly refusal?: { readonly code: string; readonly time?: string };
}

const vectors = readVectors<Inputs>("answer_test.json", "Answer");
const asked = { environment: "vps", nonce: "AAECAwQFBgcICQoLDA0ODw", names: ["A", "B"] };
const sound = {
  version: 1,
  environment: asked.environment,
  challenge: asked.nonce,
  echo: echoFingerprint(asked),
  running: { A: "a".repeat(64) },
};

function expected({ environment, answer, refusal, code }: Inputs & { code?: string }): AnswerReading {
  if (!answer) return { kind: code, ...refusal } as AnswerReading;
  const { running, stored, ...identity } = answer;
  const [runningMap, storedMap] = [new Map(Object.entries(running)), new Map(Object.entries(stored))];
  return { kind: "answered", answer: { environment, ...identity, running: runningMap, stored: storedMap } };
}

describe("reading an answer", () => {
  it.each(vectors)("judges vector $tcId, $comment", (vector) => {
    expect(readAnswer(vector.body, vector)).toStrictEqual(expected(vector));
  });

  it.each([
    ["at most", answerBytesMax, "answered"],
    ["no more than", answerBytesMax + 1, "malformed"],
  ])("takes %s 64 KiB, counted in bytes", (_, bytes, kind) => {
    const whole = (padding: string) => JSON.stringify({ tally: sound, padding });
    const missing = bytes - Buffer.byteLength(whole("é"));
    const body = whole(`é${" ".repeat(missing)}`);
    expect([Buffer.byteLength(body), readAnswer(body, asked).kind]).toEqual([bytes, kind]);
  });

  it("reads a name that means something to JavaScript like any other", () => {
    const names = ["constructor", "toString", "__proto__"];
    const reading = readAnswer(JSON.stringify({ tally: { ...sound, running: {} } }), { ...asked, names });
    expect(reading).toMatchObject({ kind: "answered", answer: { running: new Map() } });
  });

  it("leaves the prototypes of objects alone", () => {
    readAnswer(
      '{"__proto__":{"polluted":1},"tally":{"__proto__":{"polluted":1},"running":{"__proto__":{"polluted":1}}}}',
      asked,
    );
    expect("polluted" in {}).toBe(false);
  });

  it.each([
    ["where the body is no JSON", canary],
    ["as an instance", JSON.stringify({ tally: { ...sound, instance: canary } })],
    ["as a fingerprint", JSON.stringify({ tally: { ...sound, running: { A: canary } } })],
    ["as a refusal's code", JSON.stringify({ tally: { version: 1, error: canary } })],
    [
      "as a refusal's time",
      JSON.stringify({ tally: { version: 1, error: "challenge-expired", time: canary } }),
    ],
    [
      "as a member of its own",
      JSON.stringify({ tally: { ...sound, hint: canary, [canary]: 1 }, hint: canary }),
    ],
  ])("does not carry a value on that was sent %s", (_, body) => {
    const reading = readAnswer(body, asked);
    expect(
      tracesOf(
        canary,
        JSON.stringify(reading, (_key, value) => (value instanceof Map ? [...value] : value)),
      ),
    ).toEqual([]);
  });
});

describe("reading anything at all", () => {
  const kinds = ["answered", "refused", "stale", "faulty", "malformed", "absent"];
  const anyValue = fc.jsonValue();
  const member = <T>(value: T) =>
    fc.option(fc.oneof(fc.constant(value as unknown), anyValue), { nil: undefined });
  const almostSound = fc.record({
    version: member(1),
    environment: member(asked.environment),
    challenge: member(asked.nonce),
    echo: member(sound.echo),
    running: member(sound.running),
    stored: member({}),
    instance: member("i-1"),
    deployment: member("d-1"),
    startedAt: member("2026-11-22T10:00:00Z"),
    place: member({ environment: "e", service: "s" }),
  });
  const bodies = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.json(),
    anyValue.map((tally) => JSON.stringify({ tally })),
    almostSound.map((tally) => JSON.stringify({ tally })),
  );

  it("never throws, and gives one of its kinds", () => {
    fc.assert(
      fc.property(bodies, (body) => {
        expect(kinds).toContain(readAnswer(body, asked).kind);
      }),
    );
  });

  it("believes only an answer with the question's environment, nonce and echo", () => {
    fc.assert(
      fc.property(almostSound, (tally) => {
        const reading = readAnswer(JSON.stringify({ tally }), asked);
        if (reading.kind !== "answered") return;
        expect(tally).toMatchObject({
          version: 1,
          environment: "vps",
          challenge: asked.nonce,
          echo: sound.echo,
        });
      }),
    );
  });

  it("survives brackets that never close", () => {
    expect(readAnswer("[".repeat(answerBytesMax), asked)).toEqual({ kind: "absent" });
  });
});
