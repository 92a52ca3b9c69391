import { describe } from "vitest";
import { stutteringPages } from "./stuttering-pages.ts";

describe("deliveries to pages that stand still for a moment now and then", () => {
  stutteringPages(100);
});
