/** What an attempt proved, in the order in which it is proven. */
export const EVIDENCE = ["inbox_file", "typed", "submitted", "acknowledged"] as const;
export type Evidence = (typeof EVIDENCE)[number];
