import { expect, it } from "vitest";
import type { Hearing } from "../../functions/core/observation.ts";
import { entryAt, hearAt, responder, sendJson } from "./health-bed.ts";
import { type Endpoint, openEndpoint } from "./http-endpoint.ts";

/** A load balancer in front of replicas: each connection goes to the next of the named ones. */
function openReplicas(instances: readonly (string | undefined)[]): Promise<Endpoint> {
  const replicas = instances.map((instance) =>
    instance === undefined ? undefined : responder(instance === "" ? {} : { instance }),
  );
  return openEndpoint(async (request, response, index) => {
    const replica = replicas[index % replicas.length];
    if (replica === undefined) return sendJson(response, { status: "down" }, 503);
    const tally = await replica.answer(String(request.headers["tally-challenge"]));
    if (tally && instances[index % instances.length] === "") delete (tally as { instance?: string }).instance;
    sendJson(response, { tally });
  });
}

const hear = (origin: string, instances: number, asksPerInstanceMax = 8): Promise<Hearing> =>
  hearAt(origin, {
    question: { entry: entryAt(`${origin}/health`, { instances }) },
    bounds: { asksPerInstanceMax },
  });

function namesOf(hearing: Hearing): string[] {
  return hearing.kind === "heard" ? hearing.instances.map(({ instance }) => instance).sort() : [];
}

it("asks over connections of their own until every instance was seen", async () => {
  const { origin, requests } = await openReplicas(["a", "a", "b"]);

  const hearing = await hear(origin, 2);

  expect(namesOf(hearing)).toEqual(["a", "b"]);
  expect(new Set(requests.map(({ port }) => port)).size).toBe(requests.length);
});

it("asks one instance once", async () => {
  const { origin, requests } = await openReplicas(["a"]);

  await hear(origin, 1);

  expect(requests).toHaveLength(1);
});

it("stops at its bound where an instance is never seen, and says how many are expected", async () => {
  const { origin, requests } = await openReplicas(["a"]);

  const hearing = await hear(origin, 2, 3);

  expect(hearing).toMatchObject({ kind: "heard", instancesExpected: 2 });
  expect(namesOf(hearing)).toEqual(["a"]);
  expect(requests).toHaveLength(6);
});

it("counts an instance that answers twice once, by its latest answer", async () => {
  const { origin } = await openReplicas(["a", "a", "a", "b"]);

  const hearing = await hear(origin, 2);

  expect(namesOf(hearing)).toEqual(["a", "b"]);
});

it("counts instances without a name as one, and does not ask on in vain", async () => {
  const { origin, requests } = await openReplicas([""]);

  const hearing = await hear(origin, 3);

  expect(namesOf(hearing)).toEqual(["unnamed"]);
  expect(requests).toHaveLength(3);
});

it("lets what was heard count where other asks fail", async () => {
  const { origin } = await openReplicas([undefined, "a", undefined, "b"]);

  expect(namesOf(await hear(origin, 2))).toEqual(["a", "b"]);
});

it("asks on past one round of a dead replica, but not past two", async () => {
  const lucky = await openReplicas([undefined, undefined, "a", "b"]);
  const dead = await openReplicas([undefined]);

  expect(namesOf(await hear(lucky.origin, 2))).toEqual(["a", "b"]);
  expect(await hear(dead.origin, 2)).toMatchObject({ kind: "silent", because: "unreachable" });
  expect(dead.requests).toHaveLength(4);
});

it("stops at once where it is asked to", async () => {
  const { origin, requests } = await openEndpoint((_request, response) => sendJson(response, {}, 429));

  expect(await hear(origin, 4)).toMatchObject({ because: "throttled" });
  expect(requests).toHaveLength(4);
});
