import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import type { HearingBounds } from "../../functions/adapters/http-health.ts";
import { look } from "../../functions/heal/observer.ts";
import type { World } from "../../functions/heal/world.ts";
import { canary } from "../canaries.ts";
import { holderIn, openSmallFleet, type SmallFleet } from "./small-fleet.ts";

function railwayRequests({ requests, railway }: SmallFleet): number {
  return requests.filter((url) => url.startsWith(railway.apiUrl)).length;
}

describe("a look at a healthy fleet", () => {
  it("makes two requests to Railway for one service", async () => {
    const fleet = await openSmallFleet({ hosts: ["vps"] });

    const report = await fleet.check();

    expect(report.status).toBe("in-sync");
    expect(railwayRequests(fleet)).toBe(2);
  });

  it("reads no snapshot", async () => {
    const fleet = await openSmallFleet();

    await fleet.check();

    expect(fleet.calls("deploymentSnapshot", "deployments")).toBe(0);
  });

  it("reads no old version", async () => {
    const fleet = await openSmallFleet({ secrets: ["AUTH", "TOKEN"], hosts: ["vps"] });

    const report = await fleet.check();

    expect(report.status).toBe("in-sync");
    expect(fleet.aws.requests.filter(({ versionId }) => versionId !== undefined)).toEqual([]);
  });
});

describe("a closer look", () => {
  it("reads the old versions of what differs, and of nothing else", async () => {
    const fleet = await openSmallFleet({ secrets: ["AUTH", "TOKEN"], hosts: ["vps"], mode: "observe" });
    await fleet.rotate("AUTH");
    const asked = fleet.aws.requests.length;

    const report = await fleet.check();

    const ofVersions = fleet.aws.requests.slice(asked).filter(({ versionId }) => versionId !== undefined);
    expect(holderIn(report, "api").verdict).toMatchObject({ kind: "behind", behindBy: 1 });
    expect(ofVersions.length).toBeGreaterThan(0);
    expect(ofVersions.filter(({ ids }) => !ids.some((id) => id.includes("prod/AUTH")))).toEqual([]);
  });

  it("reads the snapshots of a service that runs something wrong", async () => {
    const fleet = await openSmallFleet({
      services: { api: {}, worker: {} },
      hosts: ["vps"],
      mode: "observe",
    });
    const value = await fleet.rotate("AUTH");
    await fleet.humanSets("worker", "AUTH", value, true);
    const [serving] = fleet.railway.state.deployments("api");

    await fleet.check();

    const snapshots = fleet.railway.calls.filter(({ operation }) => operation === "deploymentSnapshot");
    expect(snapshots.map(({ ids }) => ids["deploymentId"])).toEqual([serving?.id]);
  });

  it("reads where a wrong variable comes from, though the process is right", async () => {
    const fleet = await openSmallFleet({ mode: "observe" });
    await fleet.humanSets("api", "AUTH", canary("typing error"), false);

    const report = await fleet.check();

    expect(holderIn(report, "api").cause).toBe("latent");
    expect(fleet.calls("environment")).toBe(1);
  });

  it("names the old version that a wrong variable holds beside a right process", async () => {
    const fleet = await openSmallFleet({ mode: "observe" });
    const old = fleet.stored("api")["AUTH"] ?? "";
    const value = await fleet.rotate("AUTH");
    await fleet.humanSets("api", "AUTH", value, true);
    await fleet.humanSets("api", "AUTH", old, false);

    const report = await fleet.check();

    expect(holderIn(report, "api").stored).toMatchObject({ kind: "behind", behindBy: 1 });
  });

  it("keeps what was read before where the old versions cannot be read", async () => {
    const fleet = await openSmallFleet({ hosts: ["vps"], mode: "observe" });
    await fleet.rotate("AUTH");
    const world = fleet.world();
    const unreadable = { kind: "unreadable", code: "throttled", detail: "not now" } as const;
    const truth = { ...world.truth, readHistory: async () => new Map([["AUTH", unreadable]]) };

    const report = await fleet.check({}, { world: { ...world, truth } });

    expect(holderIn(report, "api").verdict.kind).toBe("foreign");
    expect(holderIn(report, "vps").verdict.kind).toBe("in-sync");
  });
});

type Misbehaviour = (response: ServerResponse) => unknown;

const impatient = { requestTimeoutMs: 1_000, hearingTimeoutMs: 1_000 };

