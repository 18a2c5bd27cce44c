/** Railway gives authorisation failures the code of a server fault (facts/railway.md, 6). */
const serverError = { code: "INTERNAL_SERVER_ERROR" };

/** An error as Railway's API words it, with `extensions` as they stand in the answer. */
export class RailwayError extends Error {
  readonly extensions: Readonly<Record<string, unknown>>;

  constructor(message: string, extensions: Readonly<Record<string, unknown>> = serverError) {
    super(message);
    this.extensions = extensions;
  }
}

/** Carries no code, path or extensions (facts/railway.md, 6). */
export class ProblemProcessingRequest extends Error {
  constructor(detail = "") {
    super(`Problem processing request${detail}`);
  }
}

/** The same answer for what is not permitted and for what does not exist. */
export const notAuthorized = (detail = ""): RailwayError => new RailwayError(`Not Authorized${detail}`);

/** The answer to any request with an unknown project token. */
export const projectTokenNotFound = (): RailwayError => new RailwayError("Project Token not found");
