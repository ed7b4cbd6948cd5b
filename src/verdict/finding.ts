import type { Clue } from "../causes/clue.ts";
import type { Cause, Supported } from "../causes/define-cause.ts";
import type { Observations } from "../derive/observations.ts";
import type { Unknown } from "../evidence/observed.ts";
import { refText } from "../evidence/object-ref.ts";
import { confidence } from "./confidence.ts";

/** What one cause says of one route, weighed. */
export type Finding = SupportedFinding | OtherFinding;

export interface SupportedFinding extends Supported {
  readonly cause: Cause;
  readonly confidence: number;
}

export interface OtherFinding {
  readonly cause: Cause;
  readonly state: "refuted" | "undecided";
  readonly confidence: number;
  readonly clues: readonly Clue[];
  readonly why?: string;
  readonly lookAt?: string;
  /** Facts the cause asked for and that were unknown. */
  readonly missing: readonly Unknown[];
}

/** A supported finding below this is not said aloud: it becomes undecided. */
const accusationThreshold = 0.5;

/** Runs one cause over the facts of one route, handing it only what it declared. */
export function weighCause(cause: Cause, facts: Observations): Finding {
  const missing: Unknown[] = [];
  const handed: Record<string, unknown> = {};
  for (const name of cause.needs) {
    const fact = facts[name];
    if (fact.state === "absent") return refutedByAbsence(cause, fact.why);
    if (fact.state === "unknown") missing.push(fact);
    else handed[name] = fact.value;
  }
  if (missing.length > 0) return undecidedFor(cause, missing);
  const unknownHelp: Unknown[] = [];
  for (const name of cause.helps) {
    handed[name] = facts[name];
    if (facts[name].state === "unknown") unknownHelp.push(facts[name] as Unknown);
  }
  const judged = cause.weigh(handed as never);
  const p = confidence(cause.prior, judged.clues);
  if (judged.state === "refuted") return { ...judged, cause, confidence: 0, missing: [] };
  if (judged.state === "undecided") {
    return { ...judged, cause, confidence: Math.min(p, accusationThreshold), missing: unknownHelp };
  }
  if (p < accusationThreshold || !judged.clues.some((c) => c.for)) {
    const why = `some signs of it on ${refText(judged.subject)}, not enough to say so`;
    return { state: "undecided", cause, confidence: p, clues: judged.clues, why, missing: unknownHelp };
  }
  return { ...judged, cause, confidence: p };
}

function refutedByAbsence(cause: Cause, why: string): OtherFinding {
  const clue: Clue = { for: false, weight: "decisive", text: why, source: why };
  return { state: "refuted", cause, confidence: 0, clues: [clue], missing: [] };
}

function undecidedFor(cause: Cause, missing: readonly Unknown[]): OtherFinding {
  const why = [...new Set(missing.map((m) => `${m.evidence}: ${m.reason}`))].join("; ");
  return { state: "undecided", cause, confidence: 0, clues: [], why, missing };
}

/** Turns a supported finding into an undecided one, with the reason. */
export function withdraw(finding: SupportedFinding, why: string): OtherFinding {
  const { cause, clues, confidence: p } = finding;
  return { state: "undecided", cause, confidence: Math.min(p, accusationThreshold), clues, why, missing: [] };
}

export const isSupported = (finding: Finding): finding is SupportedFinding => finding.state === "supported";
