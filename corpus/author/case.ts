import type { Evidence } from "../../src/evidence/evidence.ts";
import type { TargetStatus } from "../../src/report/report.ts";

export interface Expectation {
  readonly status: TargetStatus;
  /** Ids of the true root causes, best first; empty: nothing is to be accused. */
  readonly causes: readonly string[];
  /** Other ids whose support is true as well, such as the outer links of the chain. */
  readonly acceptable?: readonly string[];
  /** Part of the failed requests, 0 to 1, that the first finding explains at least. */
  readonly share?: number;
  /** Failures hidden by retries that the report counts, at least. */
  readonly masked?: number;
}

export interface CorpusCase {
  /** Kebab-case; the folder under corpus/. Twins end in what differs, not in "-twin". */
  readonly id: string;
  /** What happened, in one sentence. */
  readonly title: string;
  /** Public report of such an incident: "kubernetes/ingress-nginx#3639". */
  readonly source?: string;
  /** Id of the case that differs from this one in a single fact. */
  readonly twinOf?: string;
  /** That fact, in one sentence. */
  readonly differs?: string;
  /** As on the command line: "shop.example.com/cart", "ingress/cart", "service/cart". */
  readonly target: string;
  readonly namespace?: string;
  readonly build: () => Evidence | Promise<Evidence>;
  readonly expect: Expectation;
}

/** What is frozen beside the bundle. */
export interface FrozenExpectation extends Omit<CorpusCase, "build"> {
  readonly schema: "why5xx.case/v1";
  /** The command that recorded it in the lab; absent: it was written by hand. */
  readonly recordedBy?: string;
}

const idPattern = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** Declares a case. Throws on what the corpus could not hold: an ill-formed id, a twin without its fact. */
export function defineCase(spec: CorpusCase): CorpusCase {
  if (!idPattern.test(spec.id))
    throw new Error(`"${spec.id}" is no case id: kebab-case, as it names a folder`);
  if ((spec.twinOf === undefined) !== (spec.differs === undefined))
    throw new Error(`${spec.id}: twinOf and differs go together`);
  return spec;
}
