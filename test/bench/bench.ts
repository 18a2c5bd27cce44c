/** `npm run bench`: every figure in one run, as JSON and as a table. It measures and does not judge. */
import { table } from "table";
import { benchBundles } from "./bundle-bench.ts";
import { benchFleet } from "./fleet-bench.ts";

const fleet = await benchFleet();
const bundles = await benchBundles();
const ms = (value: number): string => `${value.toFixed(0)} ms`;
const times = (value: number): string => `${value.toFixed(2)} ×`;

process.stdout.write(`${JSON.stringify({ node: process.version, fleet, bundles })}\n\n`);
process.stdout.write(
  table([
    [`${fleet.environments} environments × 2 secrets`, "median", "ratio"],
    ["whole check", ms(fleet.checkMs), ""],
    ["floor: one request, one signature, one HMAC a secret", ms(fleet.floorMs), times(fleet.checkToFloor)],
    ["plain GETs", ms(fleet.plainGetsMs), times(fleet.checkToPlainGets)],
    ["memory of a process that only checks, at most", `${fleet.memoryMbMax.toFixed(0)} MB`, ""],
    ["import of the bundled check", ms(bundles.checkImportMs), times(bundles.checkToBare)],
    ["import of the bundled heal", ms(bundles.healImportMs), times(bundles.healToBare)],
    ["import of the same clients alone", ms(bundles.bareImportMs), ""],
    ["check bundle", `${bundles.checkKb.toFixed(0)} KB`, ""],
    ["heal bundle", `${bundles.healKb.toFixed(0)} KB`, ""],
    ["same clients alone, bundle", `${bundles.bareKb.toFixed(0)} KB`, ""],
    ["responder bundle", `${bundles.responderBytes} bytes`, ""],
  ]),
);
