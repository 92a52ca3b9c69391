import { describe, test } from "vitest";
import { tellFigures } from "../soak/figures.ts";
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

describe.each(Object.entries(OBSTACLES))("%s", (obstacle, put) => {
  test("in any place of the workspace is not followed, nor waited for", async () => {
    for (const place of FILES) await deliversBeside([place], put);
    await deliversBeside(FILES, put);
    for (const place of FOLDERS) await keepsOut(place, put);
    for (const place of INBOXES) await deliversOrTells(() => place, put);
    for (const placeOf of [(file: string) => file, temporaryOf]) await deliversOrTells(placeOf, put);
    const places = FILES.length + FOLDERS.length + INBOXES.length + 2;
    tellFigures("links and pipes", { obstacle, places, violations: 0 });
  });
});
