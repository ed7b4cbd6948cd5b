import type { Layers } from "./setting-layers.ts";
import type { GatewaySettings } from "./views.ts";

type Snippets = GatewaySettings["snippets"];

/** Configuration snippets of the ConfigMap and, where they are allowed, of the Ingress. */
export function snippetsOf(
  layers: Layers,
  configKeys: readonly string[],
  annotationKeys: readonly string[],
  allowed: boolean,
): Snippets {
  const configured = configKeys.flatMap((key) => {
    const text = layers.config?.[key];
    return text === undefined || text.trim() === ""
      ? []
      : [{ text, source: `${layers.configured} key ${key}` }];
  });
  const annotated = (allowed ? annotationKeys : []).flatMap((key) => {
    const text = layers.annotations[key];
    return text === undefined || text.trim() === ""
      ? []
      : [{ text, source: `${layers.annotated} annotation ${key}` }];
  });
  return [...configured, ...annotated];
}

/**
 * Whether ingress-nginx applies snippet annotations. `allow-snippet-annotations` is off by default
 * since 1.9; when neither the key nor the version is known the snippet may apply, so it is kept.
 */
export function snippetsAllowed(layers: Layers, image: string | undefined): boolean {
  const written = layers.config?.["allow-snippet-annotations"];
  if (written !== undefined) return written === "true";
  if (layers.config === undefined) return true;
  const version = /:v?(\d+)\.(\d+)\.\d+/.exec(image ?? "");
  if (version === null) return true;
  const [major, minor] = [Number(version[1]), Number(version[2])];
  return major < 1 || (major === 1 && minor < 9);
}
