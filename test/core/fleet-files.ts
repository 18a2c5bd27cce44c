import { type FleetMistake, readFleet } from "../../functions/core/fleet.ts";
import { health, railway } from "./world.ts";

export function mistakesIn(data: unknown): readonly FleetMistake[] {
  const reading = readFleet(data);
  return reading.kind === "mistakes" ? reading.mistakes : [];
}

export const pathsIn = (data: unknown): string[] => mistakesIn(data).map(({ path }) => path.join("."));

export const secrets = { TOKEN: { source: { env: "T" } } };
export const withSecret = (entry: unknown, name = "TOKEN"): unknown => ({
  secrets: { [name]: entry },
  environments: { app: { health, secrets: [] } },
});
export const withEnvironment = (entry: object, name = "app"): unknown => ({
  secrets,
  environments: { [name]: { health, ...entry } },
});
export const withRailway = (change: object): unknown =>
  withEnvironment({ railway: { ...railway, ...change } });
export const withCapability = (change: object, name = "c"): unknown =>
  withEnvironment({ capabilities: { [name]: { url: "https://app.example.com/c", ...change } } });
export const withPolicy = (policy: unknown): unknown => ({
  secrets,
  environments: { app: { health } },
  policy,
});
