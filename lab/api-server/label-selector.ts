import { badRequest } from "./status.ts";

type Labels = Readonly<Record<string, string>>;
export type LabelMatcher = (labels: Labels | undefined) => boolean;

const none: Labels = {};
const key = String.raw`(?:[A-Za-z0-9.-]+\/)?[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?`;
const setTerm = new RegExp(String.raw`^(${key})\s+(in|notin)\s*\(([^()]*)\)$`);
const equalityTerm = new RegExp(String.raw`^(${key})\s*(==|=|!=)\s*([\w.-]*)$`);
const orderTerm = new RegExp(String.raw`^(${key})\s*([<>])\s*(\d+)$`);
const existsTerm = new RegExp(String.raw`^(!?)\s*(${key})$`);

/**
 * Compiles `app=cart,tier!=db,env in (a,b),track,!canary,generation>2`. An empty selector matches everything.
 * @throws StatusError 400 when it does not parse
 */
export function parseLabelSelector(selector: string): LabelMatcher {
  const matchers = splitTerms(selector).map((term) => parseTerm(term, selector));
  const [only] = matchers;
  if (matchers.length === 1 && only !== undefined) return (labels) => only(labels ?? none);
  return (labels) => matchers.every((matches) => matches(labels ?? none));
}

/** Splits at commas that are not inside parentheses. */
function splitTerms(selector: string): string[] {
  const terms = selector.split(/,(?![^(]*\))/).map((t) => t.trim());
  return terms.length === 1 && terms[0] === "" ? [] : terms;
}

function parseTerm(term: string, selector: string): (labels: Labels) => boolean {
  const equality = equalityTerm.exec(term);
  if (equality !== null) {
    const [, name = "", operator, value = ""] = equality;
    return operator === "!=" ? (labels) => labels[name] !== value : (labels) => labels[name] === value;
  }
  const set = setTerm.exec(term);
  if (set !== null) {
    const [, name = "", operator, list = ""] = set;
    const values = new Set(list.split(",").map((v) => v.trim()));
    const isIn = (labels: Labels): boolean => name in labels && values.has(labels[name] ?? "");
    return operator === "in" ? isIn : (labels) => !isIn(labels);
  }
  const order = orderTerm.exec(term);
  if (order !== null) {
    const [, name = "", operator, bound] = order;
    const difference = (labels: Labels): number => Number.parseInt(labels[name] ?? "", 10) - Number(bound);
    return operator === ">" ? (labels) => difference(labels) > 0 : (labels) => difference(labels) < 0;
  }
  const exists = existsTerm.exec(term);
  if (exists !== null) {
    const [, negated, name = ""] = exists;
    return negated === "!" ? (labels) => !(name in labels) : (labels) => name in labels;
  }
  throw badRequest(`unable to parse requirement: found '${term}' in label selector "${selector}"`);
}
