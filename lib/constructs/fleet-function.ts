import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Duration, RemovalPolicy, Validations } from "aws-cdk-lib";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import {
  Architecture,
  type DurableConfig,
  Runtime,
  Tracing,
  type VersionOptions,
} from "aws-cdk-lib/aws-lambda";
import { type BundlingOptions, LogLevel, NodejsFunction, OutputFormat } from "aws-cdk-lib/aws-lambda-nodejs";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct, type IConstruct } from "constructs";
import { fleetAssetName, settings } from "../../functions/contract.ts";

export interface FleetFunctionProps {
  readonly description: string;
  /** The handler's file, from the project's folder on. */
  readonly entry: string;
  /**
   * The fleet file; it travels inside the asset, so that a changed fleet is a deployment.
   * @default - none: the function asks nobody
   */
  readonly fleetFile?: string;
  /** @default - a name that CloudFormation makes */
  readonly functionName?: string;
  readonly timeout: Duration;
  /**
   * Where an event goes that could not be worked off.
   * @default - nowhere: who calls the function waits for its answer
   */
  readonly deadLetters?: IQueue;
  /** @default - a plain function */
  readonly durableConfig?: DurableConfig;
  /** @default - an old version is removed with the deployment that replaces it */
  readonly currentVersionOptions?: VersionOptions;
}

/** What all functions have in common: the bundle, with the fleet in it where it needs one, a role and a log group of its own. */
export class FleetFunction extends Construct {
  readonly function: NodejsFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: FleetFunctionProps) {
    super(scope, id);
    const { entry, fleetFile, ...rest } = props;
    // Neither of AWS's managed policies: they allow writing to every log group of the account.
    this.role = new Role(this, "Role", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
    const logGroup = new LogGroup(this, "Logs", {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    logGroup.grantWrite(this.role);
    this.function = new NodejsFunction(this, "Function", {
      ...{ description: rest.description, timeout: rest.timeout },
      ...(rest.functionName !== undefined && { functionName: rest.functionName }),
      ...(rest.deadLetters && { deadLetterQueue: rest.deadLetters }),
      ...(rest.durableConfig && { durableConfig: rest.durableConfig }),
      ...(rest.currentVersionOptions && { currentVersionOptions: rest.currentVersionOptions }),
      ...{ role: this.role, logGroup, tracing: Tracing.ACTIVE },
      ...{ runtime: Runtime.NODEJS_24_X, architecture: Architecture.ARM_64 },
      // Measured: 170 MB resident for 1,000 environments. The rest buys processor time for the start.
      memorySize: 512,
      ...{
        entry: join(projectRoot, entry),
        projectRoot,
        depsLockFilePath: join(projectRoot, "package-lock.json"),
      },
      bundling: bundling(fleetFile),
      // CDK does not switch on what it has bundled; without it a stack trace names columns of one long line.
      environment: {
        NODE_OPTIONS: "--enable-source-maps",
        ...(fleetFile !== undefined && { [settings.fleet]: fleetAssetName }),
      },
    });
    Validations.of(this.role).acknowledge({
      id: "AwsSolutions-IAM5[Resource::*]",
      reason:
        "X-Ray's writing actions and BatchGetSecretValue take no resource but *; each value of a batch needs GetSecretValue besides.",
    });
  }
}

/** Answers the rule that asks an asynchronous invocation's settings for a destination of what fails. */
export function acknowledgeDeadLetterQueue(scope: IConstruct): void {
  Validations.of(scope).acknowledge({
    id: "Serverless-LambdaAsyncFailureDestination",
    reason:
      "The function has a dead-letter queue; with a destination besides, each lost event would lie there twice.",
  });
}

const projectRoot = fileURLToPath(new URL("../..", import.meta.url));
const finish = fileURLToPath(new URL("../asset-finish.ts", import.meta.url));

function bundling(fleetFile: string | undefined): BundlingOptions {
  return {
    ...{ format: OutputFormat.ESM, target: "node24", minify: true, sourceMap: true, sourcesContent: false },
    // The durable SDK needs a newer Lambda client than the runtime may have; a bundled SDK also starts sooner.
    bundleAwsSDK: true,
    logLevel: LogLevel.ERROR,
    mainFields: ["module", "main"],
    // undici's own build flag: leaves out a second HTTP parser that is only used on request.
    define: { esbuildDetection: "1" },
    // Some dependencies call require, which an ES module does not have.
    banner: "import{createRequire as c}from'node:module';const require=c(import.meta.url);",
    commandHooks: {
      beforeBundling: () => [],
      beforeInstall: () => [],
      afterBundling: (root, asset) => [
        [process.execPath, finish, root, asset, ...(fleetFile === undefined ? [] : [fleetFile])]
          .map(quoted)
          .join(" "),
      ],
    },
  };
}

/** One word for the shell, whatever is in it: a fleet's path is a person's text. */
function quoted(word: string): string {
  return process.platform === "win32" ? `"${word}"` : `'${word.replaceAll("'", "'\\''")}'`;
}
