import { expect, it } from "vitest";
import { holderIn, openSmallFleet } from "./small-fleet.ts";
it("x", async () => {
  const fleet = await openSmallFleet({ hosts: ["vps"] });
  const value = await fleet.rotate("AUTH");
  console.time("c");
  const report = await fleet.check();
  console.timeEnd("c");
  console.log(JSON.stringify(report, null, 1), fleet.railway.calls.map(c=>c.operation).join(), fleet.requests);
  expect(fleet.stored("api")["AUTH"]).toBe(value);
});
it("y", async () => {
  const fleet = await openSmallFleet({ hosts: ["vps"] });
  fleet.railway.plant({ kind: "deployment", fate: "never-ends" });
  await fleet.rotate("AUTH");
  console.time("c");
  const report = await fleet.check();
  console.timeEnd("c");
  console.log(JSON.stringify(report.heals, null, 1), fleet.railway.calls.map(c=>c.operation).join());
});
