import { burnRateGroups } from "./burn-rate.ts";
import type { ControllerName } from "./controllers.ts";
import { failureGroups } from "./failure-alerts.ts";
import { gatewayGroup } from "./gateway-alerts.ts";
import type { Rule, RuleFile } from "./rule-file.ts";
import { trafficGroup } from "./traffic-rules.ts";
import { workloadGroups } from "./workload-rules.ts";

export interface RuleOptions {
  /** Whose metrics there are; with none, only pods, endpoints and certificates are watched. */
  readonly controllers: readonly ControllerName[];
  /** The share of requests that is to be answered without a 5xx, in percent: 99.9. */
  readonly objective: number;
  /** Where the pages of causes are, as a URL of their folder. */
  readonly runbookUrl?: string;
}

/** Recording and alert rules. */
export function ruleFile({ controllers, objective, runbookUrl }: RuleOptions): RuleFile {
  const groups = [
    ...controllers.map(trafficGroup).filter(({ rules }) => rules.length > 0),
    ...burnRateGroups(objective, controllers),
    ...failureGroups(controllers),
    ...workloadGroups(controllers),
    gatewayGroup(controllers),
  ];
  return {
    groups: groups.map((group) => ({
      ...group,
      rules: group.rules.map((rule) => withRunbook(rule, runbookUrl)),
    })),
  };
}

/** `why5xx explain CAUSE` becomes the URL of the same page; an alert that many causes can have links to all of them. */
function withRunbook(rule: Rule, url: string | undefined): Rule {
  if (url === undefined || "record" in rule) return rule;
  const cause = /^why5xx explain ([a-z0-9-]+)$/.exec(rule.annotations["runbook"] ?? "")?.[1];
  const base = url.replace(/\/+$/, "");
  return {
    ...rule,
    annotations: { ...rule.annotations, runbook_url: cause === undefined ? base : `${base}/${cause}.md` },
  };
}
