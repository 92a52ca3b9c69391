import type { NumberedCommand, Report } from "../protocol.ts";

/** The page's line to its server: reports go out in order, commands come in one at a time. */
export interface Server {
  report(report: Report): void;
  /** Resolves when everything reported so far has arrived. */
  flush(): Promise<void>;
  nextCommand(): Promise<NumberedCommand | null>;
  /** Goes out at once, also where the page stands still right after. */
  tell(entries: readonly string[]): void;
}

export function connectServer(page: string): Server {
  const query = new URLSearchParams({ page, instance: crypto.randomUUID() });
  let sent: Promise<unknown> = Promise.resolve();
  addEventListener("pagehide", () => navigator.sendBeacon(`/bye?${query}`));
  return {
    report(report) {
      const body = JSON.stringify(report);
      // Not `keepalive`: that refuses bodies above 64 KiB.
      sent = sent.then(() => fetch(`/report?${query}`, { method: "POST", body }));
    },
    async flush() {
      await sent;
    },
    tell(entries) {
      navigator.sendBeacon(`/told?${query}`, JSON.stringify(entries));
    },
    async nextCommand() {
      const response = await fetch(`/next?${query}`);
      return (await response.json()) as NumberedCommand | null;
    },
  };
}
