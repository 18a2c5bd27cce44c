import { TallystickError } from "../../core/errors.ts";
import type { RailwayEntry } from "../../core/fleet.ts";
import type { Session, TokenPlace } from "./sessions.ts";

/** In words, why a token cannot be the one that the fleet means; undefined where it can. */
export function misplacement({ place }: Session, { project, environment }: RailwayEntry): string | undefined {
  if (place === undefined) return undefined;
  if (place.project.id === project && place.environment.id === environment) return undefined;
  return `the token is of ${placeWords(place)}; the fleet says environment ${environment} of project ${project}`;
}

/** @throws TallystickError `railway-not-authorized` for a token of another place */
export function requirePlace(session: Session, railway: RailwayEntry): void {
  const problem = misplacement(session, railway);
  if (problem === undefined) return;
  throw new TallystickError(
    "railway-not-authorized",
    `Railway was not asked: ${problem}. Make a project token in that environment, or correct the fleet`,
  );
}

function placeWords({ project, environment }: TokenPlace): string {
  return `environment ${environment.name} (${environment.id}) of project ${project.name} (${project.id})`;
}
