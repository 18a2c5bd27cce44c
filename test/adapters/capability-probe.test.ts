import { expect, it, onTestFinished } from "vitest";
import { createCapabilityProbes } from "../../functions/adapters/capability-probe.ts";
import { createHttpAgent } from "../../functions/adapters/http-agent.ts";
import { ProbeLedger } from "../../functions/adapters/probe-ledger.ts";
import type { Capability } from "../../functions/core/fleet.ts";
import type { ProbeResult } from "../../functions/core/observation.ts";
import type { CapabilityProbes } from "../../functions/core/ports.ts";
import { Secret } from "../../functions/protocol/secret.ts";
import { canary, expectNoCanary } from "../canaries.ts";
import { sendJson } from "./health-bed.ts";
import { openEndpoint, openNothing } from "./http-endpoint.ts";

const token = canary("probe token");
const values = new Map([["TOKEN", new Secret(token)]]);

function openProbes(requestTimeoutMs = 2_000): CapabilityProbes {
  const dispatcher = createHttpAgent();
  onTestFinished(() => dispatcher.destroy());
  return createCapabilityProbes({ dispatcher, ledger: new ProbeLedger(), requestTimeoutMs });
}

function capability(url: string, more: Partial<Capability> = {}): Capability {
  return { url, method: "GET", ...more };
}

function probeOnce(one: Capability, sent: ReadonlyMap<string, Secret> = values): Promise<ProbeResult> {
  return openProbes().probe({ capability: one, allowHttp: false, values: sent });
}

const answering = (status: number) => openEndpoint((_request, response) => sendJson(response, {}, status));

it("sends a bearer token, named headers and a JSON body", async () => {
  let body = "";
  const { origin, requests } = await openEndpoint((request, response) => {
    request.setEncoding("utf8").on("data", (text: string) => {
      body += text;
    });
    request.on("end", () => sendJson(response, {}));
  });
  const one = capability(`${origin}/tools?a=b`, {
    method: "POST",
    body: { tool: "sessions_list" },
    bearer: "TOKEN",
    header: { "X-Internal-Secret": "TOKEN" },
  });

  expect(await probeOnce(one)).toEqual({ kind: "works", httpStatus: 200 });

  expect(requests).toHaveLength(1);
  expect(requests[0]).toMatchObject({
    method: "POST",
    path: "/tools?a=b",
    headers: {
      authorization: `Bearer ${token}`,
      "x-internal-secret": token,
      "content-type": "application/json",
    },
  });
  expect(JSON.parse(body)).toEqual({ tool: "sessions_list" });
});

it.each<[number, readonly number[] | undefined, ProbeResult]>([
  [204, undefined, { kind: "works", httpStatus: 204 }],
  [401, undefined, { kind: "denied", httpStatus: 401, blamesSecret: true }],
  [403, undefined, { kind: "denied", httpStatus: 403, blamesSecret: false }],
  [403, [403], { kind: "denied", httpStatus: 403, blamesSecret: true }],
  [401, [403], { kind: "broken", httpStatus: 401 }],
  [422, [422], { kind: "denied", httpStatus: 422, blamesSecret: false }],
  [404, undefined, { kind: "broken", httpStatus: 404 }],
  [500, undefined, { kind: "broken", httpStatus: 500 }],
  [429, undefined, { kind: "unknown", because: "throttled: it answered HTTP 429" }],
])("judges HTTP %i with denied statuses %s", async (status, deniedStatuses, expected) => {
  const { origin } = await answering(status);

  const more = deniedStatuses === undefined ? {} : { deniedStatuses: [...deniedStatuses] };

  expect(await probeOnce(capability(origin, { bearer: "TOKEN", ...more }))).toEqual(expected);
});

it("does not carry a secret on where it is redirected", async () => {
  const thief = await answering(200);
  const { origin } = await openEndpoint((_request, response) => {
    response.writeHead(307, { location: `${thief.origin}/steal` }).end();
  });

  const result = await probeOnce(capability(origin, { bearer: "TOKEN" }));

  expect(result).toEqual({ kind: "unknown", because: expect.stringMatching(/^redirected/) });
  expect(thief.requests).toEqual([]);
});

it("sends nothing in clear text, save where the fleet allows it", async () => {
  const result = await probeOnce(capability("http://api.example.com/tools", { bearer: "TOKEN" }));
  const allowed = await probeOnce(
    capability("http://tallystick.invalid/tools", { bearer: "TOKEN", allowHttp: true }),
  );

  expect(result).toEqual({ kind: "unknown", because: expect.stringContaining("neither https nor loopback") });
  expect(allowed).toEqual({ kind: "unknown", because: expect.stringContaining("DNS") });
});

it.each(["\n", "\r\nX-Evil: 1", "\u0000", "é", " "])(
  "does not send a value that ends in %j",
  async (ending) => {
    const { origin, requests } = await answering(200);

    const result = await probeOnce(
      capability(origin, { bearer: "TOKEN" }),
      new Map([["TOKEN", new Secret(token + ending)]]),
    );

    expect(result).toEqual({ kind: "unknown", because: expect.stringContaining("TOKEN") });
    expectNoCanary(result, [token]);
    expect(requests).toEqual([]);
  },
);

