import type { NewsKind } from "../../functions/core/news.ts";
import type { SmallFleetOptions } from "../heal/small-fleet.ts";
import type { ToldFleet } from "./told-fleet.ts";

/** One thing that people are told of: how it comes about. The last message of the play is what it is about. */
export interface Transition {
  readonly name: string;
  /** What the last message is, by its gravest news. */
  readonly kind: NewsKind;
  readonly story: string;
  readonly fleet?: SmallFleetOptions;
  readonly play: (told: ToldFleet) => Promise<void>;
}

export const wrongValue = "YSB2YWx1ZSB0aGF0IHNvbWVib2R5IG1hZGUgdXA";
