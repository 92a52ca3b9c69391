/** What the commands print with `--json`, as far as the tests look at it. Written from the contract, not from the code. */
export interface MessageJson {
  readonly id: string;
  readonly broadcast_id: string | null;
  readonly recipient: string;
  readonly priority: string;
  readonly status: string;
  readonly evidence: readonly string[];
  readonly attempts: number;
  readonly error: { readonly code: string; readonly message: string; readonly hint: string } | null;
  readonly inbox_file: string | null;
}

export interface SendJson extends MessageJson {
  readonly schema: 1;
}

export type Counts = Readonly<
  Record<"queued" | "delivering" | "delivered" | "failed" | "unconfirmed" | "cancelled" | "expired", number>
>;

export interface BroadcastJson {
  readonly schema: 1;
  readonly broadcast_id: string;
  readonly counts: Counts;
  readonly messages: readonly MessageJson[];
}

export interface RetryJson {
  readonly schema: 1;
  readonly counts: Counts;
  readonly messages: readonly MessageJson[];
}

export interface StatusJson {
  readonly schema: 1;
  readonly worker: { readonly running: boolean; readonly pid: number | null };
  readonly counts: Counts;
}

/** An entry of the tracker file. */
export interface TrackerEntry {
  readonly recipient: string;
  readonly status: string;
  readonly retry_count: number;
  readonly evidence: readonly string[];
  readonly error: { readonly code: string; readonly message: string } | null;
}
export type Tracker = Readonly<Record<string, TrackerEntry>>;

export interface SelftestJson {
  readonly ok: boolean;
  readonly took_ms: number;
  readonly deliveries: Readonly<Record<string, number>>;
  readonly checks: readonly SelftestCheckJson[];
}

export interface SelftestCheckJson {
  readonly part: string;
  readonly name: string;
  readonly verdict: string;
  readonly reasons: readonly string[];
}