interface Misbehaving {
  readonly does: string;
  readonly misbehave: Misbehaviour;
  readonly bounds?: Partial<HearingBounds>;
}

const misbehaving: readonly Misbehaving[] = [
  { does: "never answers", misbehave: () => {}, bounds: impatient },
  { does: "answers byte by byte for ever", misbehave: trickle, bounds: impatient },
  {
    does: "redirects",
    misbehave: (response) => response.writeHead(302, { location: "http://127.0.0.1:9/" }).end(),
  },
  { does: "answers with ten megabytes", misbehave: (response) => response.end("x".repeat(10_000_000)) },
  {
    does: "lies",
    misbehave: (response) => response.end('{"tally":{"version":1,"running":{"AUTH":"right"}}}'),
  },
  { does: "breaks off", misbehave: (response) => response.socket?.destroy() },
];

describe("an environment that misbehaves", () => {
  it.each(misbehaving)("costs its own row only where it $does", async ({ misbehave, bounds }) => {
    const fleet = await openBeside(misbehave);

    const report = await fleet.check({}, { world: fleet.world(bounds) });

    expect(holderIn(report, "bad").verdict.kind).toBe("unknown");
    expect(["api", "vps", "mac"].map((name) => holderIn(report, name).verdict.kind)).toEqual([
      "in-sync",
      "in-sync",
      "in-sync",
    ]);
    expect(report.status).toBe("unknown");
  });

  it("delays nobody beyond its own time", async () => {
    const fleet = await openBeside(() => {});
    const order: string[] = [];

    await fleet.check({}, { world: noting(fleet.world(impatient), order) });

    expect(order.at(-1)).toBe("bad");
    expect(order.toSorted()).toEqual(["api", "bad", "mac", "vps"]);
  });

  it("costs nobody else anything where a header of its own cannot be read", async () => {
    const fleet = await openSmallFleet({
      hosts: ["vps", "mac"],
      entries: () => ({ vps: { headers: { "X-Access": { env: "NOT_SET_ANYWHERE" } } } }),
    });

    const report = await fleet.check();

    expect(holderIn(report, "vps").verdict).toMatchObject({ kind: "unknown", code: "header-unreadable" });
    expect(holderIn(report, "mac").verdict.kind).toBe("in-sync");
    expect(fleet.asked("vps", "/health/vps")).toBe(0);
  });
});

describe("a second look of the same run", () => {
  it("keeps what it does not look at again", async () => {
    const fleet = await openSmallFleet({
      hosts: ["vps"],
      entries: ({ originOf }) => ({
        vps: { capabilities: { skills: { url: `${originOf("vps")}/skills` } } },
      }),
    });
    const world = fleet.world();
    const first = await look(world, { fleet: fleet.fleet, probe: true });

    const { observation } = await look(world, {
      fleet: fleet.fleet,
      earlier: first.observation,
      again: new Set(["api"]),
      probe: false,
    });

    expect(observation.environments.get("vps")).toEqual(first.observation.environments.get("vps"));
    expect(observation.environments.get("vps")?.probes.get("skills")).toEqual({
      kind: "works",
      httpStatus: 200,
    });
  });
});

describe("an environment without a health endpoint", () => {
  it("has its variable told, and what it runs is not guessed", async () => {
    const fleet = await openSmallFleet({ entries: () => ({ api: { health: undefined } }), mode: "observe" });
    await fleet.rotate("AUTH");

    const report = await fleet.check();

    expect(holderIn(report, "api")).toMatchObject({
      verdict: { kind: "unknown", because: "not-reported" },
      stored: { kind: "behind" },
      remedy: { kind: "none" },
    });
  });
});

function trickle(response: ServerResponse): void {
  const timer = setInterval(() => response.write(" "), 20);
  response.once("close", () => clearInterval(timer));
}

/** A fleet in sync with one environment more, named `bad`, which is asked first. */
async function openBeside(misbehave: Misbehaviour): Promise<SmallFleet> {
  const server = createServer((_request, response) => misbehave(response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return openSmallFleet({
    hosts: ["vps", "mac"],
    entries: () => ({ bad: { health: `http://127.0.0.1:${port}/health` } }),
  });
}

/** The same world, whose hearings are noted in the order in which they end. */
function noting(world: World, order: string[]): World {
  return {
    ...world,
    health: {
      hear: async (question) => {
        const hearing = await world.health.hear(question);
        order.push(question.environment);
        return hearing;
      },
    },
  };
}
