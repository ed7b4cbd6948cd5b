import type { LogsReport } from "../report/logs-report.ts";
import type { Report } from "../report/report.ts";

export type ExitCode = 0 | 1 | 2;

export const exitCodeText: Readonly<Record<ExitCode, string>> = {
  0: "Nothing wrong was found.",
  1: "A cause was found.",
  2: "The diagnosis could not be completed: bad flag or input, no access, or evidence that mattered is missing.",
};

/**
 * A pure function of the report. `isAsked`: a target was named, so an answer was owed for it; without
 * one, routes that could not be decided do not hide that the others are well.
 */
export function exitCode({ targets, scope }: Report, isAsked: boolean): ExitCode {
  const has = (...statuses: string[]): boolean => targets.some((t) => statuses.includes(t.status));
  if (has("explained", "partly-explained")) return 1;
  if (has("unexplained")) return 2;
  if (isAsked) return has("undecided") || targets.length === 0 ? 2 : 0;
  const isAnyWell = scope.healthy > 0 || has("healthy");
  return isAnyWell ? 0 : 2;
}

/** Of `logs`: failures that nothing in the logs explains leave the question open. */
export function logsExitCode({ findings, requests, attempts, lines }: LogsReport): ExitCode {
  if (findings.length > 0) return 1;
  if (requests.failed > 0 || attempts.masked > 0 || lines.access === 0) return 2;
  return 0;
}
