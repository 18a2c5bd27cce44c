import { AwsError } from "../wire/aws-error.ts";

/** The refusal of a parameter that is well-formed and does not fit the function. */
export function invalidParameter(message: string): AwsError {
  return new AwsError("InvalidParameterValueException", message);
}

/** The refusal of a member that breaks its pattern or its length. */
export function unfit(member: string, value: string, pattern: string): AwsError {
  return new AwsError(
    "ValidationException",
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must satisfy regular expression pattern: ${pattern}`,
  );
}
