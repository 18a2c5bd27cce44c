import * as z from "zod";
import { Secret } from "../../protocol/secret.ts";

/** An id may stand in messages and step names, so it has a closed alphabet. */
const id = z.string().regex(/^[A-Za-z0-9-]{1,64}$/);

/** A name that people gave; freed of what could play tricks on a terminal. */
const name = z.string().transform((text) => text.replace(/\p{C}/gu, "").slice(0, 100));

const epochMs = z
  .string()
  .transform((text) => Date.parse(text))
  .refine(Number.isFinite);

/** A new status must not break us (the schema has moved before); one of another form is not repeated. */
const statusWord = z
  .string()
  .regex(/^[A-Z_]{1,40}$/)
  .catch("UNRECOGNIZED");

/** A project, an environment or a service, as far as people see them. */
export const named = z.object({ id, name });

/** Enough of a deployment to follow it. */
export const startedDeployment = z.object({ id, status: statusWord, createdAt: epochMs });

/** A deployment with what decides whether it can be started again. */
export const deployment = startedDeployment.extend({
  canRedeploy: z.boolean(),
  snapshotId: z.string().nullable(),
});

export type DeploymentAnswer = z.output<typeof deployment>;

/** Names and values; a sealed value is null (railwayapp/cli PR 1164). Values become secrets before anyone sees them. */
export const variables = z
  .record(z.string(), z.string().nullable())
  .transform(
    (values) =>
      new Map(
        Object.entries(values).map(
          ([key, value]) => [key, value === null ? null : new Secret(value)] as const,
        ),
      ),
  );

export type VariablesAnswer = z.output<typeof variables>;

/** Where a variable is defined, without its value. */
export const variableRow = z.object({
  name: z.string(),
  serviceId: z.string().nullable(),
  isSealed: z.boolean(),
  references: z.array(z.string()),
});

export type VariableRow = z.output<typeof variableRow>;

/** One that is followed, with how many of its instances run. */
export const runningDeployment = startedDeployment.extend({
  instances: z
    .array(z.object({ status: statusWord }))
    .transform((all) => all.filter(({ status }) => status === "RUNNING").length),
});

/** Who or what began a deployment, as far as Railway says; a person's address is not asked for. */
export const deploymentOrigin = z.object({
  createdAt: epochMs,
  creator: z.object({ name: name.nullable() }).nullable(),
  meta: z
    .object({ reason: name.optional().catch(undefined), commitAuthor: name.optional().catch(undefined) })
    .nullable()
    .catch(null),
});

/** A service's id and the name that references call it by. */
export const serviceInstanceName = z.object({ serviceId: id, serviceName: name });

/** What a service runs on. */
export const serviceDeployments = z.object({
  latestDeployment: deployment.nullable(),
  activeDeployments: z.array(deployment),
});

export type ServiceDeployments = z.output<typeof serviceDeployments>;

/** One page of a connection. */
export function pageOf<Node>(node: z.ZodType<Node>) {
  return z
    .object({
      edges: z.array(z.object({ node })),
      pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
    })
    .transform(({ edges, pageInfo }) => ({
      nodes: edges.map((edge) => edge.node),
      /** Where the next page begins; absent on the last one. */
      next: pageInfo.hasNextPage ? (pageInfo.endCursor ?? undefined) : undefined,
      isLast: !pageInfo.hasNextPage,
    }));
}

/** The same with how it is run. */
export const serviceInstance = serviceDeployments.extend({
  numReplicas: z.int().min(0).nullable(),
  sleepApplication: z.boolean().nullable(),
  cronSchedule: z.string().nullable(),
});

export type ServiceInstance = z.output<typeof serviceInstance>;
