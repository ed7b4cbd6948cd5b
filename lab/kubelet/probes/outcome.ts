/** What one try of a probe said. */
export interface ProbeOutcome {
  /** "error": the try itself went wrong and counts for nothing. */
  readonly result: "success" | "failure" | "error";
  /** As the Unhealthy event gives it. */
  readonly output: string;
}

export const success: ProbeOutcome = { result: "success", output: "" };
export const failure = (output: string): ProbeOutcome => ({ result: "failure", output });
export const probeError = (output: string): ProbeOutcome => ({ result: "error", output });
