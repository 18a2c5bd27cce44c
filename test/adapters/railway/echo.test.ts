import { expect, test } from "vitest";
import { TallystickError } from "../../../functions/core/errors.ts";
import { Secret } from "../../../functions/protocol/secret.ts";
import { canary, expectNoCanary } from "../../canaries.ts";
import {
  entry,
  graphqlError,
  healthyAnswers,
  instance,
  names,
  type PlantedAnswer,
  type PlantedAnswers,
  plantRailway,
  serviceAnswer,
} from "./planted-railway.ts";

const value = canary("value");
const token = canary("token");
const canaries = [value, token];

/** Every place of an answer in which a careless server could repeat what it was sent. */
const echoes: readonly (readonly [place: string, answer: PlantedAnswer])[] = [
  ["the message", graphqlError(`Not Authorized: ${value} ${token}`)],
  ["a message that means nothing", graphqlError(`Unexpected ${value} for ${token}`)],
  ["the message of a throttle", graphqlError(`${value} too quickly, ${token}`)],
  [
    "the code and the trace",
    graphqlError("x", { extensions: { code: value, traceId: token }, traceId: `${value} ${token}` }),
  ],
  ["the path", graphqlError("x", { path: [value, token] })],
  ["a page", { status: 500, body: `<html>${value} ${token}</html>` }],
  ["broken JSON", { body: `{"data": ${value} ${token}` }],
  ["data of another shape", { body: { data: { [value]: token, variables: value, serviceInstance: token } } }],
  ["headers", { status: 429, headers: { "retry-after": value, "x-ratelimit-reset": token }, body: value }],
  [
    "a redirect",
    { status: 302, headers: { location: `https://${encodeURIComponent(value)}/` }, body: token },
  ],
];

function answeringAllWith(answer: PlantedAnswer, { token: kind = "known" } = {}): PlantedAnswers {
  const healthy = healthyAnswers();
  const echoed = Object.fromEntries(
    [...Object.keys(healthy), "Deployment", "Snapshot", "EarlierDeployments"].map((name) => [name, answer]),
  );
  return kind === "known" && healthy["TokenPlace"] !== undefined
    ? { ...echoed, TokenPlace: healthy["TokenPlace"] }
    : echoed;
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

test.for(echoes)("repeats nothing of what Railway puts into %s", async ([, answer]) => {
  const outputs: unknown[] = [];
  for (const kind of ["known", "unknown"]) {
    const { railway } = await plantRailway(answeringAllWith(answer, { token: kind }), { token });
    const change = new Map([["AUTH_SECRET", new Secret(value)]]);
    outputs.push(
      await railway.observe(entry, names),
      await failureOf(railway.setVariables(entry, change)),
      await failureOf(railway.redeploy(entry, "deployment-1")),
      await failureOf(railway.deployment(entry, "deployment-1")),
      await failureOf(railway.snapshot(entry, names, "deployment-1")),
    );
  }

  expect(outputs.filter((output) => output instanceof TallystickError)).toHaveLength(8);
  for (const output of outputs) expectNoCanary(output, canaries);
});

test.for(echoes)("repeats nothing of what a mutation is answered with in %s", async ([, answer]) => {
  const { railway } = await plantRailway(healthyAnswers({ SetVariables: answer, Redeploy: answer }), {
    token,
  });

  const outputs = [
    await failureOf(railway.setVariables(entry, new Map([["AUTH_SECRET", new Secret(value)]]))),
    await failureOf(railway.redeploy(entry, "deployment-1")),
  ];

  for (const output of outputs) {
    expect(output).toBeInstanceOf(TallystickError);
    expectNoCanary(output, canaries);
  }
});

test("prints no stored value of a service that was seen", async () => {
  const variables = { AUTH_SECRET: value, DATABASE_URL: `postgres://user:${token}@\${{Postgres.HOST}}` };
  const Service = serviceAnswer(variables, instance([]));
  const { railway } = await plantRailway(healthyAnswers({ Service }));

  const state = await railway.observe(entry, new Map([...names, ["DATABASE", "DATABASE_URL"]]));

  expect(state.kind).toBe("seen");
  expectNoCanary(state, canaries);
});

test("puts values into the variables of a request and never into its document or address", async () => {
  const { railway, requests } = await plantRailway(healthyAnswers(), { token });

  await railway.setVariables(entry, new Map([["AUTH_SECRET", new Secret(value)]]));

  const written = requests.find(({ operation }) => operation === "SetVariables");
  expect(written?.variables).toMatchObject({ input: { variables: { AUTH_SECRET: value } } });
  for (const { url } of requests) expectNoCanary(url, canaries);
});
