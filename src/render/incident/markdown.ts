import { visible } from "../../base/text.ts";
import type { IncidentReport } from "../../report/incident-report.ts";
import { code, inline } from "../markdown-text.ts";
import { safeReport } from "../safe-report.ts";
import { count, moment, quietText } from "../words.ts";
import { escalationMarkdown } from "./markdown-escalation.ts";
import { incidentTargetMarkdown } from "./markdown-target.ts";

/** The record for a channel, an issue or a wiki: headings, lists, tables, and nothing that is not text. */
export function renderIncidentMarkdown(report: IncidentReport): string {
  const safe = safeReport(report, visible);
  const { title, targets, scope, escalation, losses, read, source, tool, collectedAt } = safe;
  const lines = [
    `# ${inline(title)}`,
    ...(targets.length === 0
      ? [
          "",
          scope.routes === 0
            ? "**No route was found, so nothing was diagnosed.**"
            : `**${inline(quietText(scope))}**`,
        ]
      : []),
    ...targets.flatMap((target) => ["", ...incidentTargetMarkdown(target, targets.length > 1)]),
    ...(escalation === undefined ? [] : ["", ...escalationMarkdown(escalation)]),
    "",
    "## What this rests on",
    "",
    `- read from ${inline(source.kind)} ${code(source.name)}, collected ${inline(moment(collectedAt))}, by why5xx ${inline(tool.version)}`,
    ...(read.objects.length === 0
      ? []
      : [`- ${inline(read.objects.map((o) => `${count(o.count)} ${o.kind}`).join(", "))}`]),
    ...(read.logs.length === 0 ? [] : [`- ${count(read.logs.length + read.otherLogs)} logs`]),
    ...read.unread.map(({ what, why }) => `- not read: ${inline(what)}, ${inline(why)}`),
    ...losses.map(({ what, why }) => `- lost: ${inline(what)}, ${inline(why)}`),
  ];
  return `${lines.join("\n")}\n`;
}
