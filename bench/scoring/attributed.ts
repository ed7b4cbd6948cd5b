import type { Attribution } from "../../src/cli/lab/attribution.ts";

/** What became of the single requests of recorded runs, of which the lab knows the truth. */
export interface Attributed {
  readonly recordedRuns: number;
  readonly failedRequests: number;
  /** To a true cause; those of others to none. */
  readonly rightlyAttributed: number;
  /** To a cause that is not true of them. */
  readonly wronglyAttributed: number;
}

export function attributedIn(attributions: readonly Attribution[]): Attributed {
  const sum = (name: "failed" | "right" | "wrong"): number =>
    attributions.reduce((total, one) => total + one[name], 0);
  return {
    recordedRuns: attributions.length,
    failedRequests: sum("failed"),
    rightlyAttributed: sum("right"),
    wronglyAttributed: sum("wrong"),
  };
}
