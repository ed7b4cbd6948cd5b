import type { Route } from "../../derive/views.ts";
import { refText } from "../../evidence/object-ref.ts";
import { speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import type { Fix } from "../fix.ts";
import { countText } from "../requests.ts";
import { see } from "../see.ts";

/** "return 503;" and its kin in a snippet, outside comments. */
const returns5xx = /(?:^|[;{}\s])return\s+(50[234])\b/;

/** A whole statement of it, to the end of its line. */
const statement = /^[ \t]*return\s+50[234]\b[^;\n]*;[^\n]*\n?/gm;

const withoutComments = (snippet: string): string => snippet.replaceAll(/#[^\n]*/g, "");

/**
 * Somebody told the gateway to answer 503: a snippet with `return 503`, left over from a
 * maintenance window or switched on by a deployment tool.
 */
export const maintenanceMode503 = defineCause({
  id: "maintenance-mode-503",
  title: "The gateway is configured to answer with an error",
  hop: "gateway",
  codes: [503, 502, 504],
  prior: 0.01,
  leadsTo: [],
  needs: ["route", "settings"],
  helps: ["traffic"],
  weigh({ route, settings, traffic }) {
    const found = settings.snippets.flatMap((s) => {
      const match = returns5xx.exec(withoutComments(s.text));
      return match === null ? [] : [{ ...s, status: Number(match[1]) }];
    });
    const snippet = found[0];
    const subject = route.rule?.object ?? route.backend.service;
    if (snippet === undefined)
      return refuted(
        speaksAgainst.decisive("no snippet of the route returns an error status", refText(subject)),
      );
    const seen =
      traffic.state === "present"
        ? traffic.value.failures.filter((f) => f.status === snippet.status && f.attempts.length === 0)
        : [];
    const isConditional = /\bif\s*\(/.test(snippet.text);
    const text = `a snippet answers "return ${snippet.status}" without asking the application`;
    if (isConditional && seen.length === 0) {
      return undecided(`${text}, under a condition, and no request was seen to get it`, see.get(subject));
    }
    const clue = isConditional ? speaksFor.strong : speaksFor.decisive;
    const clues = [clue(text, snippet.source, { see: see.get(subject) })];
    if (traffic.state === "present" && seen.length > 0) {
      clues.push(
        speaksFor.strong(
          `${countText(seen.length, traffic.value.failures.length, "failures")} have status ${snippet.status} and no upstream`,
          "gateway access log",
        ),
      );
    }
    return {
      state: "supported",
      subject,
      clues,
      explains: (request, attempt) => attempt === undefined && request.status === snippet.status,
      fixes: [
        {
          title: `Remove the return from ${snippet.source}`,
          applicability: "unsafe",
          ...withoutReturn(route, snippet.text),
          effect: "reloads the gateway; requests reach the application again",
        },
      ],
    };
  },
});

/** Takes the statement out of an Ingress's snippet, and the whole annotation where nothing else is in it. */
function withoutReturn(route: Route, text: string): Pick<Fix, "commands" | "patch"> {
  const subject = route.rule?.object ?? route.backend.service;
  const key = Object.entries(route.rule?.annotations ?? {}).find(([, value]) => value === text)?.[0];
  const rest = text.replace(statement, "");
  if (
    subject.kind !== "Ingress" ||
    key === undefined ||
    rest === text ||
    returns5xx.test(withoutComments(rest))
  )
    return { commands: [see.edit(subject)] };
  const body = { metadata: { annotations: { [key]: rest.trim() === "" ? null : rest } } };
  return { commands: [see.patch(subject, "merge", body)], patch: { object: subject, type: "merge", body } };
}
