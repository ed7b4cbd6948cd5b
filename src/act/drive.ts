import http from "node:http";
import https from "node:https";
import { setTimeout as sleep } from "node:timers/promises";

/** One request, to be sent again and again. */
export interface Shot {
  readonly method: string;
  readonly url: URL;
  /** Where to connect instead of the URL's host; the Host header and the name in TLS stay the URL's. */
  readonly connectTo?: { readonly host: string; readonly port: number };
  /** A certificate that does not hold is taken. */
  readonly isInsecure: boolean;
}

export interface Answer {
  /** Absent: no whole answer came, and `error` says why. */
  readonly status?: number;
  readonly error?: string;
}

export interface DriveOptions {
  readonly perSecond: number;
  readonly forMs: number;
  readonly answerMs: number;
  /** Called with each answer; true ends the driving. */
  readonly onAnswer: (answer: Answer) => boolean;
}

const mostAtOnce = 256;

/**
 * Sends at its own pace, whether or not answers come: a server that hangs is asked as often as one that is well.
 * Resolves when the last answer is in.
 */
export async function drive(shot: Shot, options: DriveOptions): Promise<{ readonly seconds: number }> {
  const isSecure = shot.url.protocol === "https:";
  const agent = new (isSecure ? https : http).Agent({ keepAlive: true, maxSockets: mostAtOnce });
  const startMs = performance.now();
  const open = new Set<Promise<void>>();
  const state = { isOver: false };
  try {
    for (let i = 0; !state.isOver; i++) {
      const afterMs = (i * 1000) / options.perSecond;
      if (afterMs >= options.forMs) break;
      const dueMs = startMs + afterMs;
      // oxlint-disable-next-line no-await-in-loop -- the pace is the point
      if (dueMs > performance.now()) await sleep(dueMs - performance.now());
      if (state.isOver) break;
      // oxlint-disable-next-line no-await-in-loop
      if (open.size >= mostAtOnce) await Promise.race(open);
      const one = shoot(shot, agent, options.answerMs).then((answer) => {
        open.delete(one);
        if (!state.isOver) state.isOver = options.onAnswer(answer);
      });
      open.add(one);
    }
    if (!state.isOver) await Promise.all(open);
    return { seconds: (performance.now() - startMs) / 1000 };
  } finally {
    agent.destroy();
  }
}

function shoot(shot: Shot, agent: http.Agent, answerMs: number): Promise<Answer> {
  const { url, connectTo } = shot;
  const isSecure = url.protocol === "https:";
  const host = url.hostname.replace(/^\[|\]$/g, "");
  return new Promise((resolve) => {
    const request = (isSecure ? https : http).request(
      {
        method: shot.method,
        host: connectTo?.host ?? host,
        port: connectTo?.port ?? (url.port === "" ? (isSecure ? 443 : 80) : Number(url.port)),
        path: url.pathname + url.search,
        agent,
        signal: AbortSignal.timeout(answerMs),
        ...(isSecure ? { servername: host, rejectUnauthorized: !shot.isInsecure } : {}),
        headers: { Host: url.host, "User-Agent": "why5xx-verify", Accept: "*/*" },
      },
      (response) => {
        response.on("error", (error) => resolve({ error: errorText(error) }));
        response.on("end", () =>
          resolve(response.complete ? { status: response.statusCode ?? 0 } : { error: "answer cut short" }),
        );
        response.resume();
      },
    );
    request.on("error", (error) => resolve({ error: errorText(error) }));
    request.end();
  });
}

function errorText(error: NodeJS.ErrnoException): string {
  if (error.name === "AbortError" || error.name === "TimeoutError") return "no answer in time";
  return error.code ?? error.message;
}
