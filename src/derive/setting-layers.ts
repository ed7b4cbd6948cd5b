import { refText } from "../evidence/object-ref.ts";
import { texts } from "./shape.ts";
import type { Gateway, GatewayKind, GatewaySettings, Route, Setting } from "./views.ts";

type Ignored = NonNullable<GatewaySettings["ignored"]>[number];

/** Where a gateway's settings are written, highest priority first: annotations, ConfigMap. */
export interface Layers {
  readonly kind: GatewayKind;
  readonly annotations: Readonly<Record<string, string>>;
  readonly annotated: string;
  /** Absent: the ConfigMap was not read, so a default is only assumed. */
  readonly config?: Readonly<Record<string, string>>;
  readonly configured: string;
  /** Written values that the gateway does not take; filled while settings are read. */
  readonly ignored: Ignored[];
}

/** How one setting is written and read. */
export interface Written<T> {
  /** Full annotation keys, in order of priority. */
  readonly annotations?: readonly string[];
  readonly configKey?: string;
  readonly read: (text: string) => T | undefined;
  /** What `read` takes, in words: "a whole number of seconds". */
  readonly expects: string;
  readonly fallback: T;
}

export function layersOf(route: Route, kind: GatewayKind, gateway: Gateway | undefined): Layers {
  const config = gateway?.config;
  return {
    kind,
    annotations: texts(route.rule?.annotations),
    annotated: route.rule === undefined ? "" : refText(route.rule.object),
    ...(config === undefined ? {} : { config }),
    configured: gateway?.configRef === undefined ? "" : refText(gateway.configRef),
    ignored: [],
  };
}

/** The effective value: the first level whose text can be read, else the default. */
export function effective<T>(layers: Layers, written: Written<T>): Setting<T> {
  for (const key of written.annotations ?? []) {
    const source = `${layers.annotated} annotation ${key}`;
    const value = readLevel(layers, written, key, layers.annotations[key], source);
    if (value !== undefined) return { value, from: "annotation", source };
  }
  if (written.configKey !== undefined) {
    const key = written.configKey;
    const source = `${layers.configured} key ${key}`;
    const value = readLevel(layers, written, key, layers.config?.[key], source);
    if (value !== undefined) return { value, from: "configmap", source };
  }
  return byDefault(layers, written.fallback, written.configKey !== undefined);
}

/** A default, marked as assumed when the ConfigMap that could say otherwise was not read. */
export function byDefault<T>(layers: Layers, value: T, configurable = true): Setting<T> {
  const assumed = configurable && layers.config === undefined;
  const source = `default of ${layers.kind}${assumed ? " (its configuration was not read)" : ""}`;
  return assumed ? { value, from: "default", source, assumed } : { value, from: "default", source };
}

/** A setting that exists only when it is written. */
export function optional<T>(layers: Layers, written: Omit<Written<T>, "fallback">): Setting<T> | undefined {
  const found = effective<T | undefined>(layers, { ...written, fallback: undefined });
  return found.value === undefined ? undefined : { ...found, value: found.value };
}

function readLevel<T>(
  layers: Layers,
  written: Written<T>,
  key: string,
  text: string | undefined,
  source: string,
): T | undefined {
  if (text === undefined) return undefined;
  const value = written.read(text);
  if (value === undefined) {
    layers.ignored.push({ key, value: text, source, why: `${layers.kind} takes ${written.expects}` });
  }
  return value;
}
