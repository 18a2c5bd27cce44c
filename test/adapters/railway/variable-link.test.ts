import { expect, test } from "vitest";
import type { VariableRow } from "../../../functions/adapters/railway/answers.ts";
import { linkOf } from "../../../functions/adapters/railway/variable-link.ts";

const services = [
  { id: "s-api", name: "api" },
  { id: "s-worker", name: "Worker One" },
  { id: "s-twin-1", name: "twin" },
  { id: "s-twin-2", name: "twin" },
];

function row(serviceId: string | null, name: string, ...references: readonly string[]): VariableRow {
  return { serviceId, name, isSealed: false, references: [...references] };
}

function link(to: string, rows: readonly VariableRow[]) {
  return linkOf(to, { serviceId: "s-api", services, rows });
}

const users = [{ serviceId: "s-api", variable: "AUTH" }];

test.for<[string, string]>([
  ["shared.TOKEN", "shared.TOKEN"],
  ["shared.TOKEN", `\${{ shared.TOKEN }}`],
])("follows %s, referred to as %s, to what the environment shares", ([to, reference]) => {
  expect(link(to, [row(null, "TOKEN"), row("s-api", "AUTH", reference)])).toEqual({
    ...{ serviceId: null, variable: "TOKEN", users },
  });
});

test("follows a reference to another service, which uses the variable too", () => {
  const rows = [row("s-worker", "TOKEN"), row("s-api", "AUTH", "Worker One.TOKEN")];

  expect(link("Worker One.TOKEN", rows)).toEqual({
    ...{ serviceId: "s-worker", variable: "TOKEN" },
    users: [{ serviceId: "s-worker", variable: "TOKEN" }, ...users],
  });
});

test("follows a reference without an owner to the service's own variable", () => {
  const rows = [row("s-api", "TOKEN"), row("s-api", "AUTH", "TOKEN"), row("s-worker", "AUTH", "TOKEN")];

  expect(link("TOKEN", rows)).toEqual({
    ...{ serviceId: "s-api", variable: "TOKEN" },
    users: [{ serviceId: "s-api", variable: "TOKEN" }, ...users],
  });
});

test("counts everything that refers to it, whatever else its value holds", () => {
  const rows = [
    row(null, "TOKEN"),
    row("s-api", "AUTH", "shared.TOKEN"),
    row("s-worker", "URL", "shared.HOST", "shared.TOKEN"),
    row("s-worker", "OTHER", "shared.HOST"),
  ];

  expect(link("shared.TOKEN", rows)?.users).toEqual([...users, { serviceId: "s-worker", variable: "URL" }]);
});

test("counts what refers to it by an owner that nobody knows", () => {
  const rows = [row(null, "TOKEN"), row("s-api", "AUTH", "shared.TOKEN"), row("s-worker", "X", "gone.TOKEN")];

  expect(link("shared.TOKEN", rows)?.users).toContainEqual({ serviceId: "s-worker", variable: "X" });
});

const own = row("s-api", "AUTH", "shared.TOKEN");

test.for<[string, string, VariableRow[]]>([
  ["is not there", "shared.TOKEN", [own]],
  ["takes its own value from elsewhere", "shared.TOKEN", [row(null, "TOKEN", "Worker One.TOKEN"), own]],
  ["belongs to an unknown service", "nobody.TOKEN", [row("s-worker", "TOKEN")]],
  ["belongs to one of two services of a name", "twin.TOKEN", [row("s-twin-1", "TOKEN")]],
  [
    "is used by another shared variable",
    "shared.TOKEN",
    [row(null, "TOKEN"), own, row(null, "A", "shared.TOKEN")],
  ],
  [
    "is used by what others use in turn",
    "shared.TOKEN",
    [row(null, "TOKEN"), own, row("s-worker", "B", "api.AUTH")],
  ],
  ["is there twice", "shared.TOKEN", [row(null, "TOKEN"), row(null, "TOKEN"), own]],
])("does not follow a link to a variable that %s", ([, to, rows]) => {
  expect(link(to, rows)).toBeUndefined();
});

test("does not follow what may be a variable of a service called shared", () => {
  const rows = [row(null, "TOKEN"), row("s-shared", "TOKEN"), row("s-shared", "AUTH", "TOKEN"), own];
  const place = { services: [...services, { id: "s-shared", name: "shared" }], rows };

  expect(linkOf("shared.TOKEN", { ...place, serviceId: "s-api" })).toBeUndefined();
  expect(linkOf("TOKEN", { ...place, serviceId: "s-shared" })?.users).toContainEqual({
    ...{ serviceId: "s-api", variable: "AUTH" },
  });
});
