/** The process in which a test file runs: vitest's own, but where it ends by itself, the run's last lines say which file's, and how. */
import { relative } from "node:path";
import { ForksPoolWorker, type PoolWorker, type WorkerRequest } from "vitest/node";

class TestProcess extends ForksPoolWorker {
  #files = "no file";
  #isAskedToEnd = false;

  override async start(): Promise<void> {
    await super.start();
    this.on("exit", (...[code, signal]: readonly unknown[]) => {
      if (this.#isAskedToEnd) return;
      const how = signal === null ? `with exit code ${String(code)}` : `by ${String(signal)}`;
      process.once("exit", () => console.error(`\nTHE PROCESS OF ${this.#files} ended by itself ${how}.`));
    });
  }

  override send(message: WorkerRequest): void {
    if (message.type === "run")
      this.#files = message.context.files.map(({ filepath }) => relative(process.cwd(), filepath)).join(", ");
    super.send(message);
  }

  override async stop(): Promise<void> {
    this.#isAskedToEnd = true;
    await super.stop();
  }
}

/** For `pool` of vitest's configuration. */
export const TEST_PROCESSES = {
  name: "test-processes",
  createPoolWorker: (options: ConstructorParameters<typeof ForksPoolWorker>[0]): PoolWorker =>
    new TestProcess(options),
};
