import { limits } from "../../core/limits.ts";
import type { Secret } from "../../protocol/secret.ts";
import { createAsk, type RailwayConnection } from "./ask.ts";
import { operations } from "./operations.ts";
import { createSessions, type Session, type TokenPlace } from "./sessions.ts";
import { TokenKinds } from "./token-kinds.ts";

/** Something with Railway's id and the name that people gave it. */
interface RailwayName {
  readonly id: string;
  readonly name: string;
}

/** A project with what can be named in a fleet. */
interface RailwayProject extends RailwayName {
  readonly environments: readonly RailwayName[];
  readonly services: readonly RailwayName[];
}

/** What a token reaches. */
export interface RailwayPlaces {
  readonly projects: readonly RailwayProject[];
  /** False where there is more than was read: at most 20 pages of projects, 100 environments and services each. */
  readonly complete: boolean;
}

const pageSize = 100;

/**
 * Lists where the fleet's ids can be taken from. A project token reaches one environment of one project.
 * @throws TallystickError `railway-*`, or `setting-invalid` for an address that a token must not be sent to
 */
export async function listPlaces(connection: RailwayConnection, token: Secret): Promise<RailwayPlaces> {
  const session = await createSessions(createAsk(connection), new TokenKinds())(token);
  return session.place === undefined ? listWorkspaces(session) : listPlace(session, session.place);
}

async function listPlace(session: Session, { project, environment }: TokenPlace): Promise<RailwayPlaces> {
  const page = await session.ask(operations.projectServices, { id: project.id, first: pageSize });
  return {
    projects: [{ ...project, environments: [environment], services: page.nodes }],
    complete: page.isLast,
  };
}

async function listWorkspaces(session: Session): Promise<RailwayPlaces> {
  const projects: RailwayProject[] = [];
  let complete = true;
  for (const { id } of await session.ask(operations.workspaces, {})) {
    const found = await listProjects(session, id);
    projects.push(...found.projects);
    complete &&= found.complete;
  }
  return { projects, complete };
}

async function listProjects(session: Session, workspaceId: string): Promise<RailwayPlaces> {
  const projects: RailwayProject[] = [];
  let complete = true;
  let after: string | undefined;
  for (let pages = 0; pages < limits.railwayPagesMax; pages += 1) {
    const page = await session.ask(operations.projects, {
      workspaceId,
      first: pageSize,
      within: pageSize,
      after,
    });
    for (const { id, name, environments, services } of page.nodes) {
      projects.push({ id, name, environments: environments.nodes, services: services.nodes });
      complete &&= environments.isLast && services.isLast;
    }
    if (page.isLast) return { projects, complete };
    if (page.next === undefined) break;
    after = page.next;
  }
  return { projects, complete: false };
}
