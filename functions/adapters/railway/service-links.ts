import type { RailwayEntry } from "../../core/fleet.ts";
import type { StoredValue, StoredValues, VariableLink } from "../../core/observation.ts";
import type { VariableNames } from "../../core/ports.ts";
import type { VariableRow } from "./answers.ts";
import { operations } from "./operations.ts";
import { serviceIds } from "./service-reading.ts";
import type { Session } from "./sessions.ts";
import { linkOf, type NamedService, refersTo } from "./variable-link.ts";

/** An environment with more services than this is not looked through for who inherits a variable. */
const servicesMax = 20;

/**
 * Adds to links what they take their value from, and all that hangs on it. A link of which that is not known for sure
 * stays as it is: then it is a person's to mend.
 */
export async function withLinks(
  session: Session,
  railway: RailwayEntry,
  { names, stored, rows }: { names: VariableNames; stored: StoredValues; rows: readonly VariableRow[] },
): Promise<StoredValues> {
  const isLinked = [...stored.values()].some(({ kind }) => kind === "reference" || kind === "inherited");
  if (!isLinked) return stored;
  const services = await readServices(session, railway).catch(() => undefined);
  if (services === undefined) return stored;
  const heirs = new Heirs(session, railway, services);
  const linked = [...stored].map(async ([secret, value]): Promise<[string, StoredValue]> => {
    if (value.kind !== "reference" && value.kind !== "inherited") return [secret, value];
    const to = value.kind === "inherited" ? `shared.${names.get(secret)}` : value.to;
    const link =
      to &&
      (await completed(linkOf(to, { serviceId: railway.service, services, rows }), {
        heirs,
        services,
        rows,
      }));
    return [secret, link && isUser(railway.service, names.get(secret), link) ? { ...value, link } : value];
  });
  return new Map(await Promise.all(linked));
}

/** Where rows do not even tell of the link that was followed, they tell of others no better. */
function isUser(service: string, variable: string | undefined, { users }: VariableLink): boolean {
  return users.some((user) => user.serviceId === service && user.variable === variable);
}

/** Undefined where there are too many. */
async function readServices(
  session: Session,
  { project, environment }: RailwayEntry,
): Promise<readonly NamedService[] | undefined> {
  const page = await session.ask(operations.environmentServices, {
    projectId: project,
    environmentId: environment,
    first: servicesMax,
  });
  if (!page.isLast) return undefined;
  return page.nodes.map(({ serviceId, serviceName }) => ({ id: serviceId, name: serviceName }));
}

/** A shared variable may reach services that have no row of its name; only their own list of variables tells. */
async function completed(
  link: VariableLink | undefined,
  { heirs, services, rows }: LinkSurroundings,
): Promise<VariableLink | undefined> {
  if (link?.serviceId !== null) return link;
  const inheriting = await heirs.of(link.variable, rows);
  // What an heir passes on to others would change with it.
  if (inheriting?.some((heir) => rows.some((row) => refersTo(row, heir, services)))) return undefined;
  return inheriting && { ...link, users: [...link.users, ...inheriting] };
}

interface LinkSurroundings {
  readonly heirs: Heirs;
  readonly services: readonly NamedService[];
  readonly rows: readonly VariableRow[];
}

/** Which services see a shared variable as if it were theirs; each service's names are read once. */
class Heirs {
  readonly #names = new Map<string, Promise<ReadonlySet<string>>>();
  readonly #session: Session;
  readonly #railway: RailwayEntry;
  readonly #services: readonly NamedService[];

  constructor(session: Session, railway: RailwayEntry, services: readonly NamedService[]) {
    this.#session = session;
    this.#railway = railway;
    this.#services = services;
  }

  /** Undefined where one of them could not be read. */
  async of(variable: string, rows: readonly VariableRow[]): Promise<VariableLink["users"] | undefined> {
    const owners = new Set(rows.filter(({ name }) => name === variable).map(({ serviceId }) => serviceId));
    const others = this.#services.filter(({ id }) => !owners.has(id));
    try {
      const seen = await Promise.all(
        others.map(async ({ id }) => ({ serviceId: id, sees: (await this.#namesOf(id)).has(variable) })),
      );
      return seen.flatMap(({ serviceId, sees }) => (sees ? [{ serviceId, variable }] : []));
    } catch {
      return undefined;
    }
  }

  #namesOf(service: string): Promise<ReadonlySet<string>> {
    const names =
      this.#names.get(service) ??
      this.#session
        .ask(operations.serviceVariables, serviceIds({ ...this.#railway, service }))
        .then((variables) => new Set(variables.keys()));
    this.#names.set(service, names);
    return names;
  }
}
