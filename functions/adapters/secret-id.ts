/** How Secrets Manager names a secret in an answer. */
export interface SecretIdentity {
  readonly ARN?: string | undefined;
  readonly Name?: string | undefined;
}

/** AWS ends every ARN with a hyphen and six characters of its own; callers may leave them out. */
const arnEnding = /^-[A-Za-z0-9]{6}$/;

/** Whether an id from the fleet (a name, an ARN, or an ARN without its ending) means this secret. */
export function meansSecret(id: string, { ARN: arn, Name: name }: SecretIdentity): boolean {
  if (id === name || id === arn) return true;
  return arn !== undefined && id.startsWith("arn:") && isEndingOf(id, arn);
}

function isEndingOf(partialArn: string, arn: string): boolean {
  return arn.startsWith(partialArn) && arnEnding.test(arn.slice(partialArn.length));
}
