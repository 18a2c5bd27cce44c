import type { Secret } from "../../protocol/secret.ts";
import type { TokenPlace } from "./sessions.ts";

/** What a token turned out to be. */
type TokenKind = { readonly kind: "project"; readonly place: TokenPlace } | { readonly kind: "bearer" };

/** More tokens than a fleet has; beyond it the oldest is asked about again. */
const tokensMax = 100;

/** What was learnt of tokens, for as long as a process lives: a repair that is resumed need not ask each time. */
export class TokenKinds {
  readonly #known: { readonly token: Secret; readonly kind: TokenKind }[] = [];

  of(token: Secret): TokenKind | undefined {
    return this.#known.find((each) => each.token.equals(token))?.kind;
  }

  learn(token: Secret, kind: TokenKind): void {
    if (this.of(token) !== undefined) return;
    this.#known.push({ token, kind });
    if (this.#known.length > tokensMax) this.#known.shift();
  }
}
