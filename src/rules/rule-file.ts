/** A file of rules as Prometheus reads it (prometheus/prometheus model/rulefmt/rulefmt.go). */
export interface RuleFile {
  readonly groups: readonly RuleGroup[];
}

export interface RuleGroup {
  readonly name: string;
  /** How often it is evaluated: "5m". Absent: as the server does by default. */
  readonly interval?: string;
  readonly rules: readonly Rule[];
}

export type Rule = RecordingRule | AlertRule;

export interface RecordingRule {
  /** Name of the series that is made. */
  readonly record: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  /** How long it must be so before it fires: "5m". */
  readonly for?: string;
  readonly labels: { readonly severity: Severity } & Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** critical: requests fail now and somebody should look at once; warning: look today. */
export type Severity = "critical" | "warning";
