import type { IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { LogStream } from "../../evidence/evidence.ts";
import { type Answer, type Failure, noResponse, refusal } from "../cluster/answer.ts";
import type { Connection } from "../cluster/connection.ts";
import { NoResponse, openStream } from "../cluster/http.ts";
import { collectionPath, withQuery } from "../cluster/paths.ts";
import type { LogOf } from "../cluster/pod-logs.ts";
import { type Renewal, renewalOf } from "./renewal.ts";

/** Logs that grow, taken piece by piece. */
export interface FollowedLogs {
  /** Whole lines since the last time, each log's as a stream of its own. */
  take(): readonly LogStream[];
  /** Why a log is not followed, or was not for a while, or in part. */
  problems(): readonly string[];
  /** Whether any of them is being followed. */
  isHeard(): boolean;
  stop(): Promise<void>;
}

/** Of each log between two looks at it: some 60,000 lines. */
const maxBytes = 24 << 20;
const waitMs = 1000;

interface Followed {
  readonly of: LogOf;
  chunks: Buffer[];
  sizeBytes: number;
  isOpen: boolean;
}

/** Follows containers' logs from now on, as `kubectl logs -f --tail=0` does, reconnecting when one ends. */
export function followLogs(
  connection: Connection,
  logs: readonly LogOf[],
  signal: AbortSignal,
): FollowedLogs {
  const ending = new AbortController();
  const both = AbortSignal.any([signal, ending.signal]);
  const problems = new Set<string>();
  const { agent } = connection;
  agent.maxSockets += logs.length;
  const followed = logs.map((of): Followed => ({ of, chunks: [], sizeBytes: 0, isOpen: false }));
  const following = {
    signal: both,
    tell: (problem: string): void => void problems.add(problem),
    renewal: renewalOf(connection),
  };
  const done = followed.map((one) => followOne(connection, one, following));
  return {
    take: () => followed.flatMap(linesOf),
    problems: () => [...problems],
    isHeard: () => followed.some(({ isOpen }) => isOpen),
    stop: async () => {
      ending.abort();
      await Promise.all(done);
    },
  };
}

interface Following {
  readonly signal: AbortSignal;
  readonly tell: (problem: string) => void;
  readonly renewal: Renewal;
}

async function followOne(
  connection: Connection,
  one: Followed,
  { signal, tell, renewal }: Following,
): Promise<void> {
  const { namespace, pod, container } = one.of;
  const name = `${namespace}/${pod}`;
  const path = withQuery(`${collectionPath("pods", namespace)}/${encodeURIComponent(pod)}/log`, {
    container,
    follow: true,
    tailLines: 0,
  });
  while (!signal.aborted) {
    // oxlint-disable no-await-in-loop -- one stream after the other
    const answer = await opened(connection, path, signal, namespace);
    if (signal.aborted) return;
    if ("reason" in answer) {
      const isRenewed = await renewal(answer);
      if (!isRenewed) tell(`log of ${name}: ${answer.reason}`);
      if (!isRenewed && !answer.passing && answer.kind !== "unreachable") return;
    } else {
      one.isOpen = true;
      await read(answer, one, () => tell(`log of ${name}: it grew too fast to be read whole`));
      one.isOpen = false;
      if (!signal.aborted) tell(`log of ${name}: its stream ended and was taken up again`);
    }
    await sleep(waitMs, undefined, { signal }).catch(() => {});
    // oxlint-enable no-await-in-loop
  }
}

async function opened(
  connection: Connection,
  path: string,
  signal: AbortSignal,
  namespace: string,
): Promise<IncomingMessage | Failure> {
  const what = `get pods/log in namespace ${namespace}`;
  try {
    // The head comes with the first line, which on a quiet gateway may be long in coming.
    const incoming = await openStream(connection, { path, accept: "*/*", deadlineMs: 2 ** 31 - 1, signal });
    if (!("status" in incoming)) return incoming;
    return failureOf(refusal(incoming, what));
  } catch (error) {
    if (!(error instanceof NoResponse)) throw error;
    return failureOf(noResponse(error, what));
  }
}

const failureOf = (answer: Answer<never>): Failure =>
  answer.ok ? { kind: "broken", reason: "no answer", passing: true } : answer.failure;

function read(incoming: IncomingMessage, one: Followed, tellFull: () => void): Promise<void> {
  return new Promise((resolve) => {
    incoming.on("data", (chunk: Buffer) => {
      if (one.sizeBytes + chunk.length > maxBytes) {
        tellFull();
        return;
      }
      one.chunks.push(chunk);
      one.sizeBytes += chunk.length;
    });
    for (const end of ["error", "end", "close"]) incoming.on(end, () => resolve());
  });
}

const newline = 0x0a;

/** A line that has not ended yet waits for the next time. */
function linesOf(one: Followed): LogStream[] {
  const all = Buffer.concat(one.chunks);
  const end = all.lastIndexOf(newline) + 1;
  if (end === 0) return [];
  const rest = all.subarray(end);
  one.chunks = rest.length === 0 ? [] : [rest];
  one.sizeBytes = rest.length;
  const { namespace, pod, container } = one.of;
  const name = `${namespace}/${pod}/${container}`;
  return [{ namespace, pod, container, name, role: "container", bytes: all.subarray(0, end) }];
}
