// SPDX-License-Identifier: MIT
import { checkChallenge, type RefusalCode } from "../protocol/challenge-check.ts";
import { echoName, protocolName, protocolVersion } from "../protocol/names.ts";
import { webFingerprint } from "../protocol/web-fingerprint.ts";
import { type Configuration, type Identity, type SecretGetter, timestamp } from "./configuration.ts";

/** The member `tally` of a health endpoint's JSON object. */
export type Tally = TallyAnswer | TallyRefusal;

/** `null` is unset; a name is left out where its value could not be read. */
type Fingerprints = Record<string, string | null>;

export interface TallyAnswer extends Identity {
  readonly version: typeof protocolVersion;
  readonly challenge: string;
  readonly echo: string;
  readonly running: Fingerprints;
  readonly stored?: Fingerprints;
}

export interface TallyRefusal {
  readonly version: typeof protocolVersion;
  readonly error: RefusalCode;
  readonly time?: string;
}

type Getters = Readonly<Record<string, SecretGetter>>;

/** Rejects only where the clock or the runtime's WebCrypto fails. */
export async function tallyOf(
  header: string,
  { identity, keys, now }: Configuration,
  { secrets, stored }: { secrets: Getters; stored?: Getters | undefined },
): Promise<Tally> {
  const { environment } = identity;
  const milliseconds = now();
  const nowSeconds = Math.floor(milliseconds / 1000);
  const verdict = await checkChallenge(header, { environment, keys, nowSeconds });
  if (verdict.kind === "refused") {
    const time = verdict.afterSignature && timestamp(milliseconds);
    return { version: protocolVersion, error: verdict.code, ...(time && { time }) };
  }
  const challenge = verdict.nonce;
  const place = { environment, nonce: challenge };
  return {
    version: protocolVersion,
    ...identity,
    challenge,
    echo: await webFingerprint(protocolName, { ...place, name: echoName }),
    running: await fingerprintsOf(secrets, place),
    ...(stored && { stored: await fingerprintsOf(stored, place) }),
  };
}

async function fingerprintsOf(
  getters: Getters,
  place: { environment: string; nonce: string },
): Promise<Fingerprints> {
  const fingerprints: Fingerprints = {};
  for (const [name, getter] of Object.entries(getters)) {
    try {
      const value = getter() ?? null;
      fingerprints[name] = value === null ? null : await webFingerprint(value, { ...place, name });
    } catch {
      // A value that cannot be read, or that is no text, is left out: the checker then knows that it does not know.
    }
  }
  return fingerprints;
}
