import { expect, test } from "vitest";
import { entry, healthyAnswers, names, plantRailway } from "./planted-railway.ts";

test("asks an API that does not answer no more for a moment, however many services there are", async () => {
  const { railway, operations } = await plantRailway(
    healthyAnswers({ TokenPlace: { status: 503, body: "" } }),
  );

  const states = [];
  for (let service = 0; service < 10; service += 1) states.push(await railway.observe(entry, names));

  expect(states.map((state) => state.kind === "unseen" && state.code)).toEqual(
    Array(10).fill("railway-unreachable"),
  );
  expect(operations()).toHaveLength(3);
});
