import stringWidth from "string-width";
import { counted } from "../../core/counting.ts";
import type { CapabilityReport, Report } from "../../core/report.ts";
import { capabilityTones, signs } from "../../core/tone.ts";
import { type Cell, cutEnd, cutMiddle, type Page, tableLines, tableWidth, wrapped } from "./layout.ts";

interface PlacedCapability extends CapabilityReport {
  readonly environment: string;
}

/** The gravest first: what is denied is what somebody misses. */
const order = [
  "denied",
  "broken",
  "unknown",
  "works",
] as const satisfies readonly CapabilityReport["status"][];

/** More than this that work are counted, not listed. */
const worksMax = 20;
/** What a capability needs has at least so much room, beside names however long. */
const needsColumnsMin = 20;

/** What can be done and what cannot, and which secrets that hangs on. */
export function capabilityLines({ environments }: Report, page: Page): string[] {
  const all = environments.flatMap(({ name: environment, capabilities }) =>
    capabilities.map((capability) => ({ environment, ...capability })),
  );
  if (all.length === 0) return [];
  const works = all.filter(({ status }) => status === "works");
  const isSummed = works.length > worksMax;
  const listed = order.flatMap((status) =>
    status === "works" && isSummed ? [] : all.filter((each) => each.status === status),
  );
  const sum = `${signs.good} ${counted(works.length, "capability")} that work`;
  return [
    page.paint.strong("CAPABILITIES"),
    ...(listed.length === 0 ? [] : capabilityTable(listed, page)),
    ...(isSummed ? [page.paint.good(sum)] : []),
  ];
}

/** What is needed stands in the last column and is wrapped there, for nothing of it may be cut off. */
function capabilityTable(listed: readonly PlacedCapability[], page: Page): string[] {
  const { dim } = page.paint;
  const head = ["", "capability", "environment"].map((text) => ({ text, paint: dim }));
  const rows = [
    { cells: head, needs: "needs" },
    ...listed.map((capability) => ({ cells: nameCells(capability, page), needs: needsOf(capability) })),
  ];
  const widths = head.map((_, column) =>
    Math.max(...rows.map(({ cells }) => stringWidth(cells[column]?.text ?? ""))),
  );
  const room = Math.max(needsColumnsMin, page.columns - tableWidth([...widths, 0]));
  return tableLines(
    rows.flatMap(({ cells, needs }) =>
      wrapped(needs, room).map((text, index) => [
        ...(index === 0 ? cells : cells.map(() => ({ text: "" }))),
        { text, paint: dim },
      ]),
    ),
  );
}

function nameCells({ name, environment, status, httpStatus }: PlacedCapability, page: Page): Cell[] {
  const tone = capabilityTones[status];
  const answer = status === "works" || httpStatus === undefined ? "" : ` (${httpStatus})`;
  const nameColumnsMax = Math.floor(page.columns / 4);
  return [
    { text: `${signs[tone]} ${status}${answer}`, paint: page.paint[tone] },
    { text: cutEnd(name, nameColumnsMax) },
    { text: cutMiddle(environment, nameColumnsMax), paint: page.paint.dim },
  ];
}

function needsOf({ dependsOn, because }: PlacedCapability): string {
  const needs = dependsOn.length === 0 ? "no secret" : dependsOn.join(", ");
  return because === undefined ? needs : `${needs}; ${because}`;
}
