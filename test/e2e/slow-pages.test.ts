import { describe } from "vitest";
import { slowPages } from "./slow-pages.ts";

describe("a delivery to a slow page", () => {
  slowPages(["Plain", "Rich"]);
});
