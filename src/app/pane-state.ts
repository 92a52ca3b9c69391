/** In words: what a message would meet in a pane right now. */
import type { Inspected } from "../transports/tmux/inspect.ts";

/** `remedy`: what to do before a message can be delivered; "" when it could be now. */
export function paneState({ reading, isInMode, chosen }: Inspected): {
  readonly detail: string;
  readonly remedy: string;
} {
  if (isInMode) return { detail: "in copy mode, which a delivery leaves", remedy: "" };
  switch (reading.kind) {
    case "dialog":
      return { detail: `asks something: "${reading.line.slice(0, 60)}"`, remedy: "answer it in the pane" };
    case "unknown":
      return {
        detail: "no composer was found on its screen",
        remedy: "see what the pane shows; describe its composer in a profile of your own",
      };
    case "composer": {
      if (reading.text === "")
        return { detail: "the composer is empty: a message could be delivered now", remedy: "" };
      const isMovable = chosen.profile.clear.length > 0;
      return {
        detail: `the composer holds a draft, which ${isMovable ? "is put back after a message" : "this profile can't take out"}`,
        remedy: isMovable ? "" : "submit or remove it in the pane",
      };
    }
    default:
      return reading satisfies never;
  }
}
