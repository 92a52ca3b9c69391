import { describe, test, vi } from "vitest";
import { OBSTACLES } from "./links.ts";
import {
  deliversBeside,
  deliversOrTells,
  FILES,
  FOLDERS,
  INBOXES,
  keepsOut,
  temporaryOf,
} from "./obstructed.ts";

// A machine that does much else takes its time.
vi.setConfig({ testTimeout: 120_000 });

describe.each(Object.entries(OBSTACLES))("%s", (_, put) => {
  test("in the place of every file is not followed, nor waited for, and messages are delivered", () =>
    deliversBeside(FILES, put));

  test.each(INBOXES)("in the place of %s: messages arrive, or say why not", (place) =>
    deliversOrTells(() => place, put),
  );

  test("in the place of a message's own inbox file is not written through", () =>
    deliversOrTells((file) => file, put));

  test("in the place of that file's temporary name is not written through", () =>
    deliversOrTells(temporaryOf, put));
});

test.each(FOLDERS)("a link to a folder outside in the place of %s is not written through", (place) =>
  keepsOut(place, OBSTACLES["a link to a folder outside"]),
);
