import { fitsPattern } from "../../src/base/wildcard.ts";

/** What a public project publishes, at one commit, and how it is rendered. */
export interface RealSource {
  readonly id: string;
  /** owner/name at GitHub. */
  readonly repo: string;
  readonly commit: string;
  /** Patterns of files that are applied together. */
  readonly files?: readonly string[];
  /** A folder for `kubectl kustomize`. */
  readonly kustomize?: string;
  /** A folder for `helm template`, with what is set beyond the chart's defaults. */
  readonly chart?: string;
  readonly set?: readonly string[];
}

/** What a person who read the manifests says of findings. The first that fits counts. */
export interface Judgement {
  /** Id of a source, with * for any part. */
  readonly of: string;
  /** Fingerprint of a finding, likewise. */
  readonly finding: string;
  /** minor: it is so, and little hangs on it there. */
  readonly is: "true" | "minor" | "false";
  readonly why: string;
}

export function judgementOf(
  id: string,
  fingerprint: string,
  judgements: readonly Judgement[],
): Judgement | undefined {
  return judgements.find((j) => fitsPattern(j.of, id) && fitsPattern(j.finding, fingerprint));
}
