import { type Unreadable, unreadable } from "./own-value.ts";

interface Words {
  readonly code: string;
  /** Completes a sentence that begins with the place. */
  readonly words: string;
}

const notFound = {
  code: "not-found",
  words: "does not exist in Secrets Manager; check its name, the Region and the account",
};
const accessDenied = {
  code: "access-denied",
  words:
    "may not be read; allow secretsmanager:GetSecretValue, BatchGetSecretValue and ListSecretVersionIds on it (and kms:Decrypt on a key of its own)",
};
const pendingDeletion = {
  code: "pending-deletion",
  words:
    "cannot be read as it stands, most likely since it is marked for deletion; restore it, or correct the fleet",
};
const undecipherable = {
  code: "decryption-failed",
  words: "cannot be decrypted; check that its KMS key is enabled and may be used",
};
const throttled = { code: "throttled", words: "was not read: AWS throttles the calls; try again later" };
const noCredentials = {
  code: "no-credentials",
  words: "was not read: AWS took no credentials of ours; check the profile or the role, and its session",
};
const unreachable = {
  code: "unreachable",
  words: "was not read: AWS could not be reached in time; check the network and the endpoint",
};
const refused = {
  code: "refused",
  words: "was not read: AWS refused the call; check its name and the Region",
};

const byName = new Map<string, Words>([
  ["ResourceNotFoundException", notFound],
  ["AccessDeniedException", accessDenied],
  ["AccessDenied", accessDenied],
  ["InvalidRequestException", pendingDeletion],
  ["DecryptionFailure", undecipherable],
  ["ThrottlingException", throttled],
  ["TooManyRequestsException", throttled],
  ["RequestLimitExceeded", throttled],
  ["ProvisionedThroughputExceededException", throttled],
  ["CredentialsProviderError", noCredentials],
  ["ExpiredTokenException", noCredentials],
  ["ExpiredToken", noCredentials],
  ["UnrecognizedClientException", noCredentials],
  ["InvalidSignatureException", noCredentials],
  ["InvalidClientTokenId", noCredentials],
  ["TimeoutError", unreachable],
  ["AbortError", unreachable],
  ["InternalServiceError", unreachable],
  ["ServiceUnavailable", unreachable],
]);

const retryableCodes: ReadonlySet<string> = new Set([throttled.code, unreachable.code]);

/** What a failed call says of a place, by the error's name alone: the SDK's text may carry anything. */
export function awsFailure(error: unknown, place: string): Unreadable {
  const { code, words } = wordsOf(error);
  return unreadable(code, `${place} ${words}`);
}

/** The same for one secret among several, whose failure comes as a name in an answer. */
export function awsFailureNamed(name: string | undefined, place: string): Unreadable {
  const { code, words } = byName.get(name ?? "") ?? refused;
  return unreadable(code, `${place} ${words}`);
}

/** Whether the same call may succeed later, with nobody changing anything. */
export function isRetryable({ code }: Unreadable): boolean {
  return retryableCodes.has(code);
}

function wordsOf(error: unknown): Words {
  if (!(error instanceof Error)) return refused;
  const known = byName.get(error.name);
  if (known) return known;
  // Node's own errors, of sockets and DNS, have codes and no names; AWS's answers have names of their own.
  return "code" in error || isServerFault(error) ? unreachable : refused;
}

function isServerFault(error: Error): boolean {
  return "$fault" in error && error.$fault === "server";
}

/** Whether the service says that the thing asked for is not there. */
export function isNotFound(error: unknown): boolean {
  return error instanceof Error && error.name === "ResourceNotFoundException";
}

const badArguments: ReadonlySet<string> = new Set([
  "ValidationException",
  "InvalidParameterException",
  "InvalidRequestException",
]);

/** Whether a call over several secrets failed for one of them, so that each is worth a call of its own. */
export function blamesOneOfMany(error: unknown): boolean {
  return error instanceof Error && badArguments.has(error.name);
}
