import { randomBytes } from "node:crypto";
import type { ClientRequest } from "node:http";
import type { SentRequest } from "../../evidence/sent-request.ts";
import { exactMs, noAnswerInTime, sendOne } from "./send-one.ts";
import { restConnections } from "./rest-connections.ts";
import { poolFor, type Shot } from "./shot.ts";

export interface LoadPlan {
  readonly shot: Shot;
  readonly userAgent: string;
  readonly perSecond: number;
  readonly forMs: number;
  /** Given up after this long, counted from when it was due. */
  readonly answerMs: number;
  /** What is due while as many are under way waits, and its latency grows. */
  readonly mostAtOnce: number;
  /** What is under way when the load is ended early has this long to end. */
  readonly graceMs: number;
  /** How long connections beside the steady load rest before each request, ms. */
  readonly restsMs?: readonly number[];
}

export interface LoadHooks {
  /** Nothing more is sent. */
  readonly signal?: AbortSignal;
  /** `restMs`: sent on a connection that was to rest so long before. True ends the load. */
  readonly onEnd: (sent: SentRequest, restMs?: number) => boolean | void;
}

export interface LoadPace {
  readonly seconds: number;
  /** Under way at once, at most. */
  readonly mostUnderWay: number;
  /** Late for this process's own sake, in ms, of each steady request that had not to wait for others. */
  readonly lateMs: readonly number[];
  /** Waited because too many were under way. */
  readonly heldBack: number;
  /** Under way when it was ended early, and in no count. */
  readonly brokenOff: number;
}

/** setTimeout has whole milliseconds; what is due within one is sent. */
const tickMs = 1;

/**
 * An open loop: each request is sent when it is due, whatever became of those before, so a server that stands still is
 * asked as often as one that is well. Resolves when the last answer is in.
 */
export async function sendLoad(plan: LoadPlan, { signal, onEnd }: LoadHooks): Promise<LoadPace> {
  const load = new RunningLoad(plan, onEnd);
  const resting = (plan.restsMs ?? []).map((restMs) => restConnections(restMs, plan, load));
  const stop = (): void => load.end();
  signal?.addEventListener("abort", stop, { once: true });
  if (signal?.aborted) stop();
  try {
    await load.steady();
    await load.orEnded(Promise.all(resting));
    await load.settled();
    await Promise.all(resting);
    return load.pace();
  } finally {
    signal?.removeEventListener("abort", stop);
    load.close();
  }
}

/** What a load in progress knows of itself. */
export class RunningLoad {
  readonly startMs = exactMs();
  isEnded = false;
  readonly #plan: LoadPlan;
  readonly #onEnd: LoadHooks["onEnd"];
  readonly #agent;
  readonly #underWay = new Map<ClientRequest, Promise<void>>();
  readonly #waiting: number[] = [];
  readonly #ended = Promise.withResolvers<void>();
  readonly #prefix = randomBytes(10).toString("hex");
  readonly #late: number[] = [];
  #sent = 0;
  #mostUnderWay = 0;
  #heldBack = 0;
  #brokenOff = 0;

  constructor(plan: LoadPlan, onEnd: LoadHooks["onEnd"]) {
    this.#plan = plan;
    this.#onEnd = onEnd;
    this.#agent = poolFor(plan.shot, plan.mostAtOnce);
  }

  end(): void {
    this.isEnded = true;
    this.#ended.resolve();
  }

  /** 32 hexadecimal digits, as nginx makes them for `$request_id`. */
  nextId(): string {
    return this.#prefix + (this.#sent++).toString(16).padStart(12, "0");
  }

  async orEnded(work: Promise<unknown>): Promise<void> {
    await Promise.race([work, this.#ended.promise]);
  }

  /** Waits; shorter when the load is ended. */
  async sleep(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, Math.max(0, ms));
    await Promise.race([promise, this.#ended.promise]);
    clearTimeout(timer);
  }

  async steady(): Promise<void> {
    const { perSecond, forMs, mostAtOnce } = this.#plan;
    for (let i = 0; ;) {
      const nowMs = exactMs();
      let dueMs = this.startMs + (i * 1000) / perSecond;
      while (!this.isEnded && dueMs - this.startMs < forMs && dueMs <= nowMs + tickMs / 2) {
        if (this.#underWay.size >= mostAtOnce) {
          this.#heldBack++;
          this.#waiting.push(dueMs);
        } else {
          this.#late.push(Math.max(0, exactMs() - dueMs));
          this.#send(dueMs);
        }
        dueMs = this.startMs + (++i * 1000) / perSecond;
      }
      if (this.isEnded) return;
      if (dueMs - this.startMs >= forMs) return this.sleep(this.startMs + forMs - exactMs());
      // oxlint-disable-next-line no-await-in-loop -- the pace is the point
      await this.sleep(Math.max(tickMs, dueMs - exactMs()));
    }
  }

  #send(dueMs: number): void {
    const { shot, userAgent, answerMs } = this.#plan;
    const id = this.nextId();
    if (exactMs() - dueMs >= answerMs) {
      this.told({ id, dueMs, sentMs: dueMs, endMs: exactMs(), ...lineOf(shot), error: noAnswerInTime });
      return;
    }
    void this.track(shot, { agent: this.#agent, userAgent, id, dueMs, answerMs });
  }

  /** Sends and counts one request. */
  async track(
    shot: Shot,
    options: Parameters<typeof sendOne>[1],
    restMs?: number,
  ): Promise<SentRequest | undefined> {
    const { promise, resolve } = Promise.withResolvers<void>();
    let own: ClientRequest | undefined;
    const onRequest = (request: ClientRequest): void => {
      own = request;
      this.#underWay.set(request, promise);
      this.#mostUnderWay = Math.max(this.#mostUnderWay, this.#underWay.size);
    };
    const sent = await sendOne(shot, { ...options, onRequest });
    const isCounted = own !== undefined && this.#underWay.delete(own);
    resolve();
    if (!isCounted) return undefined;
    this.told(sent, restMs);
    if (this.#waiting.length > 0 && !this.isEnded && this.#underWay.size < this.#plan.mostAtOnce)
      this.#send(this.#waiting.shift() ?? 0);
    return sent;
  }

  told(sent: SentRequest, restMs?: number): void {
    if (this.#onEnd(sent, restMs) === true) this.end();
  }

  /** Waits for what is under way, and breaks off what is left when the load is ended and the grace is over. */
  async settled(): Promise<void> {
    const { promise: over, resolve } = Promise.withResolvers<void>();
    let timer: NodeJS.Timeout | undefined;
    void this.#ended.promise.then(() => (timer = setTimeout(resolve, this.#plan.graceMs)));
    while (this.#underWay.size > 0) {
      const all = Promise.all(this.#underWay.values()).then(() => true);
      // oxlint-disable-next-line no-await-in-loop -- those that waited are sent as others end
      if ((await Promise.race([all, over])) !== true) break;
    }
    clearTimeout(timer);
    this.#brokenOff = this.#underWay.size + this.#waiting.length;
    const left = [...this.#underWay.keys()];
    this.#underWay.clear();
    for (const request of left) request.destroy();
  }

  close(): void {
    this.#agent.destroy();
  }

  pace(): LoadPace {
    return {
      seconds: (exactMs() - this.startMs) / 1000,
      mostUnderWay: this.#mostUnderWay,
      lateMs: this.#late,
      heldBack: this.#heldBack,
      brokenOff: this.#brokenOff,
    };
  }
}

const lineOf = ({ method, url }: Shot): Pick<SentRequest, "method" | "path"> => ({
  method,
  path: url.pathname + url.search,
});
