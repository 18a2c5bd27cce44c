import type { CapabilityReport, Report } from "../../core/report.ts";
import { counted } from "./counting.ts";
import { type Cell, cutEnd, cutMiddle, type Page, tableLines } from "./layout.ts";
import { signs } from "./paint.ts";
import { capabilityTones } from "./tone.ts";

interface PlacedCapability extends CapabilityReport {
  readonly environment: string;
}

/** The gravest first: what is denied is what somebody misses. */
const order = ["denied", "broken", "unknown", "works"] as const satisfies readonly CapabilityReport["status"][];

/** More than this that work are counted, not listed. */
const worksMax = 20;

/** What can be done and what cannot, and which secrets that hangs on. */
export function capabilityLines({ environments }: Report, page: Page): string[] {
  const all = environments.flatMap(({ name: environment, capabilities }) =>
    capabilities.map((capability) => ({ environment, ...capability })),
  );
  if (all.length === 0) return [];
  const works = all.filter(({ status }) => status === "works");
  const summed = works.length > worksMax;
  const listed = order.flatMap((status) =>
    status === "works" && summed ? [] : all.filter((each) => each.status === status),
  );
  return [
    page.paint.strong("CAPABILITIES"),
    ...tableLines(listed.map((capability) => rowOf(capability, page))),
    ...(summed ? [page.paint.good(`${signs.good} ${counted(works.length, "capability")} works`)] : []),
  ];
}

/** The columns' parts of a page: sign and status, name, environment; what it needs takes the rest. */
function rowOf({ name, environment, status, dependsOn, httpStatus, because }: PlacedCapability, page: Page): Cell[] {
  const tone = capabilityTones[status];
  const needs = dependsOn.length === 0 ? "needs no secret" : `needs ${dependsOn.join(", ")}`;
  const nameColumns = Math.floor(page.columns * 0.3);
  const answer = httpStatus === undefined ? because : `HTTP ${httpStatus}`;
  const why = status === "works" || answer === undefined ? "" : ` (${answer})`;
  const used = 9 + 2 * nameColumns;
  return [
    { text: `${signs[tone]} ${status}`, paint: page.paint[tone] },
    { text: cutEnd(name, nameColumns) },
    { text: cutMiddle(environment, nameColumns), paint: page.paint.dim },
    { text: cutEnd(`${needs}${why}`, Math.max(20, page.columns - used)), paint: page.paint.dim },
  ];
}