it("does not send what it does not know", async () => {
  const { origin, requests } = await answering(200);

  expect(await probeOnce(capability(origin, { bearer: "TOKEN" }), new Map())).toMatchObject({
    kind: "unknown",
  });
  expect(requests).toEqual([]);
});

it("goes by the status where the body is too long or never ends", async () => {
  const long = await openEndpoint((_request, response) => void response.end(Buffer.alloc(10_000_000)));
  const endless = await openEndpoint((_request, response) => {
    response.writeHead(401).write("x");
  });

  expect(await probeOnce(capability(long.origin))).toEqual({ kind: "works", httpStatus: 200 });
  const impatient = openProbes(100).probe({
    capability: capability(endless.origin),
    allowHttp: false,
    values,
  });
  expect(await impatient).toMatchObject({ kind: "denied", httpStatus: 401 });
});

it("is unknown, in safe words, where nobody listens", async () => {
  const result = await probeOnce(capability(await openNothing(), { bearer: "TOKEN" }));

  expect(result).toEqual({ kind: "unknown", because: "unreachable: it refused the connection" });
});

it("makes the same call once, and judges it for each capability by itself", async () => {
  const { origin, requests } = await answering(403);
  const probes = openProbes();
  const one = capability(origin, { bearer: "TOKEN" });
  const other = capability(origin, { bearer: "TOKEN", deniedStatuses: [403] });

  const results = await Promise.all(
    [one, one, other].map((each) => probes.probe({ capability: each, allowHttp: false, values })),
  );

  expect(requests).toHaveLength(1);
  expect(results.map((result) => result.kind === "denied" && result.blamesSecret)).toEqual([
    false,
    false,
    true,
  ]);
});

it("tries no secret on a host after one denial, though all are asked at once", async () => {
  const { origin, requests } = await answering(401);
  const probes = openProbes();
  const paths = ["a", "b", "c"].map((path) => capability(`${origin}/${path}`, { bearer: "TOKEN" }));

  const results = await Promise.all(
    paths.map((each) => probes.probe({ capability: each, allowHttp: false, values })),
  );

  expect(requests).toHaveLength(1);
  expect(results.map(({ kind }) => kind)).toEqual(["denied", "unknown", "unknown"]);
  expect(results[1]).toEqual({
    kind: "unknown",
    because: expect.stringMatching(
      /^not tried: .* denied one call already in this run \(gateways lock out\)$/,
    ),
  });
});

it("still tries what needs no secret, and secrets on another host", async () => {
  const denying = await answering(401);
  const other = await answering(200);
  const probes = openProbes();
  const probe = (one: Capability) => probes.probe({ capability: one, allowHttp: false, values });
  await probe(capability(`${denying.origin}/a`, { bearer: "TOKEN" }));

  expect(await probe(capability(`${denying.origin}/open`))).toMatchObject({ kind: "denied" });
  expect(await probe(capability(other.origin, { bearer: "TOKEN" }))).toMatchObject({ kind: "works" });
});

it("tries again where the process behind the host was replaced", async () => {
  const { origin, requests } = await openEndpoint((_request, response, index) =>
    sendJson(response, {}, index === 0 ? 401 : 200),
  );
  const probes = openProbes();
  const probe = () =>
    probes.probe({ capability: capability(origin, { bearer: "TOKEN" }), allowHttp: false, values });
  await probe();

  probes.renew(`${origin}/another/path`);

  expect(await probe()).toEqual({ kind: "works", httpStatus: 200 });
  expect(requests).toHaveLength(2);
});

it("asks side by side once a secret was taken", async () => {
  const waiting: (() => void)[] = [];
  const { origin } = await openEndpoint((_request, response, index) => {
    if (index === 0) return sendJson(response, {});
    waiting.push(() => sendJson(response, {}));
    if (waiting.length === 3) for (const answer of waiting) answer();
  });
  const probes = openProbes();

  const results = await Promise.all(
    ["a", "b", "c", "d"].map((path) =>
      probes.probe({
        capability: capability(`${origin}/${path}`, { bearer: "TOKEN" }),
        allowHttp: false,
        values,
      }),
    ),
  );

  expect(results.map(({ kind }) => kind)).toEqual(["works", "works", "works", "works"]);
});

it("gives a host up that leaves two calls in a row unanswered", async () => {
  const { origin, requests } = await openEndpoint(() => {});
  const probes = openProbes(50);

  const results = await Promise.all(
    ["a", "b", "c", "d"].map((path) =>
      probes.probe({
        capability: capability(`${origin}/${path}`, { bearer: "TOKEN" }),
        allowHttp: false,
        values,
      }),
    ),
  );

  expect(requests).toHaveLength(2);
  expect(results[3]).toEqual({ kind: "unknown", because: expect.stringContaining("in a row unanswered") });
});
