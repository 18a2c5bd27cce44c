import { answerVectors } from "./answer-cases.ts";
import { challengeVectors } from "./challenge-cases.ts";
import { fingerprintVectors } from "./fingerprint-cases.ts";
import { hmacVectors } from "./hmac-cases.ts";
import { signingKeyVectors } from "./signing-key-cases.ts";
import type { VectorFile } from "./vector-file.ts";

const files: Readonly<Record<string, VectorFile>> = {
  "hmac_test.json": hmacVectors,
  "fingerprint_test.json": fingerprintVectors,
  "signing-key_test.json": signingKeyVectors,
  "challenge_test.json": challengeVectors,
  "answer_test.json": answerVectors,
};

/** Every file's name and exact text. Nothing in it depends on the day, the machine or the code under test. */
export const vectorTexts: readonly (readonly [name: string, text: string])[] = Object.entries(files).map(
  ([name, file]) => [name, `${JSON.stringify(file, null, 2)}\n`],
);
