import type { Template } from "aws-cdk-lib/assertions";

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Principal?: unknown;
  readonly Resource?: unknown;
  readonly Condition?: unknown;
}

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

/** One statement in words that can be compared: who, whether, what, on what, under which condition. */
export interface Permission {
  readonly who: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly line: string;
}

/** Every statement of every policy in a template, of roles and of resources, sorted. */
export function permissionsOf(template: Template): readonly Permission[] {
  const resources: Record<string, Resource> = template.toJSON()["Resources"];
  const found = Object.entries(resources).flatMap(([id, resource]) => [
    ...lambdaPermission(resource),
    ...documentsIn(resource.Properties).flatMap((statements) =>
      statements.flatMap((statement) => holdersOf(id, resource).map((who) => permission(who, statement))),
    ),
  ]);
  return found.toSorted((one, other) => (one.line < other.line ? -1 : 1));
}

/** Managed policies are statements that nobody sees in the template. */
export function managedPoliciesOf(template: Template): readonly unknown[] {
  const resources: Record<string, Resource> = template.toJSON()["Resources"];
  return Object.values(resources).flatMap(({ Type, Properties = {} }) => [
    ...(Type === "AWS::IAM::ManagedPolicy" ? [Type] : []),
    ...[Properties["ManagedPolicyArns"] ?? []].flat(),
  ]);
}

/** Wherever a policy stands in a resource, it has a list of this name. */
function documentsIn(value: unknown): (readonly Statement[])[] {
  if (typeof value !== "object" || value === null) return [];
  if ("Statement" in value && Array.isArray(value.Statement)) return [value.Statement];
  return Object.values(value).flatMap(documentsIn);
}

/** Who gets the permission of an identity's policy, or what the policy of a resource protects. */
function holdersOf(id: string, { Type, Properties }: Resource): readonly string[] {
  if (Type === "AWS::IAM::Policy") return [Properties["Roles"] ?? []].flat().map(words);
  return [`${Type === "AWS::IAM::Role" ? "to be " : "policy "}${nameOf(id)}`];
}

function lambdaPermission({ Type, Properties }: Resource): readonly Permission[] {
  if (Type !== "AWS::Lambda::Permission") return [];
  const { Action, FunctionName, Principal, ...condition } = Properties;
  const statement = { Effect: "Allow", Action: String(Action), Principal, Condition: condition };
  return [permission(`policy ${words(FunctionName)}`, statement)];
}

/** NotAction, NotResource and NotPrincipal allow what nobody has written down. */
function refuseInversions(statement: object): void {
  const inversions = Object.keys(statement).filter((key) => key.startsWith("Not"));
  if (inversions.length > 0) throw new Error(`a statement with ${inversions.join(", ")}`);
}

function permission(who: string, statement: Statement): Permission {
  refuseInversions(statement);
  const { Effect, Action, Principal, Resource, Condition } = statement;
  const actions = [Action].flat();
  const resources = Resource === undefined ? [] : [Resource].flat().map(words);
  const parts = [
    `${who}: ${Effect} ${actions.join(", ")}`,
    ...(Resource === undefined ? [] : [`on ${resources.join(", ")}`]),
    ...(Principal === undefined ? [] : [`to ${words(Principal)}`]),
    ...(Condition === undefined ? [] : [`if ${words(Condition)}`]),
  ];
  return { who, actions, resources, line: parts.join(" ") };
}

/** CloudFormation's functions in words: logical ids without CDK's hash, pseudo parameters by their last part. */
function words(value: unknown): string {
  if (Array.isArray(value)) return value.map(words).join("|");
  if (typeof value !== "object" || value === null) return String(value);
  if ("Ref" in value) return nameOf(String(value.Ref));
  if ("Fn::GetAtt" in value && Array.isArray(value["Fn::GetAtt"]))
    return nameOf(String(value["Fn::GetAtt"][0]));
  if ("Fn::Join" in value && Array.isArray(value["Fn::Join"])) {
    const [separator, parts] = value["Fn::Join"];
    return [parts].flat().map(words).join(String(separator));
  }
  return Object.entries(value)
    .map(([key, inner]) => `${key} ${words(inner)}`)
    .join(" and ");
}

function nameOf(id: string): string {
  return id.startsWith("AWS::") ? `<${id.slice(5)}>` : id.replace(/[0-9A-F]{8}$/, "");
}
