import { type Answer, brokenJson, cutAnswer, type Failure, noResponse, notAsked, refusal } from "./answer.ts";
import type { Connection } from "./connection.ts";
import { cutManagedFields } from "./cut-fields.ts";
import { get, type HttpResponse, NoResponse } from "./http.ts";
import { type Accounting, type ClusterOptions, newAccounting } from "./options.ts";

/** Reads from one API server: at most eight calls in flight, each with a deadline, a few retries. */
export interface Api {
  readonly connection: Connection;
  readonly accounting: Accounting;
  /** `what` says the call for people: "list pods in namespace shop". */
  json(path: string, what: string): Promise<Answer<unknown>>;
  /** As many bytes as arrive before the limits; `cut` says that there was more. */
  bytes(
    path: string,
    what: string,
    maxBytes: number,
  ): Promise<Answer<{ bytes: Buffer; cut?: HttpResponse["cut"] }>>;
  /** Server's clock minus ours, from its Date header; 0 until a response had one. */
  skewMs(): number;
  /** The first failure and whether any call succeeded, to tell "no access" from "some reads failed". */
  outcome(): { readonly succeeded: number; readonly first?: Failure };
}

const inFlightLimit = 8;
const retries = 2;
/** A page of 500 pods is about 4 MB, 15 MB with large specs. */
const maxJsonBytes = 64 << 20;

export function openApi(connection: Connection, options: ClusterOptions): Api {
  const deadlineMs = options.deadlineMs ?? 10_000;
  const totalDeadlineMs = options.totalDeadlineMs ?? 60_000;
  const endMs = performance.now() + totalDeadlineMs;
  const accounting = options.accounting ?? newAccounting();
  const inSlot = slots(inFlightLimit);
  let succeeded = 0;
  let first: Failure | undefined;
  let skewMs = 0;

  const once = async (
    path: string,
    what: string,
    accept: string,
    maxBytes: number,
  ): Promise<Answer<HttpResponse>> => {
    const leftMs = Math.min(deadlineMs, endMs - performance.now());
    if (leftMs <= 0) return notAsked(totalDeadlineMs);
    accounting.calls += 1;
    try {
      const response = await get(connection, { path, accept, deadlineMs: Math.ceil(leftMs), maxBytes });
      accounting.wireBytes += response.wireBytes;
      accounting.bytes += response.body.length;
      skewMs = skewOf(response) ?? skewMs;
      return response.status === 200 ? { ok: true, value: response } : refusal(response, what);
    } catch (error) {
      if (error instanceof NoResponse) return noResponse(error, what);
      throw error;
    }
  };

  const ask = async <T>(attempt: () => Promise<Answer<T>>): Promise<Answer<T>> => {
    for (let attempts = 0; ; attempts += 1) {
      // oxlint-disable-next-line no-await-in-loop -- a retry comes after what it retries
      const answer = await inSlot(attempt);
      if (answer.ok) {
        succeeded += 1;
        return answer;
      }
      const waitMs = answer.failure.waitMs ?? 200 * 3 ** attempts;
      const inTime = performance.now() + waitMs < endMs;
      if (!answer.failure.passing || attempts >= retries || !inTime) {
        accounting.failed += 1;
        first ??= answer.failure;
        return answer;
      }
      accounting.retries += 1;
      // oxlint-disable-next-line no-await-in-loop
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  };

  const readJson = async (path: string, what: string): Promise<Answer<unknown>> => {
    const answer = await once(path, what, "application/json", maxJsonBytes);
    if (!answer.ok) return answer;
    return answer.value.cut === undefined ? parse(answer.value.body) : cutAnswer(answer.value, maxJsonBytes);
  };
  /** Two readers that want the same thing at the same time share one call. */
  const asked = new Map<string, Promise<Answer<unknown>>>();

  return {
    connection,
    accounting,
    json: (path, what) => {
      const pending = asked.get(path) ?? ask(() => readJson(path, what)).finally(() => asked.delete(path));
      asked.set(path, pending);
      return pending;
    },
    bytes: (path, what, maxBytes) =>
      ask(async () => {
        const answer = await once(path, what, "*/*", maxBytes);
        if (!answer.ok) return answer;
        const { body, cut } = answer.value;
        return { ok: true, value: { bytes: body, ...(cut === undefined ? {} : { cut }) } };
      }),
    skewMs: () => skewMs,
    outcome: () => ({ succeeded, ...(first === undefined ? {} : { first }) }),
  };
}

function parse(body: Buffer): Answer<unknown> {
  try {
    return { ok: true, value: JSON.parse(cutManagedFields(body).toString("utf8")) as unknown };
  } catch {
    return brokenJson(body.length);
  }
}

/** The header has whole seconds and a way to travel: less than two seconds is no skew. */
function skewOf(response: HttpResponse): number | undefined {
  const skewMs = Date.parse(response.headers.date ?? "") - Date.now();
  if (Number.isNaN(skewMs)) return undefined;
  return Math.abs(skewMs) < 2000 ? 0 : skewMs;
}

/** Runs at most `limit` tasks at once, in the order they came. */
function slots(limit: number): <T>(task: () => Promise<T>) => Promise<T> {
  let free = limit;
  const waiting: (() => void)[] = [];
  return async (task) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
