import { describe, expect, it } from "vitest";
import { chatNotification } from "../../functions/adapters/chat-notification.ts";
import { messageJsonSchema } from "../../functions/core/message-form.ts";
import { newsKinds } from "../../functions/core/news.ts";
import type { Message } from "../../functions/core/ports.ts";
import { scenarios } from "../sandbox/scenarios/catalogue.ts";
import { openToldFleet } from "./told-fleet.ts";
import type { Transition } from "./transition.ts";
import { transitions } from "./transitions.ts";

/**
 * All forms of a message in one text, as its readers see them. Written by `npx vitest run test/messages --update`,
 * never by hand, and read by whoever reviews a change.
 */
function goldenOf({ story }: Transition, { subject, text, chat, data, attributes }: Message): string {
  const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;
  const whole = [
    `# ${story}\n`,
    `# mail\nSubject: ${subject}\n\n${text}`,
    `# attributes\n${json(attributes)}`,
    `# chat\n${json(chatNotification(chat))}`,
    `# machines\n${json(data)}`,
  ].join("\n");
  return normalised(whole);
}

/** Ids that stand-ins draw, and ports that the system chooses, are numbered in their order. */
function normalised(text: string): string {
  const seen = new Map<string, string>();
  const drawn = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|127\.0\.0\.1:\d+/g;
  return text.replaceAll(drawn, (id) => {
    const name = seen.get(id) ?? (id.includes(":") ? `host-${seen.size}.test` : `id-${seen.size}`);
    seen.set(id, name);
    return name;
  });
}

describe("what people get", () => {
  it.each(transitions)("is as a reviewer has read it: $name", async (transition) => {
    const told = await openToldFleet(transition.fleet);
    await transition.play(told);
    const message = told.messages.at(-1);
    if (message === undefined) throw new Error("nothing was told");

    expect(message.attributes["kind"]).toBe(transition.kind);
    await expect(goldenOf(transition, message)).toMatchFileSnapshot(`golden/${transition.name}.txt`);
  });

  it("can be read of every scenario", () => {
    const names = transitions.map(({ name }) => name);

    expect(scenarios.map(({ name }) => name).filter((name) => !names.includes(name))).toEqual([]);
  });

  it("is told under every word that there is", () => {
    expect([...new Set(transitions.map(({ kind }) => kind))].toSorted()).toEqual([...newsKinds].toSorted());
  });
});

describe("what machines get", () => {
  it("has a schema that is current", async () => {
    const schema = `${JSON.stringify(messageJsonSchema(), null, 2)}\n`;

    await expect(schema).toMatchFileSnapshot("../../message.schema.json");
  });
});
