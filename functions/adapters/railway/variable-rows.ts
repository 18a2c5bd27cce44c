import type * as z from "zod";
import { TallystickError } from "../../core/errors.ts";
import type { RailwayEntry } from "../../core/fleet.ts";
import { limits } from "../../core/limits.ts";
import type { VariableRow } from "./answers.ts";
import { operations } from "./operations.ts";
import type { Session } from "./sessions.ts";

/** An environment's rows; undefined where they cannot be had, or are too many to be had all. */
export type Rows = readonly VariableRow[] | undefined;

/** Railway's own CLI asks for 500 and more a page (railwayapp/cli PR 721). */
export const rowsPageSize = 500;

/** One page of rows, as `pageOf` reads it. */
type RowsPage = z.output<typeof operations.variableRows.answer>;

/** Where an environment's variables are defined, read once for all its services. */
export class VariableRows {
  readonly #known = new WeakMap<Session, Map<string, Promise<Rows>>>();

  /**
   * Undefined where the token may not see them; that is not asked again.
   * @throws TallystickError `railway-*` for what may pass
   */
  read(session: Session, place: RailwayEntry): Promise<Rows> {
    const known = this.#known.get(session) ?? new Map<string, Promise<Rows>>();
    this.#known.set(session, known);
    const rows = known.get(place.environment) ?? readRows(session, place);
    known.set(place.environment, rows);
    rows.catch(() => known.delete(place.environment));
    return rows;
  }

  /** To be called around a write: it makes rows, and what was read before may be of a different time. */
  forget(session: Session, place: RailwayEntry): void {
    this.#known.get(session)?.delete(place.environment);
  }
}

async function readRows(session: Session, place: RailwayEntry): Promise<Rows> {
  try {
    return await readPages(session, place);
  } catch (error) {
    if (error instanceof TallystickError && !error.retryable) return undefined;
    throw error;
  }
}

function readPages(session: Session, place: RailwayEntry): Promise<Rows> {
  return readFurther(session, place, { nodes: [], next: undefined, isLast: false });
}

/**
 * All rows, of which one page is there already. Part of the rows is as good as none: a row that was not seen would
 * look as if it did not exist.
 */
export async function readFurther(session: Session, place: RailwayEntry, known: RowsPage): Promise<Rows> {
  const rows = [...known.nodes];
  let last = known;
  for (let pages = 0; !last.isLast; pages += 1) {
    const isBegun = rows.length > 0 || pages > 0;
    if (pages >= limits.railwayPagesMax || (isBegun && last.next === undefined)) return undefined;
    last = await session.ask(operations.variableRows, {
      projectId: place.project,
      environmentId: place.environment,
      first: rowsPageSize,
      after: last.next,
    });
    rows.push(...last.nodes);
  }
  return rows;
}
