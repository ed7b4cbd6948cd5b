import type { AppliedReport } from "../report/applied-report.ts";
import type { FixPlan } from "../report/fix-plan.ts";
import type { LoadReport } from "../report/load-report.ts";
import type { LogsReport } from "../report/logs-report.ts";
import type { ProbeReport } from "../report/probe-report.ts";
import type { Report } from "../report/report.ts";
import type { VerifyReport } from "../report/verify-report.ts";
import type { WatchReport } from "../report/watch-report.ts";

type Printed =
  | WatchReport
  | Report
  | LogsReport
  | FixPlan
  | AppliedReport
  | VerifyReport
  | LoadReport
  | ProbeReport;

/**
 * The report as it is. Characters that could act on a terminal are written as JSON escapes: a parser
 * reads the same text back.
 */
export const renderJson = (report: Printed): string => jsonText(report);

/** The same of any value: the body of a patch. */
export const jsonText = (value: unknown): string => `${escapeInvisible(JSON.stringify(value, null, 2))}\n`;

/** Safe on a whole JSON document: outside strings JSON has none of these but line feeds, which stay. */
function escapeInvisible(json: string): string {
  // oxlint-disable-next-line no-control-regex
  return json.replace(
    /[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\udb40[\udc00-\udc7f]/g,
    (text) =>
      Array.from(
        { length: text.length },
        (_, i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, "0")}`,
      ).join(""),
  );
}
