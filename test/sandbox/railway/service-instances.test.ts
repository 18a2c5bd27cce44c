import { expect, test } from "vitest";
import { asAccount, ask, operations, resultOf } from "./fixtures/graphql-client.ts";
import { startQuietRailway } from "./fixtures/quiet-railway.ts";
import { gateway, production, smallWorld, staging, worker } from "./fixtures/small-world.ts";

const query = `query ($id: String!, $first: Int, $after: String) {
  environment(id: $id) { serviceInstances(first: $first, after: $after) {
    edges { node {
      id serviceId serviceName environmentId numReplicas sleepApplication cronSchedule region
      activeDeployments { status }
    } }
    pageInfo { hasNextPage endCursor }
  } }
}`;

interface Page {
  readonly serviceInstances: {
    readonly edges: readonly { readonly node: { readonly serviceName: string } }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
  };
}

test("lists the services of an environment, as each is set up in it", async () => {
  const world = smallWorld({ sleepApplication: true, cronSchedule: "*/5 * * * *", region: "us-west2" });
  const { railway } = await startQuietRailway({ world });

  const { data } = await ask(railway.apiUrl, query, { id: production });

  const gatewayNode = {
    id: `${production}:${gateway}`,
    serviceId: gateway,
    serviceName: "gateway",
    environmentId: production,
    numReplicas: 1,
    sleepApplication: true,
    cronSchedule: "*/5 * * * *",
    region: "us-west2",
    activeDeployments: [{ status: "SUCCESS" }],
  };
  const workerNode = { serviceId: worker, sleepApplication: false, cronSchedule: null, region: null };
  expect(data?.["environment"]).toMatchObject({
    serviceInstances: { edges: [{ node: gatewayNode }, { node: workerNode }] },
  });
});

test("lists a service that nothing serves", async () => {
  const { railway } = await startQuietRailway();

  const { data } = await ask(railway.apiUrl, query, { id: staging }, { headers: asAccount });

  expect(data?.["environment"]).toMatchObject({
    serviceInstances: { edges: [{ node: { serviceId: worker, activeDeployments: [] } }] },
  });
});

test("gives them page by page", async () => {
  const { railway } = await startQuietRailway();
  const page = async (after?: string) => {
    const answer = await ask(railway.apiUrl, query, { id: production, first: 1, after });
    return resultOf<Page>(answer, "environment").serviceInstances;
  };

  const first = await page();
  const second = await page(first.pageInfo.endCursor);

  expect(first.edges.map(({ node }) => node.serviceName)).toEqual(["gateway"]);
  expect(first.pageInfo.hasNextPage).toBe(true);
  expect(second.edges.map(({ node }) => node.serviceName)).toEqual(["worker"]);
  expect(second.pageInfo.hasNextPage).toBe(false);
});

test("says the same of a service when it is asked for by itself", async () => {
  const { railway } = await startQuietRailway({ world: smallWorld({ region: "us-west2" }) });

  const { data } = await ask(railway.apiUrl, operations.instance, {
    environmentId: production,
    serviceId: gateway,
  });

  expect(data?.["serviceInstance"]).toMatchObject({ region: "us-west2", sleepApplication: false });
});

test("shows the services of another environment to no project token", async () => {
  const { railway } = await startQuietRailway();

  const { data, errors } = await ask(railway.apiUrl, query, { id: staging });

  expect(data).toBeNull();
  expect(errors).toMatchObject([{ message: "Not Authorized" }]);
});
