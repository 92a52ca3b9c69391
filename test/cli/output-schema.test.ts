import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../src/cli/commands.ts";
import { checkOutput, PRINTED } from "../e2e/output-schema.ts";
import { workspaceFor } from "./fixture.ts";

describe("the schema of what --json prints", () => {
  it("knows every command", () => {
    expect(Object.keys(PRINTED).toSorted()).toEqual(COMMANDS.map(({ name }) => name).toSorted());
  });

  it("fits what is printed, and not what lacks something or has more", async () => {
    const sent = await workspaceFor().json<Record<string, unknown>>(["send", "Agent-1", "x"]);
    expect(() => checkOutput(["send"], sent)).not.toThrow();
    const { status: _, ...less } = sent;
    for (const wrong of [less, { ...sent, more: 1 }, { ...sent, attempts: "1" }, { ...sent, id: "1" }])
      expect(() => checkOutput(["send"], wrong)).toThrow("printed what its schema does not know");
    expect(() => checkOutput(["status"], sent)).toThrow("status_report: ");
  });

  it("fits failures, with the problems of a configuration", async () => {
    const workspace = workspaceFor({ config: { agnets: {} } });
    const failed = await workspace.json<{ error: { code: string } }>(["send", "Agent-1", "x"]);
    expect(failed.error.code).toBe("configuration");
    expect((await workspaceFor().json<{ error: object }>(["send", "Agent-11", "x"])).error).toMatchObject({
      code: "unknown_name",
    });
  });
});
