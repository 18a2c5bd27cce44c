import { describe, expect, it } from "vitest";

import type { Cause } from "../../functions/core/cause.ts";
import type { SecretSource } from "../../functions/core/fleet.ts";
import { type HandWork, handSteps, sourceWords, templateSteps } from "../../functions/core/hand-steps.ts";
import { fleetOf, health, railway } from "./world.ts";

const fleet = fleetOf({
  secrets: { TOKEN: { source: { env: "T" } } },
  environments: { host: { health }, app: { health, railway } },
});

function work(
  environment: "host" | "app",
  source: SecretSource = { secretsManager: "prod/token" },
): HandWork {
  const entry = fleet.environments[environment];
  if (entry === undefined) throw new Error(`the test's fleet has no ${environment}`);
  return { environment, secret: "TOKEN", variable: "APP_TOKEN", entry, source };
}

const all: readonly [Cause, "host" | "app", RegExp][] = [
  [
    "variable",
    "host",
    /On host, set APP_TOKEN to the current version of TOKEN in .* Restart the service on host/,
  ],
  [
    "rollback",
    "host",
    /On host, set APP_TOKEN to the current version of TOKEN in .* Restart the service on host/,
  ],
  [
    "undetermined",
    "host",
    /On host, set APP_TOKEN to the current version of TOKEN in .* Restart the service on host/,
  ],
  [
    "undetermined",
    "app",
    /what the deployment was started with could not be read. Redeploy the service once/,
  ],
  ["process", "host", /Restart the service on host: its configuration is right/],
  [
    "latent",
    "host",
    /On host, set APP_TOKEN .* the next restart would bring the wrong value in. No restart is needed/,
  ],
  ["override", "app", /In Railway APP_TOKEN is right, .* start command, .* Redeploy the service/],
  [
    "shared",
    "app",
    /takes its value from elsewhere; .* Set what it points to, .* Redeploy every service that uses it/,
  ],
  ["rejected", "app", /Issue a new TOKEN where it is issued; .* Put it into AWS Secrets Manager prod\/token/],
];

describe("the steps for a person", () => {
  it.each(all)("about %s on %s say what to do there", (cause, environment, words) => {
    expect(handSteps(cause, work(environment)).join(" ")).toMatch(words);
  });

  it.each(all)("about %s on %s end with the proof", (cause, environment) => {
    expect(handSteps(cause, work(environment)).at(-1)).toBe(
      `Prove it: tallystick check --only ${environment} --secret TOKEN`,
    );
  });

  it("about a template end with the proof", () => {
    expect(templateSteps(work("app")).at(-1)).toBe("Prove it: tallystick check --only app --secret TOKEN");
  });

  it("name what a reference points to, where it is known", () => {
    const stored = { kind: "reference", to: "shared.TOKEN" } as const;
    expect(handSteps("shared", { ...work("app"), stored })[0]).toContain("from elsewhere (shared.TOKEN);");
  });
});

describe("the steps for a linked variable", () => {
  it("say why it is not done by itself", () => {
    const linked = { ...work("app"), stored: { kind: "inherited" }, obstacle: "nobody knows" } as const;
    expect(handSteps("shared", linked)).toContain("It is not done by itself: nobody knows.");
  });

  it("need no redeploy where the process is right", () => {
    const steps = handSteps("latent", { ...work("app"), stored: { kind: "reference", to: "shared.TOKEN" } });
    expect(steps.join(" ")).toMatch(/elsewhere \(shared.TOKEN\); .* No redeploy is needed/);
    expect(steps.join(" ")).not.toContain("On app, set");
  });
});

describe("the command that fetches a value", () => {
  const commandFor = (source: SecretSource): string => handSteps("variable", work("host", source))[0] ?? "";

  it("names the secret", () => {
    expect(commandFor({ secretsManager: "prod/token" })).toMatch(
      /aws secretsmanager get-secret-value --secret-id prod\/token --query SecretString --output text$/,
    );
  });

  it("takes one key of a JSON object", () => {
    expect(commandFor({ secretsManager: "prod/app", jsonKey: 'a"b' })).toMatch(
      /text \| jq -j '\.\["a\\"b"\]'$/,
    );
  });

  it.each([
    ["prod/it's; rm -rf ~", "--secret-id 'prod/it'\\''s; rm -rf ~' "],
    ["$(id)", "--secret-id '$(id)' "],
  ])("keeps the shell from reading %s as anything but a name", (secretsManager, quoted) => {
    expect(commandFor({ secretsManager })).toContain(quoted);
  });

  it("keeps the shell from reading a key as anything but a key", () => {
    expect(commandFor({ secretsManager: "prod/app", jsonKey: "it's; rm -rf ~" })).toMatch(
      /jq -j '\.\["it'\\''s; rm -rf ~"\]'$/,
    );
  });

  it("is missing where the value is the checker's own environment variable", () => {
    expect(commandFor({ env: "TOKEN" })).toMatch(/in the checker's environment variable TOKEN\.\s*$/);
  });
});

describe("a source in words", () => {
  it.each<[SecretSource, string]>([
    [{ secretsManager: "prod/token" }, "AWS Secrets Manager prod/token"],
    [{ secretsManager: "prod/app", jsonKey: "key" }, "AWS Secrets Manager prod/app, key key"],
    [{ env: "TOKEN" }, "the checker's environment variable TOKEN"],
  ])("%o is %s", (source, words) => {
    expect(sourceWords(source)).toBe(words);
  });
});
