import stringWidth from "string-width";
import { counted } from "../../core/counting.ts";
import { listedRows, type MatrixRow, matrixRows } from "../../core/matrix-rows.ts";
import type { EnvironmentReport, Report, SecretReport } from "../../core/report.ts";
import { signs } from "../../core/tone.ts";
import { type Cell, cutMiddle, labelled, type Page, tableLines, tableWidth } from "./layout.ts";
import { headCell, holderCell, sourceCell } from "./matrix-cell.ts";

/** Environments by secrets: what runs where. The first row is the source itself. */
export function matrixLines({ environments, secrets }: Report, page: Page): string[] {
  const rows = matrixRows(environments);
  const listed = listedRows(rows);
  const nameColumns = nameColumnsOf(
    listed.map(({ environment }) => environment.name),
    page,
  );
  const columns = secrets.map((secret) =>
    columnOf(
      secret,
      listed.map(({ environment }) => environment),
      page,
    ),
  );
  const names: Cell[] = [
    { text: "" },
    { text: "Source", paint: page.paint.dim },
    ...listed.map(({ environment }) => ({ text: cutMiddle(environment.name, nameColumns) })),
  ];
  const bands = bandsOf(columns, page.columns - nameColumns);
  const tables = bands.map((band) => bandLines(names, band));
  return [
    ...tables.flatMap((lines, index) => (index === 0 ? lines : ["", ...lines])),
    ...omittedLines(rows, listed, page),
  ];
}

function omittedLines(rows: readonly MatrixRow[], listed: readonly MatrixRow[], page: Page): string[] {
  const omitted = rows.filter((row) => !listed.includes(row));
  const well = omitted.filter(({ tone }) => tone === "good").length;
  const open = omitted.length - well;
  const more = listed.length === 0 ? "" : "more ";
  const lines: Cell[] = [
    ...(well === 0
      ? []
      : [{ text: `${signs.good} ${counted(well, `${more}environment`)} in sync`, paint: page.paint.good }]),
    ...(open === 0
      ? []
      : [
          {
            text: `${signs.warn} ${counted(open, `${more}environment`)} not wholly seen, or ahead`,
            paint: page.paint.warn,
          },
        ]),
  ];
  return lines.flatMap((line) => labelled({ text: "" }, line, page));
}

/** Names take at most two fifths of a narrow page, so that a column beside them still fits. */
function nameColumnsOf(names: readonly string[], page: Page): number {
  const widest = Math.max("Source".length, ...names.map((name) => stringWidth(name)));
  return Math.min(widest, Math.floor(page.columns * 0.4));
}

/** A column from its heading down. */
function columnOf(secret: SecretReport, environments: readonly EnvironmentReport[], page: Page): Cell[] {
  const cells = environments.map(({ secrets }) =>
    holderCell(
      secrets.find(({ name }) => name === secret.name),
      page,
    ),
  );
  return [headCell(secret, page), sourceCell(secret, page), ...cells];
}

/** Columns side by side, as many as the page takes; the others stand below, with the names once more. */
function bandsOf(columns: readonly Cell[][], room: number): Cell[][][] {
  const bands: Cell[][][] = [];
  let widths: number[] = [];
  for (const column of columns) {
    const width = Math.max(...column.map(({ text }) => stringWidth(text)));
    const band = bands.at(-1);
    // The first of the widths stands for the gap behind the names.
    if (band !== undefined && tableWidth([0, ...widths, width]) <= room) {
      band.push(column);
      widths.push(width);
    } else {
      bands.push([column]);
      widths = [width];
    }
  }
  return bands;
}

function bandLines(names: readonly Cell[], band: readonly Cell[][]): string[] {
  return tableLines(names.map((name, row) => [name, ...band.map((column) => column[row] ?? { text: "" })]));
}
