import type { Dispatcher } from "undici";
import {
  errorCodeOf,
  type TransportFailure,
  transportFailureOf,
  transportFailures,
} from "./transport-failure.ts";

export interface ExchangeRequest {
  readonly url: URL;
  readonly method: string;
  /** Names and values in turn, as undici takes them without another copy. */
  readonly headers: string[];
  readonly body?: string;
  /** Ends the connection with the answer, so that the next request may meet another replica. */
  readonly onOwnConnection: boolean;
}

export interface ExchangeBounds {
  /** From the request to the last byte of the answer, connecting included. */
  readonly timeoutMs: number;
  readonly bodyBytesMax: number;
}

/** As undici parsed them: by lower-case name, a list where the name came more than once. */
type ResponseHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** What came back. Redirects are never followed. */
export type Exchange =
  | {
      readonly kind: "response";
      readonly status: number;
      /** Whether the body is compressed, though nobody asked for that; it is not unpacked. */
      readonly encoded: boolean;
      readonly headers: ResponseHeaders;
      readonly body: string;
    }
  | {
      readonly kind: "failure";
      readonly failure: TransportFailure;
      /** Where at least the head of an answer came. */
      readonly status?: number;
      /** The system's own, such as `ECONNREFUSED`; it is not safe to print as it is. */
      readonly errorCode?: string;
    };

/** One HTTP request and its answer, bounded in time and bytes. Never rejects. */
export function exchange(
  dispatcher: Dispatcher,
  request: ExchangeRequest,
  bounds: ExchangeBounds,
): Promise<Exchange> {
  return new Promise((resolve) => {
    dispatcher.dispatch(
      {
        origin: request.url.origin,
        path: request.url.pathname + request.url.search,
        method: request.method,
        headers: request.headers,
        body: request.body ?? null,
        reset: request.onOwnConnection,
        // The handler's own timer bounds all of it, so that two more need not be kept for each request.
        headersTimeout: 0,
        bodyTimeout: 0,
      },
      new ExchangeHandler(bounds, resolve),
    );
  });
}

/**
 * Listens to undici directly: its `request` makes a stream for every body, which costs as much as the request.
 * One plain timer bounds the whole exchange, where undici's own bound only the silence between two bytes.
 */
class ExchangeHandler implements Dispatcher.DispatchHandler {
  readonly #resolve: (exchange: Exchange) => void;
  readonly #bodyBytesMax: number;
  readonly #timer: NodeJS.Timeout;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #status: number | undefined;
  #headers: ResponseHeaders = {};
  #isSettled = false;
  #controller: Dispatcher.DispatchController | undefined;

  constructor({ timeoutMs, bodyBytesMax }: ExchangeBounds, resolve: (exchange: Exchange) => void) {
    this.#resolve = resolve;
    this.#bodyBytesMax = bodyBytesMax;
    this.#timer = setTimeout(() => this.#giveUp(this.#timeout()), timeoutMs);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#isSettled) controller.abort(new Error("given up"));
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: ResponseHeaders,
  ): void {
    // Early hints and the like come before the answer's own head.
    if (status < 200) return;
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#bodyBytesMax) this.#giveUp(transportFailures.tooLong);
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    const [first] = this.#chunks;
    const whole = first !== undefined && this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks);
    const headers = this.#headers;
    const encoded = headers["content-encoding"] !== undefined;
    const body = whole.toString("utf8");
    this.#settle({ kind: "response", status: this.#status ?? 0, encoded, headers, body });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(transportFailureOf(error), errorCodeOf(error));
  }

  #timeout(): TransportFailure {
    if (this.#status !== undefined) return transportFailures.bodyTimeout;
    return this.#controller ? transportFailures.headTimeout : transportFailures.connectTimeout;
  }

  #giveUp(failure: TransportFailure): void {
    this.#fail(failure);
    this.#controller?.abort(new Error("given up"));
  }

  #fail(failure: TransportFailure, errorCode?: string): void {
    const status = this.#status;
    this.#settle({
      kind: "failure",
      failure,
      ...(status !== undefined && { status }),
      ...(errorCode !== undefined && { errorCode }),
    });
  }

  #settle(exchange: Exchange): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    clearTimeout(this.#timer);
    this.#resolve(exchange);
  }
}
