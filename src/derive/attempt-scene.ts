import type { Service } from "kubernetes-types/core/v1";
import { type ObjectRef, refText } from "../evidence/object-ref.ts";
import type { Observed } from "../evidence/observed.ts";
import type { GatewaySignal } from "../logs/traffic.ts";
import type { DepartedPod, EndpointsView, EventView, Gateway, NodeView, PodView, Workload } from "./views.ts";
import { stepsOf } from "./workload-change-at.ts";

/** What is known of a route's surroundings; what could not be read explains nothing. */
export interface Surroundings {
  readonly pods: Observed<readonly PodView[]>;
  readonly neighbours: Observed<readonly PodView[]>;
  readonly departed: Observed<readonly DepartedPod[]>;
  readonly endpoints: Observed<EndpointsView>;
  readonly nodes: Observed<readonly NodeView[]>;
  readonly events: Observed<readonly EventView[]>;
  readonly workloads: Observed<readonly Workload[]>;
  readonly gateway: Observed<Gateway>;
  readonly gatewayLog: Observed<readonly GatewaySignal[]>;
  readonly service: Observed<Service>;
}

/** The same, put in order once for all attempts. */
export interface Scene {
  readonly around: Surroundings;
  /** Those of the Service, and all of the namespace. */
  readonly own: readonly PodView[];
  readonly pods: readonly PodView[];
  readonly departed: readonly DepartedPod[];
  readonly nodes: readonly NodeView[];
  readonly gatewayPods: readonly PodView[];
  readonly signals: readonly GatewaySignal[];
  /** Steps of rollouts and scalings of the route's workloads. */
  readonly steps: readonly EventView[];
  eventsAbout(object: ObjectRef): readonly EventView[];
}

export function sceneOf(around: Surroundings): Scene {
  const events = listOf(around.events);
  const byObject = Map.groupBy(events, (event) => refText(event.about));
  const own = listOf(around.pods);
  return {
    around,
    own,
    pods: [...own, ...listOf(around.neighbours)],
    departed: listOf(around.departed),
    nodes: listOf(around.nodes),
    gatewayPods: around.gateway.state === "present" ? around.gateway.value.pods : [],
    signals: listOf(around.gatewayLog),
    steps: stepsOf(events, listOf(around.workloads)),
    eventsAbout: (object) => byObject.get(refText(object)) ?? [],
  };
}

const listOf = <T>(observed: Observed<readonly T[]>): readonly T[] =>
  observed.state === "present" ? observed.value : [];
