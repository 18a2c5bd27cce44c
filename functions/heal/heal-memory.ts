import type { HealClaim } from "../core/memory.ts";
import type { HealReport } from "../core/report.ts";
import { attempt } from "./attempt.ts";
import type { World } from "./world.ts";

/**
 * Remembers how repairs ended, and gives the claim back where none of them goes on. A memory that fails now costs a
 * repair its record, not its result: the claim runs out by itself.
 */
export async function rememberEnds(
  { memory, clock }: World,
  { id, services, startedAtMs }: Pick<HealClaim, "id" | "services" | "startedAtMs">,
  reports: readonly HealReport[],
): Promise<void> {
  if (memory === undefined) return;
  const ended = reports.flatMap(({ environment, status, reason, redeployed }) =>
    status === "started" ? [] : [{ environment, status, reason, ...(redeployed && { redeployed }) }],
  );
  await attempt(async () => {
    for (const { environment, status, reason } of worstOfEach(ended)) {
      const end = { atMs: clock.now(), status, ...(reason !== undefined && { reason }) };
      await memory.endHeal({ id, environment, startedAtMs }, end);
    }
    if (ended.length === reports.length) await memory.releaseHeal({ id, services });
  });
}

/** An environment may have been told of in parts; what acted counts before what was left alone. */
function worstOfEach<Ended extends Pick<HealReport, "environment" | "status" | "redeployed">>(
  ended: readonly Ended[],
): readonly Ended[] {
  const rank = ["failed", "timed-out", "healed", "superseded", "withheld"];
  const rankOf = ({ status, redeployed }: Ended) =>
    rank.indexOf(status) - (redeployed === true ? rank.length : 0);
  const byEnvironment = Map.groupBy(ended, ({ environment }) => environment);
  return [...byEnvironment.values()].flatMap((group) =>
    group.toSorted((a, b) => rankOf(a) - rankOf(b)).slice(0, 1),
  );
}
