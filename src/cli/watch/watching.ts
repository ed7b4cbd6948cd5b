import { setTimeout as sleep } from "node:timers/promises";
import type { Observations } from "../../derive/observations.ts";
import type { Route } from "../../derive/views.ts";
import type { ChangeRecord } from "../../evidence/change-record.ts";
import type { Evidence } from "../../evidence/evidence.ts";
import type { Connection } from "../../gather/cluster/connection.ts";
import { type FollowedLogs, followLogs } from "../../gather/watch/follow-logs.ts";
import { recordChanges } from "../../gather/watch/record-changes.ts";
import { watchScope } from "../../gather/watch/watch-scope.ts";
import type { WatchReport } from "../../report/watch-report.ts";
import type { Baseline } from "../../watch/baseline.ts";
import { changeTeller } from "../../watch/happened.ts";
import { type WatchedState, watchedState } from "../../watch/surroundings.ts";
import { type Counting, gatewayLogsOf, newCounting } from "./counting.ts";
import type { Screen } from "./screen.ts";

export interface WatchPlan {
  readonly evidence: Evidence;
  readonly route: Route;
  readonly facts: Observations;
  readonly before?: Baseline;
  readonly forMs: number;
  readonly screen: Screen;
}

export interface Seen {
  readonly record: ChangeRecord;
  readonly counting: Counting;
  /** False: the gateway's log could not be followed at all. */
  readonly isCounted: boolean;
  readonly problems: readonly string[];
  readonly isCutShort: boolean;
}

const tickMs = 1000;
/** A picture of the whole time has about this many stretches. */
const stretches = 100;
const shownHappened = 8;

/** Watches for the time that was asked for, or until an interrupt. */
export async function watched(connection: Connection, plan: WatchPlan): Promise<Seen> {
  const { evidence, route, facts, forMs, screen } = plan;
  const ended = new AbortController();
  const stop = (): void => ended.abort();
  const { signal } = ended;
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  const happened: { at: string; text: string }[] = [];
  const teller = changeTeller();
  const recording = await recordChanges(connection, watchScope(facts), {
    onChange: (change) => {
      const text = teller(change);
      if (text === undefined) return;
      happened.push({ at: new Date(change.atMs).toISOString(), text });
      if (happened.length > shownHappened) happened.shift();
      screen.tell(change.atMs, text);
    },
  });
  const logs = followLogs(connection, gatewayLogsOf(facts), signal);
  const fromMs = recording.nowMs();
  const counting = newCounting(
    evidence,
    route,
    fromMs,
    Math.max(2000, Math.ceil(forMs / stretches / 1000) * 1000),
  );
  const stateOf = latestState();
  let wasHeard = false;
  try {
    while (!signal.aborted && recording.nowMs() - fromMs < forMs) {
      const leftMs = forMs - (recording.nowMs() - fromMs);
      // oxlint-disable-next-line no-await-in-loop -- the time is what is waited for
      await sleep(Math.min(tickMs, leftMs), undefined, { signal }).catch(() => {});
      wasHeard ||= logs.isHeard();
      counting.add(logs.take(), recording.nowMs());
      screen.show(viewOf(plan, recording.record(), counting, happened, { fromMs, wasHeard, stateOf }));
    }
    return await endedWith({ recording, logs, counting, isCutShort: signal.aborted, isCounted: wasHeard });
  } finally {
    process.removeListener("SIGINT", stop);
    process.removeListener("SIGTERM", stop);
    ended.abort();
    screen.end();
  }
}

interface Ending {
  readonly recording: Awaited<ReturnType<typeof recordChanges>>;
  readonly logs: FollowedLogs;
  readonly counting: Counting;
  readonly isCutShort: boolean;
  readonly isCounted: boolean;
}

async function endedWith({ recording, logs, counting, isCutShort, isCounted }: Ending): Promise<Seen> {
  counting.add(logs.take(), recording.nowMs());
  const [record] = await Promise.all([recording.stop(), logs.stop()]);
  return { record, counting, isCounted, problems: logs.problems(), isCutShort };
}

interface ViewFacts {
  readonly fromMs: number;
  readonly wasHeard: boolean;
  readonly stateOf: (record: ChangeRecord) => WatchedState;
}

/** Going through a record of hours takes a while: it is done when something has changed, and not all of the time. */
function latestState(): ViewFacts["stateOf"] {
  let known: { readonly heard: number; readonly state: WatchedState; readonly untilMs: number } | undefined;
  return (record) => {
    const heard = record.changes.length + record.dropped;
    const startMs = performance.now();
    if (known === undefined || (known.heard !== heard && known.untilMs <= startMs)) {
      const state = watchedState(record);
      const tookMs = performance.now() - startMs;
      known = { heard, state, untilMs: startMs + 10 * tookMs };
    }
    return known.state;
  };
}

function viewOf(
  { route, before, forMs }: WatchPlan,
  record: ChangeRecord,
  counting: Counting,
  happened: WatchReport["happened"],
  { fromMs, wasHeard, stateOf }: ViewFacts,
): Parameters<Screen["show"]>[0] {
  const { pods, rollouts } = stateOf(record);
  return {
    target: route.target,
    passedSeconds: (record.toMs - fromMs) / 1000,
    wholeSeconds: forMs / 1000,
    ...(before === undefined ? {} : { before }),
    ...(wasHeard ? { during: { requests: counting.requests, failed: counting.failed } } : {}),
    series: counting.series(),
    pods,
    rollouts,
    happened,
  };
}
