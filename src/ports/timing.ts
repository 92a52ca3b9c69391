/** Learned delays: how long each step of each transport takes for each agent, from the action to its evidence. */

export interface Timing {
  /**
   * Milliseconds to wait for the evidence of this step: the 95th percentile of what was seen × 1.5, grown after
   * misses, within the floor and the ceiling of the configuration. Nothing seen yet: a patient first guess.
   */
  deadlineMs(agent: string, transport: string, step: string): number;
  /** The median of what was seen in milliseconds, or null when nothing was. */
  typicalMs(agent: string, transport: string, step: string): number | null;
  /** The newest of what was seen in milliseconds, or null when nothing was. */
  latestMs(agent: string, transport: string, step: string): number | null;
  /** The step's evidence came `ms` milliseconds after its action. Ends the growth that misses caused. */
  record(agent: string, transport: string, step: string, ms: number): void;
  /** The deadline passed without evidence: the next one is longer. */
  miss(agent: string, transport: string, step: string): void;
}
