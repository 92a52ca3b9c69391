import { test } from "vitest";
import { tellFigures } from "../soak/figures.ts";
import { writeWhileSwapped } from "./swapped-inbox.ts";

test("a link put in an inbox's place between the look and the writing is not followed", async () => {
  const { written, refused } = await writeWhileSwapped(50_000);
  tellFigures("inbox swapped for a link", { written, refused, outside: 0 });
});
