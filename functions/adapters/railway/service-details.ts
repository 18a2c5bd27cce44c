import type { RailwayEntry } from "../../core/fleet.ts";
import type { ServiceState } from "../../core/observation.ts";
import type { VariableNames } from "../../core/ports.ts";
import { changedSince } from "./changed-variables.ts";
import { withLinks } from "./service-links.ts";
import type { Session } from "./sessions.ts";
import { namedSnapshot, type Snapshots } from "./snapshots.ts";
import { originsFor, type ServiceVariables, storedValues } from "./stored-values.ts";
import type { VariableRows } from "./variable-rows.ts";

type SeenService = Extract<ServiceState, { kind: "seen" }>;

interface DetailParts {
  readonly names: VariableNames;
  readonly seen: SeenService;
  readonly known: {
    readonly variables: ServiceVariables;
    readonly rows: VariableRows;
    readonly snapshots: Snapshots;
  };
}

/**
 * Adds what only matters once something is wrong: where variables come from, what the serving deployment and a few
 * before it were started with, and what else a redeploy would ship. Each part is left out where it cannot be read.
 */
export async function detailed(
  session: Session,
  railway: RailwayEntry,
  { names, seen, known: { variables, rows, snapshots } }: DetailParts,
): Promise<SeenService> {
  const { serving } = seen;
  const [all, started, earlier] = await Promise.all([
    rows.read(session, railway).catch(() => undefined),
    serving && snapshots.read(session, serving.deploymentId).catch(() => undefined),
    serving === undefined ? [] : snapshots.earlier(session, railway, serving),
  ]);
  const origins = all && originsFor(railway.service, all);
  const stored = storedValues(names, variables, origins);
  return {
    ...seen,
    stored: all === undefined ? stored : await withLinks(session, railway, { names, stored, rows: all }),
    ...(started !== undefined && { serving: namedSnapshot(names, started) }),
    earlier: earlier.map((snapshot) => namedSnapshot(names, snapshot)),
    ...(origins !== undefined &&
      started?.variables !== undefined && {
        changedSince: changedSince(started.variables, variables.written, origins),
      }),
  };
}
