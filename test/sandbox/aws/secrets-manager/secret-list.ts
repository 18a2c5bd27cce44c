import type { ListSecretsRequest, ListSecretsResponse } from "@aws-sdk/client-secrets-manager";
import { pageOf } from "../wire/page.ts";
import type { Secret } from "./secret.ts";
import { lastAccessOf, listSecret } from "./secret-answers.ts";
import { passesFilters } from "./secret-filter.ts";
import { checkRange, invalidNextToken } from "./secret-limits.ts";
import type { SecretStore } from "./secret-store.ts";

const pageSizeMax = 100;

/** Lists the secrets that pass the filters, page by page; those that wait for deletion only on demand. */
export function listSecrets(store: SecretStore, input: ListSecretsRequest): ListSecretsResponse {
  const { MaxResults: size = pageSizeMax, IncludePlannedDeletion: planned = false } = input;
  checkRange("MaxResults", size, 1, pageSizeMax);
  const listed = store
    .all()
    .filter((secret) => (planned || secret.deletion === undefined) && passesFilters(secret, input.Filters))
    .sort((one, other) => compare(one, other, input.SortBy));
  if (input.SortOrder === "desc") listed.reverse();
  const page = pageOf(listed, size, input.NextToken, invalidNextToken);
  return { SecretList: page.items.map(listSecret), NextToken: page.nextToken };
}

function compare(one: Secret, other: Secret, by: ListSecretsRequest["SortBy"]): number {
  switch (by) {
    case "name":
      return one.name < other.name ? -1 : 1;
    case "last-changed-date":
      return one.changedAtMs - other.changedAtMs;
    case "last-accessed-date":
      return (lastAccessOf(one) ?? 0) - (lastAccessOf(other) ?? 0);
    default:
      return one.createdAtMs - other.createdAtMs;
  }
}
