import { counted } from "../core/counting.ts";
import { explain, truthTexts } from "../core/explanations.ts";
import { listedRows, type MatrixRow, matrixRows } from "../core/matrix-rows.ts";
import type { EnvironmentReport, HolderReport, Report, SecretReport } from "../core/report.ts";
import { toneOfHolder, truthTones } from "../core/tone.ts";
import { holderPhrase, shortVersion } from "../core/wording.ts";
import { type Html, html, type Part } from "./html.ts";
import { name, scrolling, section, sign, time } from "./pieces.ts";

/** Environments by secrets: what runs where. The first row is the source itself. */
export function matrixSection({ environments, secrets }: Report): Html | undefined {
  const rows = matrixRows(environments);
  const listed = listedRows(rows);
  const table = html`<table class="matrix">
<thead><tr><td></td>${secrets.map(({ name: secret }) => html`<th scope="col">${name(secret)}</th>`)}</tr></thead>
<tbody>
<tr class="source"><th scope="row">Source</th>${secrets.map(sourceCell)}</tr>
${listed.map(({ environment }) => rowOf(environment, secrets))}</tbody>
</table>`;
  return section("What runs where", "wide", [
    scrolling("What runs where", table),
    omittedLine(rows.filter((row) => !listed.includes(row))),
  ]);
}

function rowOf(
  { name: environment, notes = [], secrets: holders }: EnvironmentReport,
  secrets: Report["secrets"],
): Html {
  const remarks = notes.flatMap((note) =>
    explain(note).map(({ text }) => html`<small>${text.short}</small>`),
  );
  const cells = secrets.map((secret) => holderCell(holders.find((holder) => holder.name === secret.name)));
  return html`<tr><th scope="row">${name(environment)}${remarks}</th>${cells}</tr>\n`;
}

/** The state of the secret itself, and which version it is. */
function sourceCell({ truth, version }: SecretReport): Html {
  const tone = truthTones[truth];
  const id = version === undefined ? undefined : html` <code>${shortVersion(version.id)}</code>`;
  return html`<td class="${tone}">${sign(tone)} ${truthTexts[truth].short}${id}</td>`;
}

function holderCell(holder: HolderReport | undefined): Html {
  if (holder === undefined)
    return html`<td class="none"><span aria-hidden="true">·</span><span class="heard">does not hold it</span></td>`;
  const tone = toneOfHolder(holder);
  const since =
    tone === "good" || holder.since === undefined
      ? undefined
      : html`<small>since ${time(holder.since)}</small>`;
  return html`<td class="${tone}">${sign(tone)} ${holderPhrase(holder)}${since}</td>`;
}

function omittedLine(omitted: readonly MatrixRow[]): Part {
  if (omitted.length === 0) return undefined;
  const well = omitted.filter(({ tone }) => tone === "good").length;
  const open = omitted.length - well;
  return html`<p class="omitted">${[
    well > 0 && html`<span>${sign("good")} ${counted(well, "more environment")} in sync</span> `,
    open > 0 &&
      html`<span>${sign("warn")} ${counted(open, "more environment")} not wholly seen, or ahead</span>`,
  ]}</p>`;
}
