import { describe } from "vitest";
import { COMPOSERS } from "./four-composers.ts";
import { slowPages } from "./slow-pages.ts";

describe("a delivery to a slow page", () => {
  slowPages(COMPOSERS);
});
