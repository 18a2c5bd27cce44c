import type { Operation } from "./operation-schema.ts";
import type { HttpRequest, Protocol } from "./protocol.ts";
import type { Place, Shape } from "./shape.ts";

type Structure = Shape & { kind: "structure" };

/** restJson1, as Lambda speaks it; which part of HTTP a member travels in is in the SDK's own schema. */
export const restJsonProtocol: Protocol = {
  operationName: (request, operations) =>
    [...operations].find((operation) => labelsIn(request, operation) !== undefined)?.name ?? "",
  readInput: (request, operation) => {
    const labels = labelsIn(request, operation);
    const members = [...structureOf(operation.input).members].map(([name, { place }]) => [
      name,
      place.kind === "label" ? labels?.get(name) : readMember(request, place),
    ]);
    return Object.fromEntries(members.filter(([, value]) => value !== undefined));
  },
  writeAnswer: ({ output }, answer) => {
    const headers: Record<string, string> = {};
    let status = 200;
    for (const [name, value] of Object.entries(answer ?? {})) {
      const place = structureOf(output).members.get(name)?.place;
      if (place?.kind === "status") status = Number(value);
      else if (place?.kind === "header") headers[place.name] = String(value);
      else throw new TypeError(`This stand-in cannot write ${name}: it answers without a body`);
    }
    return { status, type: "application/json", body: "", headers };
  },
  writeError: ({ code, message, status }) => ({
    status,
    type: "application/json",
    body: JSON.stringify({ Type: status < 500 ? "User" : "Service", Message: message }),
    headers: { "x-amzn-errortype": code },
  }),
};

/** The labels in a request's path; undefined where the path is not the operation's. */
function labelsIn(request: HttpRequest, { route }: Operation): ReadonlyMap<string, string> | undefined {
  if (route === undefined || route.method !== request.method) return undefined;
  const asked = urlOf(request).pathname.split("/");
  const template = route.template.split("/");
  if (asked.length !== template.length) return undefined;
  const labels = new Map<string, string>();
  for (const [index, part] of template.entries()) {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name !== undefined) labels.set(name, decodeURIComponent(asked[index] ?? ""));
    else if (part !== asked[index]) return undefined;
  }
  return labels;
}

/** A blob is passed on in base64, as the schema's check takes it. */
function readMember(request: HttpRequest, place: Place): unknown {
  switch (place.kind) {
    case "header":
      return request.headers[place.name];
    case "query":
      return urlOf(request).searchParams.get(place.name) ?? undefined;
    case "payload":
      return Buffer.from(request.body).toString("base64");
    default:
      throw new TypeError(`This stand-in cannot read a member from the ${place.kind}`);
  }
}

function structureOf(shape: Shape): Structure {
  if (shape.kind === "structure") return shape;
  throw new TypeError("An operation's input and output are structures");
}

function urlOf({ path }: HttpRequest): URL {
  return new URL(path, "http://127.0.0.1");
}
