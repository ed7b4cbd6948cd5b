import { type Counted, failureInterval } from "../base/statistics/fall.ts";
import { version } from "../base/version.ts";
import type { Observations } from "../derive/observations.ts";
import type { ChangeRecord } from "../evidence/change-record.ts";
import type { Report, TargetReport } from "../report/report.ts";
import type { CountedRate } from "../report/verify-report.ts";
import {
  type DrainReport,
  type StateReport,
  type WatchInterval,
  type WatchReport,
  watchSchema,
} from "../report/watch-report.ts";
import type { Baseline } from "./baseline.ts";
import { drainGaps } from "./drain-gaps.ts";
import { changeTeller } from "./happened.ts";
import { judgeWatch, type Tolerated } from "./judge.ts";
import { watchedState } from "./surroundings.ts";

/** All that was seen from the first to the last moment. */
export interface Watched {
  readonly target: string;
  readonly record: ChangeRecord;
  /** Of the evidence of that time, the record among it. */
  readonly facts: Observations;
  readonly diagnosis: TargetReport;
  readonly before?: Baseline;
  /** What was counted while the log was followed; absent when it could not be. */
  readonly followed?: Counted & { readonly codes: Readonly<Record<string, number>> };
  readonly series: readonly WatchInterval[];
  readonly isCutShort: boolean;
  readonly tolerated: Tolerated;
  readonly losses: Report["losses"];
}

export function watchReport(watched: Watched): WatchReport {
  const { target, record, facts, diagnosis, before, series, isCutShort, tolerated } = watched;
  const state = watchedState(record);
  const seconds = Math.max(0.001, (record.toMs - record.fromMs) / 1000);
  const during = duringOf(watched);
  const isBroken = diagnosis.status === "explained" || diagnosis.status === "partly-explained";
  const { traffic } = facts;
  const { verdict, why, luckOfRise } = judgeWatch({
    ...(before === undefined ? {} : { before }),
    ...(during === undefined ? {} : { during }),
    ...(traffic.state === "present"
      ? {}
      : { uncounted: traffic.state === "unknown" ? withoutAdvice(traffic.reason) : traffic.why }),
    masked: diagnosis.symptom.masked,
    rollouts: state.rollouts,
    stuckPods: state.stuckPods,
    ...(state.pods.readyEndpoints === undefined ? {} : { readyEndpoints: state.pods.readyEndpoints }),
    ...(state.endpointsUnread === undefined ? {} : { endpointsUnread: state.endpointsUnread }),
    ...(isBroken ? { headline: diagnosis.headline } : {}),
    tolerated,
  });
  const drain = drainReport(record, facts);
  return {
    schema: watchSchema,
    tool: { version },
    target,
    from: isoOf(record.fromMs),
    to: isoOf(record.toMs),
    seconds: Math.round(seconds * 10) / 10,
    isCutShort,
    verdict,
    why,
    ...(before === undefined ? {} : { before: { ...rateOf(before), source: before.source } }),
    ...(during === undefined
      ? {}
      : {
          during: {
            ...rateOf(during),
            perSecond: Number((during.requests / seconds).toPrecision(3)),
            codes: during.codes,
          },
        }),
    ...(luckOfRise === undefined ? {} : { luckOfRise }),
    series,
    rollouts: state.rollouts,
    pods: state.pods,
    ...(drain === undefined ? {} : { drain }),
    states: statesOf(facts),
    happened: happenedIn(record),
    diagnosis,
    losses: [...watchLosses(record), ...watched.losses],
  };
}

/** A file that does not grow with what is watched is no help. */
const withoutAdvice = (reason: string): string => reason.replace(/; give one with --access-log FILE$/, "");

/** A log that was read afterwards may have been cut at its limit; one that was followed may have been broken off. */
const mostMissing = 0.1;

function duringOf({ followed, diagnosis: { symptom } }: Watched): Watched["followed"] {
  const read = symptom.counted
    ? { requests: symptom.requests, failed: symptom.failed, codes: symptom.codes }
    : undefined;
  if (read === undefined || followed === undefined) return read ?? followed;
  return read.requests < followed.requests * (1 - mostMissing) ? followed : read;
}

const rateOf = (counted: Counted): CountedRate => {
  const { low, high } = failureInterval(counted);
  return { requests: counted.requests, failed: counted.failed, low, high };
};

function drainReport(record: ChangeRecord, { traffic }: Observations): DrainReport | undefined {
  if (traffic.state !== "present") return undefined;
  const { gaps, deletions, preStopSeconds } = drainGaps(record, traffic.value);
  const [longest] = gaps;
  if (longest === undefined || preStopSeconds === undefined) return undefined;
  const longestSeconds = Number((longest.gapMs / 1000).toFixed(1));
  return { deletions, measured: gaps.length, longestSeconds, preStopSeconds };
}

function statesOf({ attemptStates }: Observations): StateReport[] {
  if (attemptStates.state !== "present") return [];
  return attemptStates.value.byState.map(({ state, pod, attempts, example }) => ({
    state,
    ...(pod === undefined ? {} : { pod }),
    attempts,
    example: { at: isoOf(example.timeMs), text: example.text, source: example.source },
  }));
}

const mostTold = 200;

function happenedIn(record: ChangeRecord): WatchReport["happened"] {
  const tell = changeTeller();
  const told = record.changes.flatMap((change) => {
    const text = tell(change);
    return text === undefined ? [] : [{ at: isoOf(change.atMs), text }];
  });
  return told.slice(-mostTold);
}

function watchLosses({ watched, dropped }: ChangeRecord): Report["losses"] {
  const deaf = watched.flatMap(({ resource, namespace, reason, gaps }) => {
    const what = `watch of ${resource} in ${namespace}`;
    const gapMs = gaps.reduce((sum, gap) => sum + gap.toMs - gap.fromMs, 0);
    return [
      ...(reason === undefined ? [] : [{ what, why: reason }]),
      ...(reason !== undefined || gapMs === 0
        ? []
        : [
            {
              what,
              why: `nobody listened for ${(gapMs / 1000).toFixed(1)} s; what happened then has the time of its end`,
            },
          ]),
    ];
  });
  return dropped === 0
    ? deaf
    : [...deaf, { what: "changes", why: `${dropped} were not kept, because there were too many` }];
}

const isoOf = (ms: number): string => new Date(ms).toISOString();
