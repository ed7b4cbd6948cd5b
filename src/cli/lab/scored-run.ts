import { join } from "node:path";
import { judge, type Judged } from "../../../bench/scoring/judge.ts";
import type { Plan } from "../../../lab/faults/fault.ts";
import type { LaunchedLab } from "../../../lab/machine/launch.ts";
import { hasFailed, runFault } from "../../../lab/run/run-fault.ts";
import type { Asked } from "./asked.ts";
import { type Attribution, attributionOf } from "./attribution.ts";
import { diagnoseKept, diagnoseLab } from "./diagnosis.ts";
import { failedOf } from "./failed-request.ts";
import { type KeptRun, keepRun } from "./kept-run.ts";
import { expectationOf } from "./truth.ts";
import { watchVerdicts } from "./watch-verdicts.ts";

/** How right the diagnosis of one run was. */
export interface ScoredRun {
  readonly asked: Asked;
  /** Whether the fault made any request fail; one that did not cannot be diagnosed, and is not scored. */
  readonly wasShown: boolean;
  readonly judged: Judged;
  readonly attribution: Attribution;
  /** From the end of the first failed request to the first diagnosis, asked for over and over, that named a true cause first. */
  readonly toVerdictMs?: number;
  /** The last diagnosis, reading of the cluster included. */
  readonly diagnosisMs: number;
  readonly tookMs: number;
}

/** @throws LabProblem and whatever the diagnosis throws */
export async function scoredRun(
  asked: Asked,
  tell: (text: string) => void,
  keptIn?: string,
): Promise<ScoredRun> {
  const startMs = performance.now();
  const { fault } = asked;
  let watch: ReturnType<typeof watchVerdicts> | undefined;
  const onTraffic = (lab: LaunchedLab, plan: Plan): void => {
    watch = watchVerdicts(fault, lab, plan);
  };
  const run = await runFault(fault, { ...asked, takeSignals: true, onProgress: tell, onTraffic });
  try {
    const { plan, sent } = run;
    const rightAtMs = await watch?.stop();
    const diagnosisStartMs = performance.now();
    const { evidence, report, explained } = await diagnoseLab(run.lab, plan);
    const diagnosisMs = performance.now() - diagnosisStartMs;
    if (keptIn !== undefined)
      await keepRun(join(keptIn, `${fault.id}-${asked.gateway}-${asked.seed}`), run, evidence);
    const judged = judge({ ...expectationOf(fault, plan), id: nameOf(asked) }, report);
    const firstFailureMs = Math.min(...sent.tried.filter(hasFailed).map((r) => r.endMs));
    const namedAtMs = rightAtMs ?? (judged.hasCause && judged.top1 ? Date.now() : undefined);
    const toVerdict =
      namedAtMs === undefined || firstFailureMs === Infinity
        ? {}
        : { toVerdictMs: Math.max(0, namedAtMs - firstFailureMs) };
    return {
      asked,
      wasShown: fault.causes.length === 0 || firstFailureMs !== Infinity,
      judged,
      attribution: attributionOf(fault, failedOf(plan, sent), report, explained),
      ...toVerdict,
      diagnosisMs,
      tookMs: performance.now() - startMs,
    };
  } finally {
    await run.stop();
  }
}

/** The same of a run that was kept, by the catalogue of today. */
export async function rescored({ asked, expectation, bundle, failed }: KeptRun): Promise<ScoredRun> {
  const startMs = performance.now();
  const { report, explained } = await diagnoseKept(bundle, expectation.target);
  const tookMs = performance.now() - startMs;
  const { fault } = asked;
  return {
    asked,
    wasShown: fault.causes.length === 0 || failed.length > 0,
    judged: judge({ ...expectationOf(fault, expectation), id: nameOf(asked) }, report),
    attribution: attributionOf(fault, failed, report, explained),
    diagnosisMs: tookMs,
    tookMs,
  };
}

const nameOf = ({ fault, gateway, seed }: Asked): string => `${fault.id} ${gateway} seed ${seed}`;
