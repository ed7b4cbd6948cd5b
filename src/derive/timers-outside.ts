import type { Service } from "kubernetes-types/core/v1";
import { nameOf, namespaceOf } from "../evidence/evidence.ts";
import type { Observed } from "../evidence/observed.ts";
import { items, texts } from "./shape.ts";
import { knownTimer, offTimer, type Rung, type TimerKind, unknownTimer } from "./timer.ts";
import type { Gateway, Route } from "./views.ts";

/** Stations in front of the gateway: the client, a CDN, the load balancer. */
export const outsideRungs = (route: Route, gateway: Observed<Gateway>): readonly Rung[] => [
  {
    hop: "client",
    name: "client",
    timers: [unknownTimer("response", "only the client knows how long it waits")],
  },
  cdnRung(route),
  ...balancerRung(route, gateway),
];

/** Cloudflare's limits: developers.cloudflare.com, connection limits. */
function cdnRung(route: Route): Rung {
  const key = "external-dns.alpha.kubernetes.io/cloudflare-proxied";
  if (route.rule?.annotations[key] !== "true")
    return {
      hop: "cdn",
      name: "CDN",
      timers: [unknownTimer("response", "nothing in the cluster says whether there is one")],
    };
  return {
    hop: "cdn",
    name: "Cloudflare",
    timers: [
      knownTimer("response", 120_000, "default", "default of Cloudflare"),
      knownTimer("idle-out", 900_000, "default", "Cloudflare keeps connections to the origin up to 900 s"),
    ],
  };
}

function balancerRung(route: Route, gateway: Observed<Gateway>): readonly Rung[] {
  if (route.gatewayKind === "aws-lbc" || route.gatewayKind === "gce") return [];
  const service = gateway.state === "present" ? gateway.value.service : undefined;
  if (service === undefined) return [unknownBalancer("the Service in front of the gateway was not read")];
  if (service.spec?.type !== "LoadBalancer") {
    return [
      unknownBalancer(
        `${serviceText(service)} is of type ${service.spec?.type}: what leads to it is not told`,
      ),
    ];
  }
  return [awsBalancer(service) ?? azureBalancer(service) ?? unknownBalancer(untold(service))];
}

const serviceText = (service: Service): string => `Service ${namespaceOf(service)}/${nameOf(service)}`;

const untold = (service: Service): string => `${serviceText(service)} does not say what balances it`;

const unknownBalancer = (why: string): Rung => ({
  hop: "load-balancer",
  name: "load balancer",
  timers: (["response", "idle-out"] satisfies TimerKind[]).map((kind) => unknownTimer(kind, why)),
});

const aws = "service.beta.kubernetes.io/aws-load-balancer-";

/** docs.aws.amazon.com: a Network Load Balancer drops a flow after 350 s without a byte; a Classic one after 60 s. */
function awsBalancer(service: Service): Rung | undefined {
  const annotations = texts(service.metadata?.annotations);
  const isAws =
    Object.keys(annotations).some((key) => key.startsWith(aws)) ||
    items(service.status?.loadBalancer?.ingress).some((i) => i.hostname?.endsWith(".amazonaws.com") === true);
  if (!isAws) return undefined;
  const type = annotations[`${aws}type`];
  const isNetwork = /nlb|external|ip/.test(type ?? service.spec?.loadBalancerClass ?? "");
  const own = annotations[`${aws}connection-idle-timeout`];
  if (isNetwork) {
    return {
      hop: "load-balancer",
      name: "Network Load Balancer",
      timers: [
        knownTimer("response", 350_000, "default", "a flow without a byte is dropped after 350 s"),
        offTimer("idle-out", "it passes connections through and reuses none"),
      ],
    };
  }
  if (type === undefined && own === undefined) return unknownBalancer(untold(service));
  const ms = Number(own ?? 60) * 1000;
  const source =
    own === undefined
      ? "default of a Classic Load Balancer"
      : `${serviceText(service)} annotation ${aws}connection-idle-timeout`;
  const from = own === undefined ? "default" : "annotation";
  return {
    hop: "load-balancer",
    name: "Classic Load Balancer",
    timers: Number.isFinite(ms)
      ? [knownTimer("response", ms, from, source), knownTimer("idle-out", ms, from, source)]
      : [unknownTimer("response", `${source}: "${own}" is no number`)],
  };
}

const azureIdle = "service.beta.kubernetes.io/azure-load-balancer-tcp-idle-timeout";

function azureBalancer(service: Service): Rung | undefined {
  const annotations = texts(service.metadata?.annotations);
  if (!Object.keys(annotations).some((key) => key.startsWith("service.beta.kubernetes.io/azure-")))
    return undefined;
  const own = Number(annotations[azureIdle]);
  const isSet = Number.isFinite(own) && own > 0;
  return {
    hop: "load-balancer",
    name: "Azure Load Balancer",
    timers: [
      isSet
        ? knownTimer(
            "response",
            own * 60_000,
            "annotation",
            `${serviceText(service)} annotation ${azureIdle}`,
          )
        : knownTimer("response", 240_000, "default", "a flow without a byte is dropped after 4 min"),
      offTimer("idle-out", "it passes connections through and reuses none"),
    ],
  };
}
