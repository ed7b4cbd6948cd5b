import { annotations } from "./annotations.ts";
import { type ControllerName, sourceOf } from "./controllers.ts";
import type { CertificateAlert } from "./controllers/traffic-source.ts";
import { selector } from "./promql.ts";
import type { AlertRule, RuleGroup } from "./rule-file.ts";

/** What is renewed by itself is renewed a month before its end; with less than this left, that does not work. */
const fewestDays = 14;

/** cert-manager/cert-manager pkg/metrics/metrics.go. */
const issuedCertificates: CertificateAlert = {
  expr: "max by (namespace, name) (certmanager_certificate_expiration_timestamp_seconds)",
  name: "{{ $labels.namespace }}/{{ $labels.name }}",
};

/** Alerts on the gateways themselves: configuration, certificates, metrics. */
export function gatewayGroup(controllers: readonly ControllerName[]): RuleGroup {
  const sources = controllers.map((name) => ({ name, ...sourceOf(name) }));
  return {
    name: "why5xx-gateways",
    rules: [
      ...reloadAlerts(controllers),
      ...sources.flatMap(({ name, certificates }) =>
        certificates === undefined ? [] : [certificateAlert(name, certificates)],
      ),
      certificateAlert("cert-manager", issuedCertificates),
      ...sources.map(({ name, alive }) => blindAlert(name, selector(alive))),
    ],
  };
}

/** Several controllers drive the same proxy, and ask for the same alert. */
function reloadAlerts(controllers: readonly ControllerName[]): readonly AlertRule[] {
  const told = controllers.flatMap((name) => {
    const { reload } = sourceOf(name);
    return reload === undefined ? [] : [{ name, ...reload }];
  });
  return [...Map.groupBy(told, ({ expr }) => expr).values()].map((same) => ({
    alert: "Why5xxConfigurationRejected",
    expr: same[0]!.expr,
    for: "2m",
    labels: { severity: "warning", controller: same.map(({ name }) => name).join(",") },
    annotations: annotations({
      summary: same[0]!.summary,
      description:
        "It goes on with the configuration before. Routes, certificates and pods that came since are not served, and a restart finds no configuration that works.",
      cause: "config-reload-failure",
      command: "why5xx -A --since 1h",
    }),
  }));
}

const certificateAlert = (controller: string, { expr, name }: CertificateAlert): AlertRule => ({
  alert: "Why5xxCertificateExpiring",
  expr: `${expr} - time() < ${fewestDays} * 86400`,
  for: "1h",
  labels: { severity: "warning", controller },
  annotations: annotations({
    summary: `the certificate of ${name} has {{ $value | humanizeDuration }} left`,
    description:
      "It should have been renewed by now. When it has ended, clients refuse it, and a CDN in front answers with a 5xx of its own.",
    cause: "cdn-origin-tls-failure",
  }),
});

const blindAlert = (name: ControllerName, alive: string): AlertRule => ({
  alert: "Why5xxMetricsMissing",
  expr: `absent(${alive})`,
  for: "15m",
  labels: { severity: "warning", exporter: name },
  annotations: annotations({
    summary: `there are no metrics of ${name}`,
    description: `Alerts on its requests see nothing. Does it tell metrics, and does this Prometheus scrape them? Looked for: ${alive}.`,
  }),
});
