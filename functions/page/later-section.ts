import type { HealMemory } from "../core/memory.ts";
import { isoTime } from "../core/time.ts";
import { healTones } from "../core/tone.ts";
import { healPhrase } from "../core/wording.ts";
import { type Html, html, type Part } from "./html.ts";
import { name, names, section, sign, time } from "./pieces.ts";

const healsMax = 24;
const secretsMax = 8;

/** What was repaired after the check that the rest of the page is of: its cells are as that check saw them. */
export function laterSection(heals: readonly HealMemory[]): Html | undefined {
  const more = heals.length - healsMax;
  const items = heals.slice(-healsMax).map(laterItem);
  return section(
    "Since then",
    "wide later",
    items.length === 0
      ? []
      : [
          html`<ul>${more > 0 && html`<li>${more} repairs before these</li>`}${items}</ul>`,
          html`<p class="more">What stands below is what the check saw; the next one looks at everything again.</p>`,
        ],
  );
}

function laterItem({ environment, targets, startedAtMs, end }: HealMemory): Part {
  const secrets = targets.map(({ secret }) => secret);
  const told = {
    status: end?.status ?? ("started" as const),
    ...(end?.reason && { reason: end.reason }),
    was: targets.flatMap(({ was }) => was ?? []),
  };
  return html`<li>${sign(healTones[told.status])} ${name(environment)}: ${healPhrase(told)}, ${time(isoTime(end?.atMs ?? startedAtMs))} <span class="more">${names(secrets, secretsMax)}</span></li>`;
}
