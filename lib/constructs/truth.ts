import { ArnFormat, RemovalPolicy, Stack, Validations } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";
import { settings } from "../../functions/contract.ts";
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
      reason: "Responders have to trust the next key before the seed changes: rotated by hand (PROTOCOL.md, Rotation).",
    });
  }

  /** Grants what the adapters call on each secret, and nothing more; tells where the signing seed is. */
  grantRead(reader: FleetFunction): void {
    const { references, kmsKeyArns } = this.#props;
    const sources = references.sources.flatMap((id) => this.#arnsOf(id));
    const credentials = references.credentials.flatMap((id) => this.#arnsOf(id));
    const grant = (actions: readonly string[], resources: readonly string[], conditions?: object) =>
      reader.role.addToPolicy(
        new PolicyStatement({ actions: [...actions], resources: [...resources], ...(conditions && { conditions }) }),
      );
    grant(["secretsmanager:GetSecretValue"], [...new Set([...sources, ...credentials, this.signingSeed.secretArn])]);
    grant(["secretsmanager:ListSecretVersionIds"], sources);
    // AWS knows no resource for the batch itself; each value in it needs GetSecretValue besides.
    grant(["secretsmanager:BatchGetSecretValue"], ["*"]);
    if (kmsKeyArns.length > 0) grant(["kms:Decrypt"], kmsKeyArns, this.#viaSecretsManager());
    reader.function.addEnvironment(settings.signingSeedSecret, this.signingSeed.secretArn);
  }

  /** AWS ends a secret's ARN with six characters that nobody can know beforehand. */
  #arnsOf(id: string): readonly string[] {
    if (id.startsWith("arn:")) return /-[A-Za-z0-9]{6}$/.test(id) ? [id, `${id}-??????`] : [`${id}-??????`];
    return [
      Stack.of(this).formatArn({
        service: "secretsmanager",
        resource: "secret",
        resourceName: `${id}-??????`,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
    ];
  }

  #viaSecretsManager(): object {
    const { region, urlSuffix } = Stack.of(this);
    return { StringEquals: { "kms:ViaService": `secretsmanager.${region}.${urlSuffix}` } };
  }
}
