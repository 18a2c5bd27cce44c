import { stringify } from "yaml";

/** Ids and names of the sandbox's Railway, as the fleet file and the stand-in both have them. */
export const railwayIds = {
  project: "project-app",
  environment: "environment-production",
  service: "service-api",
  tokenSecret: "prod/railway-token",
} as const;

/** Where the truth lives in the stand-in for Secrets Manager, by the fleet's names. */
export const sourceIds = {
  INTERNAL_AUTH_SECRET: "prod/internal-auth",
  OPENCLAW_GATEWAY_TOKEN: "prod/openclaw-gateway",
} as const;

export type SecretName = keyof typeof sourceIds;
export const secretNames = Object.keys(sourceIds) as readonly SecretName[];

export interface FleetPlaces {
  readonly railwayUrl: string;
  /** By the hosts' names. */
  readonly hostUrls: Readonly<Record<string, string>>;
  /** Who checks the gateway's token. */
  readonly vpsUrl: string;
  /** How many processes of the Railway service have to be seen. */
  readonly replicas: number;
  readonly policy: FleetPolicy;
}

/** Words of the fleet file's policy; durations as people write them. */
export interface FleetPolicy {
  readonly cooldown?: string;
  readonly fixesPerDayMax?: number;
}

/** The fleet file of the incident, as a person would write it. */
export function fleetFile({ railwayUrl, hostUrls, vpsUrl, replicas, policy }: FleetPlaces): string {
  return stringify({
    secrets: Object.fromEntries(
      secretNames.map((name) => [name, { source: { secretsManager: sourceIds[name] } }]),
    ),
    environments: {
      "railway-production": {
        health: `${railwayUrl}/health`,
        instances: replicas,
        railway: {
          project: railwayIds.project,
          environment: railwayIds.environment,
          service: railwayIds.service,
          token: { secretsManager: railwayIds.tokenSecret },
        },
        capabilities: {
          sessions_list: {
            url: `${vpsUrl}/tools/invoke`,
            method: "POST",
            body: { tool: "sessions_list" },
            bearer: "OPENCLAW_GATEWAY_TOKEN",
            verifier: "vps",
          },
          "app-nudge-evening": {
            url: `${railwayUrl}/api/nudge/check`,
            header: { "X-Internal-Secret": "INTERNAL_AUTH_SECRET" },
          },
          skills: { url: `${railwayUrl}/skills` },
        },
      },
      ...Object.fromEntries(
        Object.entries(hostUrls).map(([name, url]) => [name, { health: `${url}/health` }]),
      ),
    },
    policy: { mode: "fix", ...policy },
  });
}
