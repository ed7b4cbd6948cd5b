import type { EscalationReport } from "../../report/incident-report.ts";
import { codeBlock, inline } from "../markdown-text.ts";
import { escalationExample } from "./words.ts";

export function escalationMarkdown(escalation: EscalationReport): string[] {
  const { severity, timeBox, channel, contacts, missing, message } = escalation;
  const facts = [
    ["severity", severity],
    ["time box", timeBox],
    ["channel", channel],
  ].flatMap(([name, value]) => (value === undefined ? [] : [`- ${name}: ${inline(value)}`]));
  const people = contacts.map(
    ({ name, role, reach }) =>
      `- ${inline(name)}${role === undefined ? "" : `, ${inline(role)}`}${reach === undefined ? "" : `: ${inline(reach)}`}`,
  );
  return [
    "## Escalation",
    "",
    ...facts,
    ...people,
    ...(missing.length === 0
      ? []
      : [
          `- not filled in: ${missing.join(", ")}; put it into a file for \`--escalation FILE\`:`,
          "",
          ...codeBlock(escalationExample.split("\n"), "yaml"),
        ]),
    "",
    "To paste:",
    "",
    ...codeBlock(message, "text"),
  ];
}
