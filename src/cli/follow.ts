import { basename } from "node:path";
import { followInput } from "../gather/log-files/follow.ts";
import type { LogStream } from "../evidence/evidence.ts";
import { scanGatewayLogs } from "../logs/scan-gateway.ts";
import type { LogsReport } from "../report/logs-report.ts";
import type { FlagValues } from "./flags.ts";
import { scanOptions } from "./log-scan.ts";
import { warn, writeOut } from "./output.ts";
import { Tail } from "./tail.ts";

/** Newest bytes of each log that the summary is of. */
const keptBytes = 64 * 1024 * 1024;
const refreshMs = 2000;
const quietRefreshMs = 10_000;

export interface Following {
  readonly paths: readonly string[];
  readonly values: FlagValues;
  readonly report: (scan: ReturnType<typeof scanGatewayLogs>) => Promise<LogsReport>;
  /** A few lines for the terminal, redrawn in place. */
  readonly summary: (report: LogsReport) => string;
  /** One line, for what is not a terminal. */
  readonly line: (report: LogsReport) => string;
}

/**
 * Reads logs as they grow until interrupted, with a summary of the newest 64 MB of each that is kept up to
 * date; gives the report of the end.
 */
export async function follow({ paths, values, report, summary, line }: Following): Promise<LogsReport> {
  const ended = new AbortController();
  const stop = (): void => ended.abort();
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  const tails = paths.map((path) => new Tail(path === "-" ? "standard input" : path, keptBytes));
  const now = (): Promise<LogsReport> => report(scanOf(tails, values));
  const screen = process.stdout.isTTY ? redrawn(now, summary) : appended(now, line);
  const timer = setInterval(
    () => {
      if (tails.some((tail) => tail.hasNews())) void screen();
    },
    process.stdout.isTTY ? refreshMs : quietRefreshMs,
  );
  try {
    await Promise.all(
      paths.map((path, i) =>
        followInput(path, (bytes) => tails[i]?.add(bytes), ended.signal, {
          fromBytes: 0,
          onNote: ({ what, why }) => warn(`${basename(what)}: ${why}`),
        }),
      ),
    );
  } finally {
    clearInterval(timer);
    process.removeListener("SIGINT", stop);
    process.removeListener("SIGTERM", stop);
  }
  return now();
}

function scanOf(tails: readonly Tail[], values: FlagValues): ReturnType<typeof scanGatewayLogs> {
  const streams = tails.map(({ name, bytes, droppedBytes }): LogStream => ({
    name,
    role: "access-log",
    bytes: bytes(),
    ...(droppedBytes === 0 ? {} : { droppedBytes }),
  }));
  return scanGatewayLogs(streams, scanOptions(values, Date.now()));
}

const clearScreen = "\u001b[H\u001b[2J";

/** One at a time: a summary that takes long is not overtaken by the next. */
function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let isBusy = false;
  return async () => {
    if (isBusy) return;
    isBusy = true;
    try {
      await work();
    } finally {
      isBusy = false;
    }
  };
}

const redrawn = (now: () => Promise<LogsReport>, summary: Following["summary"]): (() => Promise<void>) =>
  oneAtATime(async () => {
    const text = summary(await now());
    const rows = text.split("\n").slice(0, (process.stdout.rows ?? 24) - 1);
    await writeOut(`${clearScreen}${rows.join("\n")}\n`);
  });

const appended = (now: () => Promise<LogsReport>, line: Following["line"]): (() => Promise<void>) =>
  oneAtATime(async () => warn(line(await now())));
