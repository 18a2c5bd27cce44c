import * as z from "zod";
import { AwsError } from "./aws-error.ts";
import { type Route, readRoute, readShape, type SdkOperation, type Shape } from "./shape.ts";

/** An SDK input once checked: what the service requires is there. */
export type Checked<Input> = {
  [Name in keyof Input]: object extends Pick<Input, Name> ? Input[Name] : Exclude<Input[Name], undefined>;
};

/** A request that passed its schema: what was asked, and how to answer it. */
type Call = {
  readonly input: Readonly<Record<string, unknown>>;
  readonly answer: () => Promise<unknown>;
};

/** One operation of a service, checked on both sides against the SDK's own schema. */
export type Operation = {
  readonly name: string;
  readonly route: Route | undefined;
  readonly input: Shape;
  readonly output: Shape;
  readonly prepare: (wire: unknown) => Call;
};

type Leaves = { readonly timestamp: z.ZodType; readonly blob: z.ZodType };

const asRequested: Leaves = {
  timestamp: z.number().transform((seconds) => new Date(seconds * 1000)),
  blob: z.base64().transform((text) => Buffer.from(text, "base64")),
};

const asAnswered: Leaves = {
  timestamp: z.date().transform((date) => date.getTime() / 1000),
  blob: z.instanceof(Uint8Array).transform((bytes) => Buffer.from(bytes).toString("base64")),
};

/** Makes an operation from the SDK's description of it and the function that answers it. */
export function defineOperation<Input extends object, Output extends object>(
  sdk: SdkOperation,
  answer: (input: Checked<Input>) => Output | Promise<Output>,
): Operation {
  const [, , name, traits, inputSchema, outputSchema] = sdk;
  const [input, output] = [readShape(inputSchema), readShape(outputSchema)];
  const requestCheck = checkOf(input, asRequested);
  const answerCheck = checkOf(output, asAnswered);
  return {
    name,
    route: readRoute(traits),
    input,
    output,
    prepare(wire) {
      const checked = checkRequest<Input>(name, requestCheck, wire);
      return {
        input: { ...checked },
        answer: async () => checkAnswer(name, answerCheck, await answer(checked)),
      };
    },
  };
}

function checkOf(shape: Shape, leaves: Leaves): z.ZodType {
  switch (shape.kind) {
    case "string":
      return z.string();
    case "number":
      return z.number();
    case "boolean":
      return z.boolean();
    case "timestamp":
    case "blob":
      return leaves[shape.kind];
    case "list":
      return z.array(checkOf(shape.of, leaves));
    case "map":
      return z.record(z.string(), checkOf(shape.of, leaves));
    case "structure": {
      const members = [...shape.members].map(([name, member]): [string, z.ZodType] => {
        const check = checkOf(member.shape, leaves);
        return [name, member.required ? check : check.optional()];
      });
      return z.strictObject(Object.fromEntries(members));
    }
    default:
      return shape satisfies never;
  }
}

function checkRequest<Input>(operation: string, check: z.ZodType, wire: unknown): Checked<Input> {
  const parsed = check.safeParse(wire);
  if (!parsed.success) throw new AwsError("ValidationException", `${operation}: ${describe(parsed.error)}`);
  // The check was built from the very schema from which the SDK's type was generated.
  return parsed.data as Checked<Input>;
}

function checkAnswer(operation: string, check: z.ZodType, answer: unknown): unknown {
  const parsed = check.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new TypeError(`The stand-in's answer to ${operation} does not fit: ${describe(parsed.error)}`);
}

/** Only paths and kinds: zod leaves the input out of an issue, and so no value can get in here. */
function describe(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join(".") || "request"}: ${issue.message}`).join("; ");
}
