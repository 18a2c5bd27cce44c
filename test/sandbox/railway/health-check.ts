import { request } from "node:http";
import type { Clock } from "./clock.ts";
import type { WorldService } from "./world.ts";

/** Railway's default (facts/railway.md, 7). */
const timeoutSecondsDefault = 300;

interface HealthCheck {
  readonly service: WorldService;
  readonly urls: readonly string[];
  readonly intervalMs: number;
  readonly clock: Clock;
  readonly pause: (durationMs: number) => Promise<void>;
}

/** Whether every replica answered 200 in time; a service without a path is healthy as soon as it runs. */
export async function isHealthy({ service, urls, intervalMs, clock, pause }: HealthCheck): Promise<boolean> {
  const { healthcheckPath: path, healthcheckTimeoutSeconds = timeoutSecondsDefault } = service;
  if (path === undefined) return true;
  const deadline = clock.now() + healthcheckTimeoutSeconds * 1000;
  for (;;) {
    const statuses = await Promise.all(urls.map((url) => statusOf(new URL(path, url))));
    if (statuses.every((status) => status === 200)) return true;
    if (clock.now() >= deadline) return false;
    await pause(intervalMs);
  }
}

/** No answer is a status that is not 200. */
function statusOf(url: URL): Promise<number> {
  return new Promise((resolve) => {
    const asked = request(url, { agent: false, headers: { host: "healthcheck.railway.app" } }, (response) => {
      response.resume();
      response.once("close", () => resolve(response.statusCode ?? 0));
    });
    asked.once("error", () => resolve(0));
    asked.end();
  });
}
