import { ArnFormat, RemovalPolicy, Stack, Validations } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";
import { settings } from "../../functions/contract.ts";
import { portionsOf } from "../portions.ts";
import type { SecretReferences } from "../secret-references.ts";
import type { FleetFunction } from "./fleet-function.ts";

export interface TruthProps {
  readonly references: SecretReferences;
  /** Customer managed keys that encrypt the fleet's secrets. */
  readonly kmsKeyArns: readonly string[];
}

/** The fleet's secrets, which others own and are only read, and the checker's own signing seed. */
export class Truth extends Construct {
  readonly signingSeed: Secret;
  readonly #props: TruthProps;

  constructor(scope: Construct, id: string, props: TruthProps) {
    super(scope, id);
    this.#props = props;
    this.signingSeed = new Secret(this, "SigningSeed", {
      description: "Tallystick's signing seed: the key that responders trust is made of it",
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      // Another seed is another public key, and every environment would have to be told of it.
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(this.signingSeed).acknowledge({
      id: "AwsSolutions-SMG4",
      reason:
        "Responders have to trust the next key before the seed changes: rotated by hand (PROTOCOL.md, Rotation).",
    });
  }

  /** Grants what the adapters call on each secret, and nothing more; tells where the signing seed is. */
  grantRead(reader: FleetFunction): void {
    const { references, kmsKeyArns } = this.#props;
    const credentials = references.credentials.filter((id) => !references.sources.includes(id));
    this.#grant(
      reader,
      ["secretsmanager:GetSecretValue", "secretsmanager:ListSecretVersionIds"],
      references.sources,
    );
    this.#grant(reader, ["secretsmanager:GetSecretValue"], credentials);
    allow(reader, ["secretsmanager:GetSecretValue"], [this.signingSeed.secretArn]);
    // AWS knows no resource for the batch itself; each value in it needs GetSecretValue besides.
    allow(reader, ["secretsmanager:BatchGetSecretValue"], ["*"]);
    if (kmsKeyArns.length > 0) allow(reader, ["kms:Decrypt"], kmsKeyArns, this.#viaSecretsManager());
    reader.function.addEnvironment(settings.signingSeedSecret, this.signingSeed.secretArn);
  }

  /** CDK spreads a large fleet's statements over several policies, but a single statement it cannot cut. */
  #grant(reader: FleetFunction, actions: readonly string[], ids: readonly string[]): void {
    for (const portion of portionsOf(ids, arnSizeOf, statementCharactersMax)) {
      allow(reader, actions, [...new Set(portion.flatMap((id) => this.#arnsOf(id)))]);
    }
  }

  /** AWS ends a secret's ARN with six characters that nobody can know beforehand. */
  #arnsOf(id: string): readonly string[] {
    if (id.startsWith("arn:")) return possibleEndings(id);
    const resourceName = `${id}-??????`;
    const arnFormat = ArnFormat.COLON_RESOURCE_NAME;
    return [
      Stack.of(this).formatArn({ service: "secretsmanager", resource: "secret", resourceName, arnFormat }),
    ];
  }

  #viaSecretsManager(): object {
    const { region, urlSuffix } = Stack.of(this);
    return { StringEquals: { "kms:ViaService": `secretsmanager.${region}.${urlSuffix}` } };
  }
}

function possibleEndings(arn: string): readonly string[] {
  return /-[A-Za-z0-9]{6}$/.test(arn) ? [arn, `${arn}-??????`] : [`${arn}-??????`];
}

function allow(
  reader: FleetFunction,
  actions: readonly string[],
  resources: readonly string[],
  conditions: object = {},
): void {
  const statement = { actions: [...actions], resources: [...resources] };
  reader.role.addToPolicy(new PolicyStatement({ ...statement, conditions: { ...conditions } }));
}

/** CDK merges smaller statements again, up to this size. */
const statementCharactersMax = 2_000;

/** What stands around a name in an ARN, and around the ARN in a policy. */
const arnSizeOf = (id: string) => id.length + 90;
