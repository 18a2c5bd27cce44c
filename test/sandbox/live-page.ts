import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { renderNotice, renderPage } from "../../functions/page/page.ts";
import type { PageStory } from "./page-story.ts";

const refreshS = 1;
/** So long a browser has to fetch the last page, which is not loaded anew; who has closed it does not come. */
const lastLookMs = 3_000;

/** The page of a scenario while it is played, for a browser on this machine. */
export class LivePage {
  readonly url: string;
  readonly #server: Server;
  readonly #state: ServedState;

  private constructor(server: Server, state: ServedState) {
    const { port } = server.address() as AddressInfo;
    this.url = `http://127.0.0.1:${port}/`;
    this.#server = server;
    this.#state = state;
  }

  static async open(story: PageStory): Promise<LivePage> {
    const state: ServedState = { story, looks: 0, isOver: false, onLook: () => {} };
    const server = createServer((_request, response) => {
      response.setHeader("Content-Type", "text/html; charset=utf-8").setHeader("Cache-Control", "no-store");
      response.end(markupOf(state), () => state.onLook());
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new LivePage(server, state);
  }

  /** Leaves whoever looks with the last page, and ends. */
  async close(): Promise<void> {
    const state = this.#state;
    state.isOver = true;
    if (state.looks > 0) {
      const looked = new Promise<void>((resolve) => {
        state.onLook = resolve;
      });
      const { promise: timeUp, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, lastLookMs);
      await Promise.race([looked, timeUp]);
      clearTimeout(timer);
    }
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

interface ServedState {
  readonly story: PageStory;
  looks: number;
  isOver: boolean;
  onLook: () => void;
}

function markupOf(state: ServedState): string {
  state.looks += 1;
  const { story, isOver } = state;
  const content = story.contents.at(-1);
  if (content === undefined) return beforeTheFirst;
  return renderPage(content, isOver ? {} : { refreshS });
}

const beforeTheFirst = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="${refreshS}"><title>Tallystick</title></head><body>
${renderNotice({ title: "The first check is under way", text: "This page is loaded anew by itself." }, "light")}</body></html>
`;
