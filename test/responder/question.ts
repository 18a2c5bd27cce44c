import { type AnswerReading, readAnswer } from "../../functions/protocol/answer.ts";
import { issueChallenge } from "../../functions/protocol/challenge.ts";
import { fingerprint } from "../../functions/protocol/fingerprint.ts";
import { Secret } from "../../functions/protocol/secret.ts";
import { signingKeyFromSeed } from "../../functions/protocol/signing-key.ts";

const key = signingKeyFromSeed(new Secret("the checker's seed of these tests, 2026"));

export const publicKey = key.publicKey;
export const nowSeconds = 1_795_341_600;
export const environment = "railway-production";
export const nonce = "AAECAwQFBgcICQoLDA0ODw";
export const names = ["INTERNAL_AUTH_SECRET", "OPENCLAW_GATEWAY_TOKEN"];

export function challenge(issuedAtSeconds = nowSeconds): string {
  return issueChallenge(key, { environment, nonce, issuedAtSeconds });
}

export function read(body: string): AnswerReading {
  return readAnswer(body, { environment, nonce, names });
}

export function fingerprintOf(value: string, name = "INTERNAL_AUTH_SECRET"): string {
  return fingerprint(new Secret(value), { environment, name, nonce });
}

/** What a health endpoint that holds `value` is read as, whichever program it runs in. */
export function sees(value: string): unknown {
  return {
    kind: "answered",
    answer: { environment, running: new Map([["INTERNAL_AUTH_SECRET", fingerprintOf(value)]]) },
  };
}
