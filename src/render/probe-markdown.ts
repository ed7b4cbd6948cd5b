import { visible } from "../base/text.ts";
import type { HopProbe, ProbeReport } from "../report/probe-report.ts";
import { cellCode, code, codeBlock, inline } from "./markdown-text.ts";
import {
  originText,
  outcomeText,
  placeText,
  podText,
  requestText,
  timingText,
  tlsText,
} from "./probe-words.ts";
import { safeReport } from "./safe-report.ts";
import { hopSign, isCommand, moment } from "./words.ts";

/** A probe for an incident channel: the verdict, a table of hops, what is not known. */
export function renderProbeMarkdown(report: ProbeReport): string {
  const safe = safeReport(report, visible);
  const { verdict, notes, unknown, tool, startedAt } = safe;
  const sign =
    verdict.state === "well" ? hopSign.ok : verdict.state === "failing" ? hopSign.broken : hopSign.unknown;
  const parts = [
    `### ${sign} ${code(requestText(safe))}`,
    `**${inline(verdict.sentence)}**`,
    ...list(verdict.layers.flatMap(({ because }) => because).map(inline)),
    table(safe),
    ...list(
      safe.hops.flatMap((hop) =>
        [tlsText(hop, startedAt), hop.state === "failed" ? originText(hop) : undefined].flatMap((text) =>
          text === undefined ? [] : [`${code(hop.name)}: ${inline(text)}`],
        ),
      ),
    ),
    ...(unknown.length === 0 ? [] : ["**Not known**"]),
    ...list(
      unknown.map(
        ({ what, reason, next }) =>
          `${code(what)}: ${inline(reason)}${next === undefined ? "" : `; ask for it: ${code(next)}`}`,
      ),
    ),
    ...list(notes.map(inline)),
    ...verdict.next.filter(isCommand).map((step) => codeBlock([step], "sh").join("\n")),
    `*why5xx ${inline(tool.version)}, one request to each hop, ${inline(moment(startedAt))}*`,
  ];
  return `${parts.join("\n\n")}\n`;
}

const list = (items: readonly string[]): readonly string[] =>
  items.length === 0 ? [] : [items.map((text) => `- ${text}`).join("\n")];

function table({ hops, service }: ProbeReport): string {
  const front = hops.filter((hop) => hop.place !== "pod");
  const pods = hops.filter((hop) => hop.place === "pod");
  const middle =
    service === undefined
      ? []
      : [
          `| ${hopSign[service.state]} | Service | ${cellCode(service.name.replace(/^Service /, ""))} | ${inline(service.note)} |  |`,
        ];
  return [
    "| | hop | asked | answered | took |",
    "|---|---|---|---|---|",
    ...front.map(row),
    ...middle,
    ...pods.map(row),
  ].join("\n");
}

const row = (hop: HopProbe): string => {
  const sign = hop.state === "ok" ? hopSign.ok : hop.state === "failed" ? hopSign.broken : hopSign.unknown;
  return `| ${sign} | ${placeText[hop.place]} | ${cellCode(hop.name)} | ${inline(outcomeText(hop) + podText(hop))} | ${inline(timingText(hop))} |`;
};
