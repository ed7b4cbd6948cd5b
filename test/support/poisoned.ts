import type { IncidentReport } from "../../src/report/incident-report.ts";

/** Values that are not a stranger's to write. */
const fixed = new Set([
  "status",
  "state",
  "weight",
  "applicability",
  "schema",
  "kind",
  "severity",
  "verdict",
  "type",
]);
const isMoment = (text: string): boolean => /^\d{4}-\d\d-\d\dT/.test(text);

/** The same record with every free string ending in what a stranger may have written. */
export const poisoned = (report: IncidentReport, attack: string): IncidentReport =>
  JSON.parse(JSON.stringify(report), (key, value: unknown) =>
    typeof value === "string" && !fixed.has(key) && !isMoment(value)
      ? `${value.slice(0, 4)}${attack}`
      : value,
  ) as IncidentReport;

export const attacks = [
  "<script>window.pwned=1</script>",
  '"><img src=x onerror="window.pwned=1">',
  "</style><script>window.pwned=1</script><style>",
  "</title></svg><iframe src='http://evil.example/'>",
  "'-->]]><svg onload=window.pwned=1>",
  "&lt;b&gt; &amp; &#60;",
  "${window.pwned=1}",
  "\u202egnp.exe\u2066",
  "\u001b[2J\u001b]8;;http://evil\u0007",
  "\n# heading\n| a | b |",
  "é\u{1f4a5}\ud800 名前",
];
