import * as z from "zod";
import { messageSchema } from "../contract.ts";
import { newsKinds } from "./news.ts";
import type { NewsItem } from "./news-items.ts";
import type { Report } from "./report.ts";

const time = z.string().describe("ISO 8601, UTC, whole seconds");
const name = z.string();
const about = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.enum(["holder", "unseen"]), environment: name, secret: name }),
  z.strictObject({ kind: z.enum(["secret", "source", "unread"]), secret: name }),
  z.strictObject({ kind: z.literal("capability"), environment: name, capability: name }),
  z.strictObject({ kind: z.literal("run") }),
]);

const newsForm = z.strictObject({
  kind: z.enum(newsKinds).describe("what has happened; the command line's explain knows each word"),
  about: about.describe("of what it is told, by its names"),
  headline: z.string().describe("the same for people, in one line"),
  since: time.describe("since when it is so; of what is right again, since when it was wrong"),
  lastedMs: z.int().min(0),
  verdict: z.string().optional().describe("what runs now"),
  cause: z.string().optional(),
  remedy: z.string().optional(),
  withheld: z.string().optional().describe("why the repair is not made"),
  repair: z
    .strictObject({
      status: z.string(),
      reason: z.string().optional(),
      detail: z.string().optional(),
      durationMs: z.int().optional(),
    })
    .optional()
    .describe("how the repair ended"),
  truth: z.string().optional().describe("the state of the secret itself"),
  versionId: z.string().optional().describe("the secret's current version in its source"),
  expiresAt: time.optional(),
  dependents: z
    .array(z.strictObject({ environment: name, name, status: z.string() }))
    .describe("capabilities that need the secret"),
  broke: z.array(z.string()).describe("capabilities that were refused for it"),
  forPerson: z.boolean().describe("whether somebody has to act, or to look"),
  toDo: z.array(z.string()),
});

const messageForm = z.strictObject({
  schema: z.literal(messageSchema),
  id: z.string().describe("the same where the same is told twice"),
  threadId: z.string().describe("the same for all messages of one incident"),
  severity: z.enum(["alert", "info"]).describe("alert: somebody has to act, or to look"),
  kind: z.enum(newsKinds).describe("the gravest of the news"),
  subject: z.string(),
  run: z.strictObject({
    id: z.string(),
    trigger: z.string(),
    mode: z.string(),
    startedAt: time,
    status: z.string(),
    memory: z.literal("unreadable").optional().describe("what was told before is not known"),
  }),
  logUrl: z.string().optional(),
  news: z.array(newsForm),
  omitted: z.int().optional().describe("so many more news had no room"),
  environments: z
    .array(
      z.strictObject({
        name,
        secrets: z.array(z.strictObject({ name, verdict: z.string(), cause: z.string().optional() })),
      }),
    )
    .optional()
    .describe("the whole fleet; absent where it had no room"),
});

/** What machines get. */
export type MessageForm = z.output<typeof messageForm>;
type NewsForm = z.output<typeof newsForm>;

/** The JSON schema of it, which `message.schema.json` is. @internal */
export function messageJsonSchema(): object {
  return { title: "Tallystick message", ...z.toJSONSchema(messageForm) };
}

export interface FormParts extends Pick<MessageForm, "id" | "threadId" | "severity" | "kind" | "subject"> {
  readonly report: Report;
  readonly items: readonly NewsItem[];
  readonly logUrl?: string | undefined;
}

/** So much fits into a message beside its other forms, in characters of JSON. */
const formCharactersMax = 60_000;

/** A message for machines; what has no room is left out and said to be: first the fleet, then the last of the news. */
export function messageFormOf(parts: FormParts): MessageForm {
  const { report, items, logUrl, ...head } = parts;
  const { id, trigger, mode, startedAt, memory } = report.run;
  const form: MessageForm = {
    schema: messageSchema,
    ...head,
    run: { id, trigger, mode, startedAt, status: report.status, ...(memory !== undefined && { memory }) },
    ...(logUrl !== undefined && { logUrl }),
    news: items.map(newsOf),
    environments: report.environments.map(({ name: environment, secrets }) => ({
      name: environment,
      secrets: secrets.map(({ name: secret, verdict, cause }) => ({
        ...{ name: secret, verdict: verdict.kind },
        ...(cause !== undefined && { cause }),
      })),
    })),
  };
  return fitting(form);
}

function fitting({ environments, ...form }: MessageForm): MessageForm {
  const room = formCharactersMax - sizeOf({ ...form, news: [] });
  let used = 0;
  const news = form.news.filter((each) => {
    used += sizeOf(each) + 1;
    return used <= room;
  });
  const omitted = form.news.length - news.length;
  const cut = { ...form, news, ...(omitted > 0 && { omitted }) };
  const whole = { ...cut, ...(environments !== undefined && { environments }) };
  return sizeOf(whole) <= formCharactersMax ? whole : cut;
}

function sizeOf(data: object): number {
  return JSON.stringify(data).length;
}

function newsOf(item: NewsItem): NewsForm {
  const { kind, about: matter, headline, since, lastedMs, dependents, broke, forPerson, toDo } = item;
  const { holder, heal, secret } = item;
  const withheld = holder?.remedy.withheld?.reason;
  const hasEnded = heal !== undefined && (kind === "repaired" || kind === "not-repaired");
  return {
    ...{ kind, about: matter, headline, since, lastedMs: Math.round(lastedMs) },
    ...(holder !== undefined && { verdict: holder.verdict.kind, remedy: holder.remedy.kind }),
    ...(holder?.cause !== undefined && { cause: holder.cause }),
    ...(withheld !== undefined && { withheld }),
    ...(hasEnded && { repair: repairOf(heal) }),
    ...(secret !== undefined && { truth: secret.truth }),
    ...(secret?.version !== undefined && { versionId: secret.version.id }),
    ...(secret?.expiresAt !== undefined && { expiresAt: secret.expiresAt }),
    dependents: dependents.map(({ environment, name: capability, status }) => ({
      ...{ environment, name: capability, status },
    })),
    ...{ broke: [...broke], forPerson, toDo: [...toDo] },
  };
}

function repairOf({ status, reason, detail, durationMs }: NonNullable<NewsItem["heal"]>): NewsForm["repair"] {
  return {
    status,
    ...(reason !== undefined && { reason }),
    ...(detail !== undefined && { detail }),
    ...(durationMs !== undefined && { durationMs: Math.round(durationMs) }),
  };
}
