import { describe, expect, it } from "vitest";

import { fleetJsonSchema } from "../../functions/core/fleet.ts";

describe("the JSON schema", () => {
  const schema: unknown = JSON.parse(JSON.stringify(fleetJsonSchema()));

  /** Every node of a JSON document. */
  function nodesOf(node: unknown): object[] {
    return typeof node !== "object" || node === null ? [] : [node, ...Object.values(node).flatMap(nodesOf)];
  }
  const nodes = nodesOf(schema);

  it("is one of the 2020 draft, with a title", () => {
    expect(schema).toMatchObject({
      title: "Tallystick fleet",
      $schema: "https://json-schema.org/draft/2020-12/schema",
      type: "object",
      required: ["secrets", "environments"],
    });
  });

  it.each([
    ...[
      "secrets",
      "environments",
      "policy",
      "source",
      "secretsManager",
      "jsonKey",
      "env",
      "older",
      "pending",
    ],
    ...["expires", "after", "warn", "health", "headers", "instances", "allowHttp", "railway", "project"],
    ...[
      "environment",
      "service",
      "token",
      "variables",
      "capabilities",
      "url",
      "method",
      "body",
      "bearer",
      "header",
    ],
    ...[
      "verifier",
      "deniedStatuses",
      "mode",
      "environmentsPerRunMax",
      "cooldown",
      "fixesPerDayMax",
      "remindEvery",
      "unseenAfter",
    ],
  ])("knows the setting %s", (setting) => {
    const settings = nodes.flatMap((node) =>
      "properties" in node ? Object.keys(Object(node.properties)) : [],
    );
    expect(settings).toContain(setting);
  });

  it("resolves every reference within itself", () => {
    const references = nodes.flatMap((node) => ("$ref" in node ? [String(node.$ref)] : []));
    const broken = references.filter((reference) => {
      const steps = reference.split("/").slice(1);
      return (
        !reference.startsWith("#") ||
        steps.reduce<unknown>((at, step) => Reflect.get(Object(at), step), schema) === undefined
      );
    });
    expect(broken).toEqual([]);
  });

  it("refuses settings that do not exist, as the reader does", () => {
    const open = nodes.filter((node) => "properties" in node && !("additionalProperties" in node));
    expect(open).toEqual([]);
  });
});
