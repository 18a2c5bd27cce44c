import type { RailwayPlaces } from "../adapters/railway/places.ts";
import { printable } from "../core/printable.ts";

/** A service in an environment, with the name that the fleet calls it by. */
interface DraftEntry {
  readonly name: string;
  readonly words: string;
  readonly project: string;
  readonly environment: string;
  readonly service: string;
}

const heading = `# yaml-language-server: $schema=./fleet.schema.json
#
# What is shared, where its truth lives, and who holds it. Made by tallystick fleet init;
# the lines marked EDIT are examples. Then: tallystick fleet check, and tallystick check.

secrets:
  # EDIT: one entry for each secret that several processes share.
  INTERNAL_AUTH_SECRET:
    source: { secretsManager: prod/internal-auth } # EDIT: its name or ARN in AWS Secrets Manager
  # A key of a secret that is a JSON object, with a life of 30 days:
  # API_TOKEN:
  #   source: { secretsManager: prod/tokens, jsonKey: apiToken }
  #   expires: { after: 30d, warn: 5d }

# Every service in every environment that the token reaches. Remove what holds none of the secrets.
environments:
`;

const policy = `policy:
  mode: observe # never repairs; approve: a person's call repairs; fix: the schedule repairs
`;

/** A fleet file to start from: valid as it is, and to be edited. Empty places make no fleet. */
export function fleetDraft({ projects, complete }: RailwayPlaces, tokenVariable: string): string {
  const entries = draftEntries(projects).map((entry) => entryText(entry, tokenVariable));
  const rest = complete ? "" : "  # There is more at Railway than was read: add what is missing by hand.\n";
  return `${heading}${entries.join("\n")}${rest}\n${policy}`;
}

/** Railway does not say which services stand in which environment, so each is paired with each. */
export function draftEntries(projects: RailwayPlaces["projects"]): readonly DraftEntry[] {
  const severalProjects = projects.length > 1;
  const entries = projects.flatMap((project) =>
    project.environments.flatMap((environment) =>
      project.services.map((service) => ({
        words: [project, service, environment].map(({ name }) => printable(name)).join(" / "),
        name: nameOf([...(severalProjects ? [project.name] : []), service.name, environment.name]),
        project: project.id,
        environment: environment.id,
        service: service.id,
      })),
    ),
  );
  return withUniqueNames(entries);
}

const nameLengthMax = 63;
/** Room for a number that makes a name unique. */
const stemLengthMax = nameLengthMax - 6;

/** Names as the fleet allows them; what has no such letters at all is called by its kind. */
function nameOf(parts: readonly string[]): string {
  const words = parts.map((part) =>
    part
      .normalize("NFKD")
      .toLowerCase()
      .replace(/\p{M}/gu, "")
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, ""),
  );
  const name = words.filter((word) => word !== "").join("-");
  return name === "" ? "service" : name.slice(0, stemLengthMax).replace(/-+$/, "");
}

function withUniqueNames(entries: readonly DraftEntry[]): readonly DraftEntry[] {
  const taken = new Set<string>();
  return entries.map((entry) => {
    let name = entry.name;
    for (let number = 2; taken.has(name); number += 1) name = `${entry.name}-${number}`;
    taken.add(name);
    return { ...entry, name };
  });
}

/** Names and ids are quoted: an id of digits, or an environment called `no`, would be no text to YAML. */
function entryText(entry: DraftEntry, tokenVariable: string): string {
  const [name, project, environment, service, token] = [
    entry.name,
    entry.project,
    entry.environment,
    entry.service,
    tokenVariable,
  ].map((text) => JSON.stringify(text));
  return `  ${name}: # ${entry.words}
    # health: https://… # EDIT: its health endpoint, once the responder answers there
    railway:
      project: ${project}
      environment: ${environment}
      service: ${service}
      token: { env: ${token} } # EDIT: or { secretsManager: name } for the schedule
    # variables: { INTERNAL_AUTH_SECRET: AUTH_SECRET } # where Railway knows it by another name
`;
}
