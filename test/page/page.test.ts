import { describe, expect, it } from "vitest";
import { verdictTexts } from "../../functions/core/explanations.ts";
import type { Report } from "../../functions/core/report.ts";
import { renderFragment, renderNotice, renderPage } from "../../functions/page/page.ts";
import { style } from "../../functions/page/style.ts";
import { afterHeal, allWell, hostile, incident, storedOnly, twoHundred } from "../command-line/reports.ts";
import { firstRunMs, hourMs, runsOf, threeDays } from "./runs.ts";

const reports = { allWell, incident, afterHeal, storedOnly, twoHundred, hostile };
const page = (report: Report, runs = threeDays) => renderPage({ report, runs });

/** A golden page is for reading: the style sheet is left out. */
async function matchGolden(name: string, markup: string): Promise<void> {
  const readable = markup.replace(style.toString(), "/* functions/page/style.ts */");
  await expect(readable).toMatchFileSnapshot(new URL(`golden/${name}.html`, import.meta.url).pathname);
}

/** What a reader hears: the text of a page without its markup. */
function textOf(markup: string): string {
  const text = markup
    .replace(/<style>[\s\S]*?<\/style>/g, "")
    .replace(/<wbr>/g, "")
    .replace(/<[^>]+>/g, " ");
  return text.replaceAll("&#39;", "'").replaceAll(/\s+/g, " ");
}

describe("a page", () => {
  it.each([
    ["incident", incident],
    ["after-heal", afterHeal],
    ["hostile-names", hostile],
  ])("shows %s", async (name, report) => {
    await matchGolden(name, page(report));
  });

  it.each(Object.entries(reports))("of %s needs no network and no script, and runs none", (_name, report) => {
    const markup = page(report);

    expect(markup).not.toMatch(/<(?:script|iframe|object|embed|use|img|form|base)\b/i);
    expect(markup).not.toMatch(/<[^>]*\son\w+=/i);
    expect(markup).not.toMatch(/(?:href|src|action)="(?!data:,")|url\(|@import|javascript:/i);
    expect(markup).toContain("default-src 'none'");
  });

  it("says first what is wrong and that somebody has to act", () => {
    expect(textOf(page(incident))).toMatch(
      /Tallystick ✗ OPENCLAW_GATEWAY_TOKEN is rejected \(\+3 more\) Somebody has to act\./,
    );
  });

  it("says first that all is right and that nobody has to do anything", () => {
    expect(textOf(page(allWell))).toMatch(/Tallystick ✓ All is right Nothing to do\./);
  });

  it.each(Object.entries(reports))("has no section of %s twice", (_name, report) => {
    const headings = page(report).match(/<h2>[^<]*/g) ?? [];

    expect(headings).toEqual([...new Set(headings)]);
  });

  it("says how it was repaired, and what proves it", () => {
    const text = textOf(page(afterHeal));

    expect(text).toContain("railway-production : repaired and verified (42 s)");
    expect(text).toContain(`proof ${verdictTexts["in-sync"].means}`);
  });

  it("tells each drawn line in words beside it", () => {
    const text = textOf(page(incident));

    expect(text).toContain("2026-11-19 00:00 UTC to 2026-11-22 06:00 UTC : ✓ 32 in-sync, ✗ 8 drifted");
    expect(text).toMatch(/not set, then old version from 2026-11-19 18:00 UTC , for 6 h/);
    expect(text).toMatch(/✗ old version since 2026-11-21 22:00 UTC , 8 h so far/);
  });

  it("draws nothing where no run is remembered", () => {
    expect(page(incident, [])).not.toContain("<svg");
  });

  it("shows a word of a newer version as it is, where it comes from the memory", () => {
    const runs = runsOf(1, () => [{ environment: "vps", secret: "AUTH", verdict: "moonstruck" }]);

    expect(textOf(page(incident, runs))).toContain("moonstruck since");
  });

  it("lets no name or text write markup", () => {
    const nasty =
      "</style></title><script>alert(1)</script><a href=\"javascript:alert(1)\" onclick='x'>&amp;";
    const planted: Report = JSON.parse(
      JSON.stringify(incident)
        .replaceAll("INTERNAL_AUTH_SECRET", JSON.stringify(nasty).slice(1, -1))
        .replaceAll("railway-production", JSON.stringify(nasty).slice(1, -1)),
    );
    const runs = runsOf(2, () => [{ environment: nasty, secret: nasty, verdict: nasty }]);
    const clean = page(
      incident,
      runsOf(2, () => [{ environment: "e", secret: "s", verdict: "v" }]),
    );
    const tags = (markup: string) => [...new Set(markup.match(/<\/?[a-z]\w*/g))].toSorted();

    expect(tags(page(planted, runs))).toEqual(tags(clean));
    expect(page(planted, runs)).not.toMatch(/<[^>]*(?:javascript|onclick)/);
  });

  it.each(Object.entries(reports))("of %s has no character that cannot be seen", (_name, report) => {
    expect(page(report)).not.toMatch(/[^\n\P{C}]/u);
  });

  it("lists what is wrong among 1,000 environments, and counts the rest", () => {
    const environments = Array.from({ length: 1_000 }, (_, index) => ({
      ...(twoHundred.environments[index % 200] ?? { secrets: [], capabilities: [] }),
      name: `env-${index}`,
    }));

    const markup = page({ ...twoHundred, environments });

    expect(markup.match(/<td class="bad">/g)).toHaveLength(15);
    expect(textOf(markup)).toContain("985 more environments in sync");
    expect(markup.length).toBeLessThan(60_000);
  });

  it("stays small where 1,000 environments are each wrong in a way of their own", () => {
    const environments = Array.from({ length: 1_000 }, (_, index) => ({
      ...{ name: `env-${index}`, capabilities: incident.environments[0]?.capabilities ?? [] },
      secrets: (incident.environments[0]?.secrets ?? []).map((holder) => ({ ...holder, since: `${index}` })),
    }));

    expect(page({ ...incident, environments }).length).toBeLessThan(2_000_000);
  });

  it("draws three months of runs in a few kilobytes", () => {
    const many = runsOf(720, (index) =>
      index % 2 === 0 ? [{ environment: "vps", secret: "AUTH", verdict: "unset" }] : [],
    );

    expect(page(incident, many).length - page(incident, []).length).toBeLessThan(60_000);
    expect(textOf(page(incident, many))).toContain("357 times before");
  });

  it("asks to be loaded anew only where it is served live", () => {
    expect(page(incident)).not.toContain('http-equiv="refresh"');
    expect(renderPage({ report: incident, runs: [] }, { refreshS: 1 })).toContain(
      '<meta http-equiv="refresh" content="1">',
    );
  });

  it("does not change the report that it renders", () => {
    const before = structuredClone(hostile);
    page(hostile);

    expect(hostile).toEqual(before);
  });

  it("says that the memory could not be read, and what that means", () => {
    const unreadable = { ...incident, run: { ...incident.run, memory: "unreadable" as const } };

    expect(textOf(page(unreadable))).toContain("What was done before is not known");
  });
});

