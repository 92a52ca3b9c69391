/** Windows with any title and any properties, and the titles by which they are looked for. */
import fc from "fast-check";
import { displayName } from "../../../src/desktop/runtime-folder.ts";
import type { XConnection } from "../../../src/desktop/x11/connection.ts";
import { listWindows } from "../../../src/desktop/x11/windows.ts";
import { titleMatches } from "../../../src/domain/agent.ts";
import { feeding, type Target, target } from "../fuzz.ts";
import { hostileName, mutatedBytes } from "../mutated.ts";

const title = fc.oneof(
  mutatedBytes(fc.constantFrom("Agent-2 - Cursor", "x".repeat(5000), "", "[\\")).map(String),
  hostileName,
);
const pattern = fc.oneof(
  title,
  fc.constantFrom(
    "/Agent-2/",
    "/(/",
    "/[/",
    "/a/ii",
    "/.*/s",
    "/\\u{110000}/u",
    "//",
    "/",
    "/x/y",
    "/\\p{Surrogate}/u",
  ),
);
const numbers = fc.option(fc.array(fc.constantFrom(0, 1, 7, 2 ** 31, 2 ** 32 - 1), { maxLength: 4 }), {
  nil: null,
});

export const windowTitles: Target = target("window titles", 3, () => {
  return feeding({
    inputs: fc.record({
      title,
      pattern,
      ids: numbers,
      properties: fc.array(numbers, { minLength: 6, maxLength: 6 }),
      isGone: fc.boolean(),
      display: fc.oneof(fc.constantFrom(":0", ":0.0", "unix:0", "host/unix:1"), hostileName),
    }),
    async take({ title, pattern, ids, properties, isGone, display }) {
      if (!/^[A-Za-z0-9._-]*$/.test(displayName(display)))
        throw new Error(`not a file name: ${displayName(display)}`);
      const isRight = titleMatches(pattern, title);
      if (isRight !== titleMatches(pattern, title)) throw new Error("another answer at the second time");
      const windows = await listWindows(desktopWith(title, ids, properties, isGone));
      for (const window of windows) {
        titleMatches(pattern, window.title);
        if (typeof window.title !== "string" || !Number.isInteger(window.rect.width))
          throw new Error("half a window");
      }
    },
  });
});

/** A display on which every window has these properties, or goes away while it is looked at. */
function desktopWith(
  title: string,
  ids: readonly number[] | null,
  properties: readonly (readonly number[] | null)[],
  isGone: boolean,
): XConnection {
  let asked = 0;
  const connection: Partial<XConnection> = {
    root: 1,
    atom: (name) => name.length,
    numbers: async (_window, name) =>
      name === "_NET_CLIENT_LIST" ? ids : (properties[asked++ % properties.length] ?? null),
    text: async (_window, name) => (name === "WM_NAME" ? title : null),
    ask: async <T>() => {
      if (isGone && asked % 3 === 0) throw new Error("BadWindow");
      return { width: 1, height: 1, destX: -5, destY: 2 ** 20 } as T;
    },
  };
  return connection as XConnection;
}
