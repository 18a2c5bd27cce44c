/** Checks a healthy fleet a few times and tells how much memory it took at most, in KiB. */
import { type BenchFleet, prepareCheck } from "./healthy-check.ts";

const checks = 5;

process.once("message", async (fleet: BenchFleet) => {
  const check = prepareCheck(fleet);
  for (let done = 0; done < checks; done += 1) await check();
  process.send?.(process.resourceUsage().maxRSS);
});
