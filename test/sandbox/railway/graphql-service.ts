import { type DocumentNode, execute, type GraphQLError, type GraphQLSchema, validate } from "graphql";
import type { Context } from "./queries.ts";
import { ProblemProcessingRequest, RailwayError } from "./railway-error.ts";

/** A GraphQL request whose document has been parsed. */
export interface Operation {
  readonly document: DocumentNode;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName: string | null;
}

/** A status and what to send as JSON. */
export interface GraphqlAnswer {
  readonly status: number;
  readonly body: { readonly data?: unknown; readonly errors?: readonly object[] };
}

/** Executes documents, and words errors the way Railway does. */
export class GraphqlService {
  readonly #schema: GraphQLSchema;
  readonly #root: object;
  readonly #sound = new Set<string>();
  #traces = 0;

  constructor(schema: GraphQLSchema, root: object) {
    this.#schema = schema;
    this.#root = root;
  }

  async answer({ document, variables, operationName }: Operation, context: Context): Promise<GraphqlAnswer> {
    const invalid = this.#mistakesIn(document);
    if (invalid.length > 0) return this.rejection("GRAPHQL_VALIDATION_FAILED", invalid);
    const { data, errors = [] } = await execute({
      schema: this.#schema,
      document,
      rootValue: this.#root,
      contextValue: context,
      variableValues: variables,
      operationName,
    });
    if (data === undefined) return this.rejection("BAD_USER_INPUT", errors);
    return { status: 200, body: errors.length > 0 ? this.#failure(data, errors) : { data } };
  }

  /** The same few documents come again and again, and validating one takes longer than to answer it. */
  #mistakesIn(document: DocumentNode): readonly GraphQLError[] {
    const text = document.loc?.source.body;
    if (text !== undefined && this.#sound.has(text)) return [];
    const mistakes = validate(this.#schema, document);
    if (text !== undefined && mistakes.length === 0) this.#sound.add(text);
    return mistakes;
  }

  /** The answer to what never gets as far as a resolver: HTTP 400 with a code (facts/railway.md, 6). */
  rejection(code: string, errors: readonly GraphQLError[]): GraphqlAnswer {
    const worded = errors.map(({ message, locations }) => ({
      message,
      locations,
      extensions: { code },
      traceId: this.#traceId(),
    }));
    return { status: 400, body: { errors: worded } };
  }

  #failure(data: unknown, errors: readonly GraphQLError[]): GraphqlAnswer["body"] {
    const problem = errors.find(({ cause }) => cause instanceof ProblemProcessingRequest);
    if (problem) return { data: null, errors: [{ message: problem.message, traceId: this.#traceId() }] };
    return { data, errors: errors.map((error) => this.#worded(error)) };
  }

  #worded(error: GraphQLError): object {
    const { cause, message, path, locations } = error;
    if (!(cause instanceof RailwayError)) throw new Error("The stand-in failed", { cause: error });
    return { message, path, locations, extensions: cause.extensions, traceId: this.#traceId() };
  }

  #traceId(): string {
    this.#traces += 1;
    return String(5_527_782_523_421_000_000n + BigInt(this.#traces));
  }
}
