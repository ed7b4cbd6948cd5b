import type { Agent, ClientRequest } from "node:http";
import type { Socket } from "node:net";
import type { SentRequest } from "../../evidence/sent-request.ts";
import { requestOf, type Shot } from "./shot.ts";

/** Real time with fractions: Unix ms. */
export const exactMs = (): number => performance.timeOrigin + performance.now();

/** What `error` of a request says when nobody else says it. */
export const noAnswerInTime = "no answer in time";
export const answerCutShort = "answer cut short";

export interface SendOptions {
  readonly agent: Agent;
  readonly userAgent: string;
  readonly id: string;
  /** When the request was to be sent, Unix ms. */
  readonly dueMs: number;
  /** From `dueMs` on: a late start takes nothing from the client's patience. */
  readonly answerMs: number;
  /** Given the request, to break it off. */
  readonly onRequest?: (request: ClientRequest) => void;
}

/** When the last response on a connection had ended. */
const restingSince = new WeakMap<Socket, number>();

/** Sends one request and tells what became of it; never fails. */
export function sendOne(shot: Shot, options: SendOptions): Promise<SentRequest> {
  const { agent, userAgent, id, dueMs, answerMs, onRequest } = options;
  const { method, url } = shot;
  const seen: { sentMs: number; status?: number; localPort?: number; idleMs?: number } = {
    sentMs: exactMs(),
  };
  return new Promise((resolve) => {
    let hasEnded = false;
    const request = requestOf(shot, { agent, userAgent, id });
    const end = (error?: string): void => {
      if (hasEnded) return;
      hasEnded = true;
      clearTimeout(timer);
      const { status, ...rest } = seen;
      const answer = error === undefined ? { status: status ?? 0 } : { error };
      resolve({ id, dueMs, ...rest, endMs: exactMs(), method, path: url.pathname + url.search, ...answer });
    };
    const timer = setTimeout(
      () => {
        end(noAnswerInTime);
        request.destroy();
      },
      Math.max(1, answerMs - (seen.sentMs - dueMs)),
    );
    request.once("socket", (socket) => noteSocket(socket, seen));
    request.once("response", (response) => {
      seen.status = response.statusCode ?? 0;
      const { socket } = response;
      response.once("end", () => {
        restingSince.set(socket, exactMs());
        end(response.complete ? undefined : answerCutShort);
      });
      response.once("error", () => end(answerCutShort));
      response.once("close", () => end(answerCutShort));
      response.resume();
    });
    request.on("error", (error: NodeJS.ErrnoException) => end(errorText(error)));
    onRequest?.(request);
    request.end();
  });
}

function noteSocket(socket: Socket, seen: { sentMs: number; localPort?: number; idleMs?: number }): void {
  const restedSinceMs = restingSince.get(socket);
  const onReady = (): void => {
    seen.sentMs = exactMs();
    if (socket.localPort !== undefined) seen.localPort = socket.localPort;
  };
  if (restedSinceMs !== undefined) seen.idleMs = exactMs() - restedSinceMs;
  if (socket.connecting) socket.once("connect", onReady);
  else onReady();
}

/** Node says "socket hang up" with ECONNRESET where a connection was closed in order before a response. */
function errorText(error: NodeJS.ErrnoException): string {
  if (error.message === "socket hang up") return closedWithoutAnswer;
  return error.code ?? error.message;
}

export const closedWithoutAnswer = "closed without an answer";
