import { expect, it } from "vitest";
import { readSigningKeys, signingKeysFromSeed } from "../../functions/adapters/signing-seed.ts";
import { Secret } from "../../functions/protocol/secret.ts";
import { canary, expectNoCanary } from "../canaries.ts";
import { openSecrets } from "./secrets-bed.ts";

const seed = canary("seed now");
const seedBefore = canary("seed before");
const keyOf = (text: string) => signingKeysFromSeed(new Secret(text)).current.publicKey;

it("makes the keys of the current seed and of the one before it", async () => {
  const { client, putAll } = await openSecrets();
  putAll("seed", seedBefore, seed);

  const keys = await readSigningKeys(client, "seed");

  expect([keys.current.publicKey, keys.previous?.publicKey]).toEqual([keyOf(seed), keyOf(seedBefore)]);
  expectNoCanary(keys, [seed, seedBefore]);
});

it.each([
  ["has no version before", [seed]],
  ["had an unfit one before", ["too short", seed]],
])("makes one key where the seed %s", async (_what, seeds) => {
  const { client, putAll } = await openSecrets();
  putAll("seed", ...seeds);

  expect(await readSigningKeys(client, "seed")).not.toHaveProperty("previous");
});

it("refuses an unfit seed without repeating it", async () => {
  const { client, putAll } = await openSecrets();
  putAll("seed", `${seed}\n`);

  const reading = readSigningKeys(client, "seed");

  await expect(reading).rejects.toMatchObject({ name: "ProtocolError", code: "seed-unfit" });
  await reading.catch((error: unknown) => expectNoCanary(error, [seed]));
});

it("says what is wrong with a seed that cannot be read", async () => {
  const { client, putAll, aws, secretsManager } = await openSecrets();
  putAll("denied", seed);
  aws.denySecret("denied");
  await secretsManager.createSecret({ Name: "bytes", SecretBinary: Buffer.from(seed) });

  for (const [id, words] of [
    ["missing", "does not exist"],
    ["denied", "may not be read"],
    ["bytes", "SecretBinary"],
  ] as const) {
    const reading = readSigningKeys(client, id);
    await expect(reading).rejects.toMatchObject({ name: "TallystickError", code: "seed-unreadable" });
    await expect(reading).rejects.toThrow(words);
    await reading.catch((error: unknown) => expectNoCanary(error, [seed]));
  }
});
