import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

/** A server on a port of its own. */
export interface Listener {
  readonly origin: string;
  close(): Promise<void>;
}

/** Listens on the loopback address only; closing ends open connections too. */
export async function listen(onRequest: RequestListener): Promise<Listener> {
  const server = createServer(onRequest);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
