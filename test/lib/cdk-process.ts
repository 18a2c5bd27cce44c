import { execFile } from "node:child_process";
import { resolve } from "node:path";

export interface Ended {
  readonly code: number;
  readonly output: string;
}

/** What a laptop has that is offline, has no credentials and no Docker, and tells nobody that it runs the CDK. */
const bareEnvironment = {
  PATH: `${resolve("node_modules/.bin")}:${process.env["PATH"] ?? ""}`,
  HOME: resolve("coverage/no-home"),
  CDK_DISABLE_CLI_TELEMETRY: "true",
  DOCKER_HOST: "tcp://127.0.0.1:9",
  AWS_EC2_METADATA_DISABLED: "true",
  npm_config_offline: "true",
  NO_COLOR: "1",
};

type Variables = Readonly<Record<string, string>>;

/** Runs the real command line of the CDK in this project. */
export function runCdk(words: readonly string[], variables: Variables = {}): Promise<Ended> {
  return run(resolve("node_modules/aws-cdk/bin/cdk"), ["--no-notices", ...words], variables);
}

/** Runs the app as the CDK would. */
export function runApp(context: object, outdir: string, options: readonly string[] = []): Promise<Ended> {
  const variables = { CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify(context) };
  return run("bin/app.ts", [], variables, options);
}

function run(
  script: string,
  words: readonly string[],
  variables: Variables,
  options: readonly string[] = [],
): Promise<Ended> {
  return new Promise((end) => {
    const env = { ...bareEnvironment, ...variables };
    execFile(process.execPath, [...options, script, ...words], { env }, (error, stdout, stderr) => {
      const code = typeof error?.code === "number" ? error.code : error ? -1 : 0;
      end({ code, output: `${stdout}${stderr}` });
    });
  });
}
