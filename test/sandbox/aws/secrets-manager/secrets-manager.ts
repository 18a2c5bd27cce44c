import type { Operation } from "../wire/operation-schema.ts";
import type { Rotate } from "./rotation.ts";
import { secretOperations } from "./secret-operations.ts";
import type { SecretStore } from "./secret-store.ts";
import { valueOperations } from "./value-operations.ts";
import { versionOperations } from "./version-operations.ts";

/** Every operation of Secrets Manager that the stand-in answers. */
export function secretsManagerOperations(store: SecretStore, rotate: Rotate | undefined): Operation[] {
  return [...secretOperations(store), ...valueOperations(store), ...versionOperations(store, rotate)];
}
