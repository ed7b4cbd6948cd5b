import type { LogsReport } from "../report/logs-report.ts";
import { count, counted, listed, tally } from "./words.ts";

/** Wording of the logs report that the terminal and the Markdown renderer share. */

/** "412 of 128,400 requests failed (0.32%): 502 ×361, 503 ×51; retries hid 731 more". */
export function headText({ requests, attempts, lines }: LogsReport): string {
  if (requests.total === 0 && lines.access > 0)
    return `None of the ${count(lines.access)} requests that were read is one of those asked for`;
  if (requests.total === 0)
    return lines.total === 0 ? "No line was read" : "None of the lines that were read is a request";
  const hidden = attempts.masked > 0 ? `; retries hid ${count(attempts.masked)} more` : "";
  const left = requests.aborted > 0 ? `; ${counted(requests.aborted, "client")} left before the answer` : "";
  if (requests.failed === 0)
    return `No request failed of ${count(requests.total)}: no 502, 503 or 504${hidden}${left}`;
  const codes = Object.entries(requests.byStatus).filter(([status]) => isFailure(status));
  const share = shareText(requests.failed, requests.total);
  return `${count(requests.failed)} of ${counted(requests.total, "request")} failed (${share}): ${tally(Object.fromEntries(codes))}${hidden}${left}`;
}

const isFailure = (status: string): boolean => /^(50[0234]|009|52\d|530)$/.test(status);

/** What each of several stations saw: a request that two of them logged is in both lines. */
export function stationTexts({ stations }: LogsReport): string[] {
  if (stations.length < 2) return [];
  return stations.map(({ station, requests, failed, byStatus }) => {
    const codes = Object.fromEntries(Object.entries(byStatus).filter(([status]) => isFailure(status)));
    const what = failed === 0 ? "" : `: ${tally(codes)}`;
    return `at the ${station.replaceAll("-", " ")}: ${count(failed)} of ${counted(requests, "request")} failed${what}`;
  });
}

/** "0.32%"; small shares keep two digits that say something. */
export function shareText(part: number, whole: number): string {
  if (whole === 0) return "0%";
  const percent = (part / whole) * 100;
  if (percent === 0 || percent === 100) return `${percent}%`;
  if (percent < 0.001) return "under 0.001%";
  return percent > 99.9 ? "over 99.9%" : `${Number(percent.toPrecision(percent < 1 ? 2 : 3))}%`;
}

/** Who minted what the clients saw, most first. */
export function originTexts({ requests }: LogsReport): string[] {
  const { unknown = 0, ...known } = requests.byOrigin;
  const origins = Object.entries(known).sort(([, a], [, b]) => b - a);
  const texts = origins.map(([origin, n]) => `the ${origin.replaceAll("-", " ")} ×${count(n)}`);
  const said = texts.length === 0 ? [] : [`502, 503 and 504 came from ${texts.join(", ")}`];
  return unknown === 0
    ? said
    : [[...said, `of ${count(unknown)} the log does not say who made them`].join("; ")];
}

export function linesText({ lines, formats }: LogsReport): string {
  const kinds = Object.entries(formats).sort(([, a], [, b]) => b - a);
  const repeated = lines.repeated > 0 ? `, ${count(lines.repeated)} captured twice` : "";
  return `${counted(lines.total, "line")}${repeated}${kinds.length === 0 ? "" : `: ${kinds.map(([name, n]) => `${name} ×${count(n)}`).join(", ")}`}`;
}

export const fileText = ({ source }: LogsReport): string => {
  const beside =
    source.beside === undefined ? "" : `, with the objects of ${source.beside.kind} ${source.beside.name}`;
  return `${listed(source.files, 3)}${beside}`;
};
