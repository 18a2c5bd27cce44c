import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { packReport, unpackReport } from "../../functions/adapters/report-item.ts";
import type { EnvironmentReport, Report } from "../../functions/core/report.ts";
import { afterHeal, incident, twoHundred } from "../command-line/reports.ts";

const itemBytesMax = 400_000;

/** Text that does not get smaller by packing, the same in every run. */
function noise(seed: number, length: number): string {
  const hash = (part: number) => createHash("sha512").update(`${seed} ${part}`).digest("base64");
  return Array.from({ length: Math.ceil(length / 88) }, (_, part) => hash(part))
    .join("")
    .slice(0, length);
}

/** As many environments as are asked for, each with a detail that is hard to pack. */
function large(environments: number, detailLength: number, good = 0): Report {
  const [wrong] = incident.environments.slice(0, 1);
  const [right] = twoHundred.environments.slice(1, 2);
  const unseen = (index: number): EnvironmentReport => ({
    ...(index < good ? right : wrong),
    name: `env-${index}`,
    secrets:
      (index < good ? right : wrong)?.secrets.map((holder) => ({
        ...holder,
        name: noise(index, detailLength),
      })) ?? [],
    capabilities: [],
  });
  return { ...incident, environments: Array.from({ length: environments }, (_, index) => unseen(index)) };
}

describe("a report that is kept", () => {
  it("is whole where it fits", () => {
    const packed = packReport(incident);

    expect(packed.isCut).toBe(false);
    expect(unpackReport(packed)).toEqual({ report: incident, isCut: false });
  });

  it("fits for 1,000 environments with two secrets each", () => {
    const thousand: Report = {
      ...twoHundred,
      environments: Array.from({ length: 1_000 }, (_, index) => ({
        ...twoHundred.environments[index % 200],
        ...{ name: `env-${index}`, secrets: incident.environments[0]?.secrets ?? [], capabilities: [] },
      })),
    };

    expect(packReport(thousand).isCut).toBe(false);
  });

  it("loses what is right first, and says that it is cut", () => {
    const packed = packReport(large(400, 2_000, 300));

    expect(packed.bytes.length).toBeLessThan(itemBytesMax);
    const { report, isCut } = unpackReport(packed);
    expect(isCut).toBe(true);
    expect(report.environments.map(({ name }) => name)).toEqual(
      Array.from({ length: 100 }, (_, index) => `env-${index + 300}`),
    );
  });

  it("is cut until it fits, however much is wrong", () => {
    const packed = packReport(large(300, 10_000));

    expect(packed.bytes.length).toBeLessThan(itemBytesMax);
    const { report, isCut } = unpackReport(packed);
    expect(isCut).toBe(true);
    expect(report.environments.length).toBeGreaterThan(0);
    expect(report.secrets).toEqual(incident.secrets);
  });

  it("is cut to its head where one environment alone is too large", () => {
    const heals = afterHeal.heals.map((heal) => ({ ...heal, detail: noise(1, 1_000_000) }));
    const packed = packReport({ ...large(1, 500_000), heals });

    expect(unpackReport(packed)).toMatchObject({ isCut: true, report: { environments: [], heals: [] } });
  });
});

describe("what is no report of this version", () => {
  const planted: readonly (readonly [string, unknown])[] = [
    ["no JSON", undefined],
    ["another schema", { ...incident, schema: "tallystick/report/v2" }],
    ["a new status", { ...incident, status: "sleepy" }],
    [
      "a new cause",
      {
        ...incident,
        environments: incident.environments.map((one) => ({
          ...one,
          secrets: one.secrets.map((holder) => ({ ...holder, cause: "moon-phase" })),
        })),
      },
    ],
  ];

  it.each(planted)("is said to be unknown, and nothing of it is told: %s", (_name, data) => {
    const bytes =
      data === undefined ? new TextEncoder().encode("moon-phase") : gzipSync(JSON.stringify(data));

    expect(() => unpackReport({ bytes, isCut: false })).toThrow(
      /^the last check's report has a form that is not known(?!.*(?:moon|sleepy))/,
    );
  });

  it("is not unpacked without bound", () => {
    const bytes = gzipSync(Buffer.alloc(70_000_000, " "));

    expect(() => unpackReport({ bytes, isCut: false })).toThrow("form that is not known");
  });
});