describe("a part of a dashboard", () => {
  const laterHeals = [
    {
      ...{ id: "heal-1", environment: "railway-production", startedAtMs: firstRunMs },
      targets: [{ secret: "INTERNAL_AUTH_SECRET", versionId: "v" }],
      end: { atMs: firstRunMs + hourMs, status: "healed" as const },
    },
    {
      ...{ id: "heal-2", environment: "vps", startedAtMs: firstRunMs, targets: [] },
      end: { atMs: firstRunMs, status: "failed" as const, reason: "deployment-failed" as const },
    },
    { id: "heal-3", environment: "mac-mini", startedAtMs: firstRunMs, targets: [] },
  ];

  it("is no document, and wears the dashboard's own theme", () => {
    const markup = renderFragment({ report: incident, runs: threeDays }, "dark");

    expect(markup).toMatch(/^<div class="tally dark cwdb-no-default-styles"><style>/);
    expect(markup).not.toMatch(/<(?:html|head|body|main|header|footer|script|iframe|use)\b/);
  });

  it("says what was repaired since, and that the rest is older", () => {
    const text = textOf(renderFragment({ report: incident, runs: [], laterHeals }, "light"));

    expect(text).toContain(
      "✓ railway-production : repaired and verified, 2026-11-19 01:00 UTC INTERNAL_AUTH_SECRET",
    );
    expect(text).toContain("✗ vps : repair failed: the deployment failed");
    expect(text).toContain("? mac-mini : repair started");
    expect(text).toContain("What stands below is what the check saw");
  });

  it("says what a reader has to know of it", () => {
    expect(textOf(renderFragment({ report: incident, runs: [], note: "It is cut." }, "light"))).toContain(
      "It is cut.",
    );
  });

  it("is a short notice where there is no report", () => {
    expect(textOf(renderNotice({ title: "No check yet", text: "<Wait>" }, "light"))).toContain(
      "No check yet &lt;Wait&gt;",
    );
  });
});
