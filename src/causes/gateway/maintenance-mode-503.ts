import type { Route } from "../../derive/views.ts";
import { refText } from "../../evidence/object-ref.ts";
import type { LoggedRequest } from "../../logs/traffic.ts";
import { speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import type { Fix } from "../fix.ts";
import { countText } from "../requests.ts";
import { see } from "../see.ts";

/** nginx: "return 503;" and its kin. */
const nginxReturn = /(?:^|[;{}\s])return\s+(50[234])\b/;
/** HAProxy: "http-request return status 503", "http-request deny deny_status 503" (doc/configuration.txt, "http-request deny"). */
const haproxyReturn =
  /^[^\S\n]*http-request\s+(?:return|deny|tarpit)\b[^\n]*?\s(?:deny_)?status\s+(50[234])\b[^\n]*/m;

/** A whole statement of it, to the end of its line. */
const statement = /^[ \t]*return\s+50[234]\b[^;\n]*;[^\n]*\n?/gm;

const withoutComments = (snippet: string): string => snippet.replaceAll(/#[^\n]*/g, "");

interface Answer {
  /** As it is written, without its condition. */
  readonly directive: string;
  readonly status: number;
  readonly isConditional: boolean;
  /** HAProxy logs that it answered by its configuration; nginx logs only that it asked nobody. */
  readonly isLogged: boolean;
}

/** The answer that a snippet gives in the application's place, outside comments. */
function answerOf(snippet: string): Answer | undefined {
  const text = withoutComments(snippet);
  const rule = haproxyReturn.exec(text);
  if (rule !== null)
    return {
      directive: rule[0].trim().replace(/\s+(?:if|unless)\s.*$/, ""),
      status: Number(rule[1]),
      isConditional: /\s(?:if|unless)\s/.test(rule[0]),
      isLogged: true,
    };
  const match = nginxReturn.exec(text);
  if (match === null) return undefined;
  const status = Number(match[1]);
  return {
    directive: `return ${status}`,
    status,
    isConditional: /\bif\s*\(/.test(snippet),
    isLogged: false,
  };
}

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
      const answer = answerOf(s.text);
      return answer === undefined ? [] : [{ ...s, ...answer }];
    });
    const snippet = found[0];
    const subject = route.rule?.object ?? route.backend.service;
    if (snippet === undefined)
      return refuted(
        speaksAgainst.decisive("no snippet of the route returns an error status", refText(subject)),
      );
    const { status, isConditional, isLogged } = snippet;
    const isAnswer = (request: LoggedRequest): boolean =>
      request.status === status && (!isLogged || request.failure === "config-answer");
    const seen =
      traffic.state === "present"
        ? traffic.value.failures.filter((f) => isAnswer(f) && f.attempts.length === 0)
        : [];
    const text = `a snippet answers "${snippet.directive}" without asking the application`;
    if (isConditional && seen.length === 0) {
      return undecided(`${text}, under a condition, and no request was seen to get it`, see.get(subject));
    }
    const clue = isConditional ? speaksFor.strong : speaksFor.decisive;
    const clues = [clue(text, snippet.source, { see: see.get(subject) })];
    if (traffic.state === "present" && seen.length > 0) {
      clues.push(
        speaksFor.strong(
          `${countText(seen.length, traffic.value.failures.length, "failures")} have status ${status} and no upstream`,
          "gateway access log",
        ),
      );
    }
    return {
      state: "supported",
      subject,
      clues,
      explains: (request, attempt) => attempt === undefined && isAnswer(request),
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
  const rest = text.replace(statement, "").replace(haproxyReturn, "");
  if (subject.kind !== "Ingress" || key === undefined || rest === text || answerOf(rest) !== undefined)
    return { commands: [see.edit(subject)] };
  const body = { metadata: { annotations: { [key]: rest.trim() === "" ? null : rest } } };
  return { commands: [see.patch(subject, "merge", body)], patch: { object: subject, type: "merge", body } };
}
