import type { ChildProcess } from "node:child_process";
import { LabProblem } from "./lab-problem.ts";
import type { Answer, Ask, Door, MessageIn, MessageOut, OrderName } from "./orders.ts";

/** The launcher's end of the talk with a lab. */
export interface Correspondence {
  send(message: MessageIn): void;
  ask<N extends OrderName>(order: N, ask: Ask<N>): Promise<Answer<N>>;
  /** All parts run, all doors are open. */
  readonly ready: Promise<void>;
  /** The lab's processes are gone; rejects with LabProblem when they ended otherwise than with 0. */
  readonly ended: Promise<void>;
}

interface Listening {
  onNotice(text: string): void;
  onOpen(door: Door, path: string): Promise<void>;
}

interface Pending {
  resolve(answer: Answer<OrderName>): void;
  reject(problem: LabProblem): void;
}

const rememberedChars = 4000;

export function openCorrespondence(child: ChildProcess, listening: Listening): Correspondence {
  const pending = new Map<number, Pending>();
  const opening: Promise<void>[] = [];
  const ready = Promise.withResolvers<void>();
  let asked = 0;
  let lastWords = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    lastWords = (lastWords + text).slice(-rememberedChars);
  });

  const settle = (id: number, how: (waiting: Pending) => void): void => {
    const waiting = pending.get(id);
    pending.delete(id);
    if (waiting !== undefined) how(waiting);
  };
  child.on("message", (message: MessageOut) => {
    if (message.type === "answer") settle(message.id, (w) => w.resolve(message.answer));
    else if (message.type === "refusal") settle(message.id, (w) => w.reject(new LabProblem(message.message)));
    else if (message.type === "notice") listening.onNotice(message.text);
    else if (message.type === "open") opening.push(listening.onOpen(message.door, message.path));
    else void Promise.all(opening).then(() => ready.resolve(), ready.reject);
  });

  const ended = new Promise<void>((resolve, reject) => {
    const end = (problem: LabProblem | undefined): void => {
      const why = problem ?? new LabProblem("the lab has ended");
      for (const waiting of pending.values()) waiting.reject(why);
      pending.clear();
      if (problem === undefined) resolve();
      else reject(problem);
    };
    child.on("error", (error) => {
      // One that runs has ended when it cannot be written to, and its close says how.
      if (child.pid === undefined) end(new LabProblem(`the lab could not be started: ${error.message}`));
    });
    child.once("close", (code, signal) =>
      end(code === 0 ? undefined : new LabProblem(crashText(signal ?? `exit code ${code}`, lastWords))),
    );
  });
  return {
    ready: ready.promise,
    ended,
    send: (message) => {
      if (child.connected) child.send(message);
    },
    ask: <N extends OrderName>(order: N, ask: Ask<N>) =>
      new Promise<Answer<N>>((resolve, reject) => {
        if (!child.connected) return reject(new LabProblem("the lab has ended"));
        asked += 1;
        // The answer to an order is of that order's type: both ends share one table.
        pending.set(asked, { resolve: resolve as Pending["resolve"], reject });
        child.send({ type: "ask", id: asked, order, ask } satisfies MessageIn);
      }),
  };
}

const crashText = (how: string, lastWords: string): string =>
  `the lab ended by itself (${how})${lastWords.trim() === "" ? "" : `; its last words:\n${lastWords.trim()}`}`;
