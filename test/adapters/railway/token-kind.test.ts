import { expect, test } from "vitest";
import { createRailway } from "../../../functions/adapters/railway/railway.ts";
import { TokenKinds } from "../../../functions/adapters/railway/token-kinds.ts";
import { Secret } from "../../../functions/protocol/secret.ts";
import {
  entry,
  graphqlError,
  healthyAnswers,
  ids,
  names,
  type PlantedAnswer,
  type PlantedAnswers,
  plantRailway,
  projectTokenAnswer,
  serviceAnswer,
} from "./planted-railway.ts";

function tokenOf(project: object, environment: object): PlantedAnswer {
  return { body: { data: { projectToken: { project, environment } } } };
}

const elsewhere = tokenOf(
  { id: ids.project, name: "shop" },
  { id: "environment-2", name: "staging\u001b[2J" },
);

test("sends a project token in its own header and nowhere else", async () => {
  const { railway, requests } = await plantRailway(healthyAnswers());

  await railway.observe(entry, names);

  for (const { headers } of requests) {
    expect(headers["project-access-token"]).toBe("token-1");
    expect(headers.authorization).toBeUndefined();
  }
});

test.for(["Project Token not found", "Not Authorized"])(
  "takes another token for a bearer after %s",
  async (answer) => {
    const { railway, requests } = await plantRailway(healthyAnswers({ TokenPlace: graphqlError(answer) }));

    const state = await railway.observe(entry, names);

    const [first, ...rest] = requests;
    expect(state.kind).toBe("seen");
    expect(first?.headers["project-access-token"]).toBe("token-1");
    for (const { headers } of rest) {
      expect(headers.authorization).toBe("Bearer token-1");
      expect(headers["project-access-token"]).toBeUndefined();
    }
  },
);

test("asks once for the kind of a token, though many services are observed at a time", async () => {
  const { railway, operations } = await plantRailway(healthyAnswers());

  await Promise.all(
    [1, 2, 3, 4].map((count) => railway.observe({ ...entry, service: `service-${count}` }, names)),
  );

  expect(operations().filter((name) => name === "TokenPlace")).toHaveLength(1);
});

test("does not ask again for the kind of a token that an earlier run of the process knows", async () => {
  const { apiUrl, dispatcher, clock, operations } = await plantRailway(healthyAnswers());
  const kinds = new TokenKinds();
  const credential = async () => new Secret("token-1");

  for (let runs = 0; runs < 2; runs += 1) {
    const railway = createRailway({ apiUrl, dispatcher, clock, credential, kinds });
    expect((await railway.observe(entry, names)).kind).toBe("seen");
  }

  expect(operations()).toEqual(["TokenPlace", "Service", "Service"]);
});

test("asks again in the next run for a token that was refused in both headers", async () => {
  const { apiUrl, dispatcher, clock, operations } = await plantRailway(
    healthyAnswers({
      TokenPlace: [graphqlError("Not Authorized"), projectTokenAnswer],
      Service: [graphqlError("Not Authorized"), serviceAnswer({ AUTH_SECRET: "value-1" })],
      Account: graphqlError("Not Authorized"),
      Workspaces: graphqlError("Not Authorized"),
    }),
  );
  const kinds = new TokenKinds();
  const credential = async () => new Secret("token-1");

  const states = [];
  for (let runs = 0; runs < 2; runs += 1) {
    const railway = createRailway({ apiUrl, dispatcher, clock, credential, kinds });
    states.push((await railway.observe(entry, names)).kind);
  }

  expect(states).toEqual(["unseen", "seen"]);
  expect(operations().filter((name) => name === "TokenPlace")).toHaveLength(2);
});

const refusedService = graphqlError("Not Authorized");

