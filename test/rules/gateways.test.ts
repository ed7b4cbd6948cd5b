import { beforeAll, describe, expect, test } from "vitest";
import { controllerNames } from "../../src/rules/controllers.ts";
import { ruleFile } from "../../src/rules/rules.ts";
import { counter, type Fired, failuresOf, groupsNamed, isPoor, type RuleCase } from "./promtool.ts";

const rejected = (controller: string): Fired => ({ alertname: "Why5xxConfigurationRejected", controller });
const expiring = (controller: string, where: Readonly<Record<string, string>>): Fired => ({
  alertname: "Why5xxCertificateExpiring",
  controller,
  ...where,
});

const nginxPod = 'instance="a",controller_namespace="ingress-nginx",controller_pod="controller-1"';
const nginxReload = `nginx_ingress_controller_config_last_reload_successful{${nginxPod}}`;
const nginxCertificate =
  'nginx_ingress_controller_ssl_expire_time_seconds{instance="a",namespace="shop",host="shop.example.com",secret_name="tls"}';
const traefikCertificate = (serial: number): string =>
  `traefik_tls_certs_not_after{instance="a",cn="shop.example.com",sans="shop.example.com",serial="${serial}"}`;
const managed =
  'certmanager_certificate_expiration_timestamp_seconds{instance="a",namespace="shop",name="tls"}';
const envoyAlive = 'envoy_server_live{instance="a"}';
const envoyRejected = 'envoy_listener_manager_lds_update_rejected{instance="a"}';
const haproxySync = 'haproxy_unable_to_sync_configuration{instance="a"}';
const kongPushes = (success: boolean): string =>
  `ingress_controller_configuration_push_count{instance="a",success="${success}",protocol="db-less"}`;
const plusReload = 'nginx_ingress_controller_nginx_last_reload_status{instance="a"}';

/** promtool's clock begins at 0: what ends at this second has a day, or three weeks, to go. */
const inOneDay = 86_400 + 7200;
const inThreeWeeks = 21 * 86_400;
const envoys = "contour,envoy-gateway,istio";

const oneCase = (
  name: string,
  series: Readonly<Record<string, string>>,
  fires: readonly Fired[] = [],
): RuleCase => ({ name, series, fires, atMinute: 80, everyMinutes: 2 });

const cases: readonly RuleCase[] = [
  oneCase("ingress-nginx cannot load its configuration", { [nginxReload]: "1x60 0x30" }, [
    rejected("ingress-nginx"),
  ]),
  oneCase("ingress-nginx could not, and then could", { [nginxReload]: "1x60 0x10 1x20" }),
  oneCase("HAProxy's controller cannot load its configuration", { [haproxySync]: "0x60 1x30" }, [
    rejected("haproxy"),
  ]),
  oneCase("HAProxy's controller can", { [haproxySync]: "0x90" }),
  oneCase(
    "Envoy rejects a listener",
    { [envoyAlive]: "1x90", [envoyRejected]: counter([0, 70], [1, 1], [0, 20]) },
    [rejected(envoys)],
  ),
  oneCase(
    "Envoy rejects a listener, and its counter begins with that",
    { [envoyAlive]: "1x90", [envoyRejected]: "_x70 1x20" },
    [rejected(envoys)],
  ),
  oneCase("Envoy rejected a listener an hour ago", {
    [envoyAlive]: "1x90",
    [envoyRejected]: counter([0, 20], [1, 1], [0, 70]),
  }),
  oneCase("Envoy is new, and rejected one before it was looked at", {
    [envoyAlive]: "_x72 1x18",
    [envoyRejected]: "_x72 1x18",
  }),
  oneCase("Kong takes no configuration", { [kongPushes(true)]: "5x90", [kongPushes(false)]: "_x70 1+1x20" }, [
    rejected("kong"),
  ]),
  oneCase("Kong takes it", { [kongPushes(true)]: counter([1, 90]) }),
  oneCase("NGINX's controller cannot load its configuration", { [plusReload]: "1x60 0x30" }, [
    rejected("nginx-ingress"),
  ]),
  oneCase("NGINX's controller can", { [plusReload]: "1x90" }),
  oneCase("a certificate at ingress-nginx ends tomorrow", { [nginxCertificate]: `${inOneDay}x90` }, [
    expiring("ingress-nginx", { host: "shop.example.com" }),
  ]),
  oneCase("a certificate at ingress-nginx ends in three weeks", { [nginxCertificate]: `${inThreeWeeks}x90` }),
  oneCase("a certificate at Traefik ends tomorrow", { [traefikCertificate(1)]: `${inOneDay}x90` }, [
    expiring("traefik", { cn: "shop.example.com" }),
  ]),
  oneCase("a certificate at Traefik was renewed", {
    [traefikCertificate(1)]: `${inOneDay}x90`,
    [traefikCertificate(2)]: `${inThreeWeeks}x90`,
  }),
  oneCase("a certificate of cert-manager ends tomorrow", { [managed]: `${inOneDay}x90` }, [
    expiring("cert-manager", { namespace: "shop", name: "tls" }),
  ]),
  oneCase("a certificate of cert-manager ends in three weeks", { [managed]: `${inThreeWeeks}x90` }),
];

describe.skipIf(isPoor)("alerts on gateways", () => {
  let failures: Readonly<Record<string, string>> = {};
  beforeAll(() => {
    const rules = ruleFile({ controllers: controllerNames, objective: 99.9 });
    failures = failuresOf(groupsNamed(rules, /gateways/), cases);
  });

  test("promtool runs them", () => expect(failures["promtool"]).toBe(undefined));
  test.each(cases.map(({ name }) => name))("%s", (name) => expect(failures[name]).toBe(undefined));
});
