import { AwsError } from "../wire/aws-error.ts";
import { invalidParameter, unfit } from "./refusal.ts";

/** Whose functions are meant where a request names no Region and no account. */
export type Home = { readonly region: string; readonly accountId: string };

/** The function that a request names: its unqualified ARN and, where there is one, its version or alias. */
export type FunctionReference = { readonly arn: string; readonly qualifier: string | undefined };

// AWS Lambda API reference, Invoke, FunctionName.
const pattern =
  /^(?:arn:aws[a-zA-Z-]*:lambda:)?(?:([a-z]{2}(?:-[a-z]+)+-\d):)?(?:(\d{12}):)?(?:function:)?([\w.-]+)(?::(\$LATEST|[\w-]+))?$/;

/** Reads a function's name, its partial or its full ARN, each with or without a qualifier. */
export function readReference(home: Home, functionName: string, qualifier?: string): FunctionReference {
  const parts = pattern.exec(functionName);
  if (parts === null || functionName.length > 256) throw unfit("functionName", functionName, pattern.source);
  const [, region = home.region, accountId = home.accountId, name, derived] = parts;
  if (derived !== undefined && qualifier !== undefined && derived !== qualifier) {
    throw invalidParameter(
      "The derived qualifier from the function name does not match the specified qualifier.",
    );
  }
  return { arn: `arn:aws:lambda:${region}:${accountId}:function:${name}`, qualifier: derived ?? qualifier };
}

/** The ARN as it was asked for, qualified or not. */
export function arnOf({ arn, qualifier }: FunctionReference): string {
  return qualifier === undefined ? arn : `${arn}:${qualifier}`;
}

/** The refusal of a function, a version or an alias that does not exist. */
export function notFound(reference: FunctionReference): AwsError {
  return new AwsError("ResourceNotFoundException", `Function not found: ${arnOf(reference)}`, 404);
}