test.for<[string, PlantedAnswers, string]>([
  ["a project token", {}, "a project token of environment production of project shop"],
  [
    "an account token",
    { TokenPlace: graphqlError("Project Token not found"), Account: { body: { data: { me: { id: "u" } } } } },
    "an account token and sees what its owner sees",
  ],
  [
    "a workspace token",
    {
      TokenPlace: graphqlError("Project Token not found"),
      Account: graphqlError("Not Authorized"),
      Workspaces: { body: { data: { apiToken: { workspaces: [{ id: "w-1", name: "Acme" }] } } } },
    },
    "a workspace token (Acme)",
  ],
  [
    "a token that nothing knows",
    {
      TokenPlace: graphqlError("Project Token not found"),
      Account: graphqlError("Not Authorized"),
      Workspaces: graphqlError("Not Authorized"),
    },
    "it was deleted, or copied wrongly",
  ],
])(
  "says of %s what to try where Railway says Not Authorized, and asks that once",
  async ([, more, words]) => {
    const { railway, operations } = await plantRailway(healthyAnswers({ Service: refusedService, ...more }));

    const state = await railway.observe(entry, names);
    await railway.observe(entry, names);

    expect(state).toMatchObject({ kind: "unseen", code: "railway-not-authorized" });
    expect(state.kind === "unseen" && state.detail).toContain(words);
    const asked = operations().filter((name) => name === "Account" || name === "Workspaces");
    expect(asked.length).toBe(new Set(asked).size);
  },
);

test("asks once for a token that two sources give", async () => {
  const { railway, operations } = await plantRailway(healthyAnswers());

  await railway.observe(entry, names);
  await railway.observe({ ...entry, token: { env: "THE_SAME_TOKEN" } }, names);

  expect(operations().filter((name) => name === "TokenPlace")).toHaveLength(1);
});

test("reads a credential once for each source, and again after a failure", async () => {
  const { apiUrl, dispatcher, clock } = await plantRailway(healthyAnswers());
  let reads = 0;
  const railway = createRailway({
    apiUrl,
    dispatcher,
    clock,
    credential: async () => {
      reads += 1;
      if (reads === 1) throw new Error("canary-token");
      return new Secret("token-1");
    },
  });

  const states = [];
  for (let looks = 0; looks < 3; looks += 1) states.push(await railway.observe(entry, names));

  expect(states.map(({ kind }) => kind)).toEqual(["unseen", "seen", "seen"]);
  expect(JSON.stringify(states)).not.toContain("canary-token");
  expect(reads).toBe(2);
});

test("tries the kind again after an outage", async () => {
  const down = { status: 503, body: "" };
  const { railway, clock } = await plantRailway(
    healthyAnswers({
      TokenPlace: [
        down,
        down,
        down,
        tokenOf({ id: ids.project, name: "" }, { id: ids.environment, name: "" }),
      ],
    }),
  );

  expect(await railway.observe(entry, names)).toMatchObject({ kind: "unseen", code: "railway-unreachable" });
  await clock.sleep(1_000);
  expect(await railway.observe(entry, names)).toMatchObject({ kind: "seen" });
});

test("says in words where a token of another environment belongs, and reads nothing with it", async () => {
  const { railway, operations } = await plantRailway(healthyAnswers({ TokenPlace: elsewhere }));

  const state = await railway.observe(entry, names);

  expect(state).toEqual({
    kind: "wrong-token",
    detail:
      "the token is of environment staging[2J (environment-2) of project shop (project-1); the fleet says environment environment-1 of project project-1",
  });
  expect(operations()).toEqual(["TokenPlace"]);
});

test("takes a token of another project for a wrong one", async () => {
  const { railway } = await plantRailway(
    healthyAnswers({
      TokenPlace: tokenOf({ id: "project-2", name: "" }, { id: ids.environment, name: "" }),
    }),
  );

  expect(await railway.observe(entry, names)).toMatchObject({ kind: "wrong-token" });
});

test("refuses every other work with a token of another environment", async () => {
  const { railway, operations } = await plantRailway(healthyAnswers({ TokenPlace: elsewhere }));

  const refused = { code: "railway-not-authorized", retryable: false };
  await expect(railway.setVariables(entry, new Map([["A", new Secret("x")]]))).rejects.toMatchObject(refused);
  await expect(railway.redeploy(entry, "deployment-1")).rejects.toMatchObject(refused);
  await expect(railway.deployment(entry, "deployment-1")).rejects.toMatchObject(refused);
  await expect(railway.snapshot(entry, names, "deployment-1")).rejects.toMatchObject(refused);
  expect(operations()).toEqual(["TokenPlace"]);
});

test.for(["", "token-1\n", "token 1", "tøken"])("does not send the token %j", async (token) => {
  const { railway, requests } = await plantRailway(healthyAnswers(), { token });

  expect(await railway.observe(entry, names)).toMatchObject({
    kind: "unseen",
    code: "railway-not-authorized",
  });
  expect(requests).toHaveLength(0);
});
