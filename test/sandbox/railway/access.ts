import type { Deployment } from "./deployment.ts";
import type { EnvironmentOfProject, Estate, Place } from "./estate.ts";
import { notAuthorized, projectTokenNotFound, RailwayError } from "./railway-error.ts";
import type { Person, World, WorldProject, WorldToken } from "./world.ts";

/** The headers that may carry a token. */
export interface Credentials {
  readonly authorization?: string | undefined;
  readonly projectAccessToken?: string | undefined;
}

type ProjectToken = Extract<WorldToken, { kind: "project" }>;
type PersonalToken = Exclude<WorldToken, ProjectToken>;

/** The token of a request: each kind is valid in its own header only (facts/railway.md, 5). */
export function findToken(tokens: World["tokens"], credentials: Credentials): WorldToken | undefined {
  const { authorization, projectAccessToken } = credentials;
  return projectAccessToken === undefined
    ? tokens.find(({ kind, value }) => kind !== "project" && authorization === `Bearer ${value}`)
    : tokens.find(({ kind, value }) => kind === "project" && value === projectAccessToken);
}

/** What one request may see; whatever it may not see does not exist for it. */
export class Access {
  readonly #estate: Estate;
  readonly #token: WorldToken | undefined;
  readonly #credentials: Credentials;

  constructor(estate: Estate, token: WorldToken | undefined, credentials: Credentials) {
    this.#estate = estate;
    this.#token = token;
    this.#credentials = credentials;
  }

  /** To be asked before any root field is resolved. */
  requireField(field: string): void {
    const { authorization, projectAccessToken } = this.#credentials;
    if (!this.#token && projectAccessToken !== undefined) throw projectTokenNotFound();
    if (authorization?.trim() === "Bearer") {
      throw new RailwayError("Unauthenticated", { code: "UNAUTHENTICATED" });
    }
    if (!this.#token || this.#token.denies?.includes(field)) throw notAuthorized();
  }

  projectToken(): EnvironmentOfProject {
    const found = this.#token?.kind === "project" && this.#estate.environment(this.#token.environmentId);
    if (!found) throw projectTokenNotFound();
    return found;
  }

  /** The holder of an account or workspace token. */
  holder(): PersonalToken {
    if (!this.#token || this.#token.kind === "project") throw notAuthorized();
    return this.#token;
  }

  /** Who makes the deployments that this request asks for. */
  person(): Person | null {
    return this.#token?.holder ?? null;
  }

  account(): PersonalToken {
    const holder = this.holder();
    if (holder.kind !== "account") throw notAuthorized();
    return holder;
  }

  /** All projects stand in the first of the token's workspaces; another of them is empty, a foreign one is not seen. */
  projects(workspaceId?: string | null): readonly WorldProject[] {
    const { workspaces } = this.holder();
    const [first] = workspaces;
    if (workspaceId && !workspaces.some(({ id }) => id === workspaceId)) throw notAuthorized();
    if (workspaceId && workspaceId !== first?.id) return [];
    return this.#estate.projects.filter((project) => this.#reachesProject(project.id));
  }

  project(projectId: string): WorldProject {
    const project = this.#estate.project(projectId);
    if (!project || !this.#reachesProject(projectId)) throw notAuthorized();
    return project;
  }

  environment(environmentId: string, projectId?: string | null): EnvironmentOfProject {
    const found = this.#estate.environment(environmentId);
    const isRightProject = found && (projectId ?? found.project.id) === found.project.id;
    if (!isRightProject || !this.#reachesEnvironment(found)) throw notAuthorized();
    return found;
  }

  place(environmentId: string, serviceId: string): Place | undefined {
    this.environment(environmentId);
    return this.#estate.place(environmentId, serviceId);
  }

  sees({ environmentId }: Pick<Deployment, "environmentId">): boolean {
    const found = this.#estate.environment(environmentId);
    return found !== undefined && this.#reachesEnvironment(found);
  }

  #reachesProject(projectId: string): boolean {
    const token = this.#token;
    if (!token) return false;
    if (token.kind === "project") {
      return this.#estate.environment(token.environmentId)?.project.id === projectId;
    }
    return token.projectIds?.includes(projectId) ?? true;
  }

  #reachesEnvironment({ project, environment }: EnvironmentOfProject): boolean {
    const token = this.#token;
    return token?.kind === "project"
      ? token.environmentId === environment.id
      : this.#reachesProject(project.id);
  }
}
