import * as z from "zod";
import {
  edgeBlocked,
  type Failure,
  invalidRequest,
  type Meaning,
  malformed,
  meaningsOfMessages,
  noSuchAddress,
  notAuthorized,
  outOfOrder,
  oversized,
  redirected,
  refused,
  throttled,
  tooSlow,
  unreachable,
} from "./failure.ts";
import type { Exchange } from "./transport.ts";

/** What an exchange comes to. */
export type Reading =
  | { readonly kind: "data"; readonly data: unknown }
  | { readonly kind: "failed"; readonly failure: Failure };

type Answered = Extract<Exchange, { kind: "answered" }>;
type GraphqlError = z.output<typeof graphqlError>;

const text = z.string().optional().catch(undefined);
const graphqlError = z.object({
  message: z.string().catch(""),
  traceId: text,
  extensions: z.object({ code: text, traceId: text }).optional().catch(undefined),
});
const envelope = z.object({ data: z.unknown(), errors: z.array(graphqlError).nullish() });

/** Reads the status first, then the message, which is looked at and dropped. Pure. */
export function readExchange(exchange: Exchange): Reading {
  switch (exchange.kind) {
    case "unanswered":
      return failed(exchange.because === "timeout" ? tooSlow : unreachable, safeWord(exchange.word));
    case "oversized":
      return failed(oversized, []);
    case "answered":
      return readAnswer(exchange);
    default:
      return exchange satisfies never;
  }
}

/** Data beside errors is not taken: whatever is missing in it would look as if it did not exist. */
function readAnswer(answer: Answered): Reading {
  const parsed = parseEnvelope(answer.body);
  const errors = parsed?.errors ?? [];
  const signs = [`HTTP ${answer.status}`, ...errorSigns(errors)];
  const meaning = isEdgeBlock(answer, parsed !== undefined)
    ? edgeBlocked
    : (meaningOfStatus(answer.status) ??
      meaningOfErrors(errors, answer.status) ??
      meaningOfLeftovers(answer.status));
  if (meaning !== undefined) return failed(meaning, signs, retryAfterMs(answer));
  return parsed?.data == null ? failed(malformed, signs) : { kind: "data", data: parsed.data };
}

/** What the status says whatever the body holds. */
function meaningOfStatus(status: number): Meaning | undefined {
  if (status === 429) return throttled;
  if (status >= 500) return outOfOrder;
  return status === 401 || status === 403 ? notAuthorized : undefined;
}

function meaningOfErrors(errors: readonly GraphqlError[], status: number): Meaning | undefined {
  if (errors.length === 0) return undefined;
  if (errors.some(({ extensions }) => extensions?.code === "UNAUTHENTICATED")) return notAuthorized;
  const known = meaningsOfMessages.find(([pattern]) => errors.some(({ message }) => pattern.test(message)));
  return known?.[1] ?? (status === 400 ? invalidRequest : refused);
}

function meaningOfLeftovers(status: number): Meaning | undefined {
  if (status >= 400) return noSuchAddress;
  return status >= 300 ? redirected : undefined;
}

/** Cloudflare answers with text or a page, and none of the API's headers (CopilotKit PR 4309). */
function isEdgeBlock({ status, body }: Answered, isJson: boolean): boolean {
  return !isJson && (status === 429 || status === 403) && /\b1015\b|access denied/i.test(body);
}

/** Railway's are whole seconds (railwayapp/cli client.rs); the form with a date is not used there. */
function retryAfterMs({ header }: Answered): number | undefined {
  const seconds = header("retry-after");
  return seconds !== undefined && /^\d{1,7}$/.test(seconds) ? Number(seconds) * 1000 : undefined;
}

function parseEnvelope(body: string): z.output<typeof envelope> | undefined {
  try {
    return envelope.safeParse(JSON.parse(body)).data;
  } catch {
    // The parser's message quotes the body.
    return undefined;
  }
}

function errorSigns([first]: readonly GraphqlError[]): string[] {
  const traceId = first?.traceId ?? first?.extensions?.traceId;
  const isSafeTrace = traceId !== undefined && /^[A-Za-z0-9-]{1,64}$/.test(traceId);
  return [...safeWord(first?.extensions?.code), ...(isSafeTrace ? [`trace ${traceId}`] : [])];
}

function safeWord(word: string | undefined): string[] {
  return word !== undefined && /^[A-Z_]{1,64}$/.test(word) ? [word] : [];
}

function failed(meaning: Meaning, signs: readonly string[], retryAfterMs?: number): Reading {
  const failure = { ...meaning, signs, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  return { kind: "failed", failure };
}
