import type { Container } from "kubernetes-types/core/v1";
import type { Program } from "../../images/program.ts";
import { openBackOff } from "../back-off.ts";
import type { PodContext } from "../pod-context.ts";
import { waited } from "../wait.ts";

/** docker.io/library/nginx:1 of nginx:1 (distribution/reference, ParseNormalizedNamed). */
export function fullImageName(image: string): string {
  const first = image.split("/")[0] ?? "";
  const hasRegistry = image.includes("/") && /[.:]|^localhost$/.test(first);
  const named = hasRegistry ? image : `docker.io/${image.includes("/") ? "" : "library/"}${image}`;
  return /:[^/]+$/.test(named) || named.includes("@") ? named : `${named}:latest`;
}

/**
 * The program of a container's image; waits, with the events of kubernetes/kubernetes
 * pkg/kubelet/images/image_manager.go, as long as there is none. Undefined when the pod ends meanwhile.
 * @param waiting tells why the container waits
 */
export async function pullImage(
  container: Container,
  context: PodContext,
  waiting: (reason: string, message: string) => void,
): Promise<Program | undefined> {
  const image = container.image ?? "";
  const backOff = openBackOff(context.settings.backOffMs, context.settings.backOffLimitMs);
  const tell = (type: "Normal" | "Warning", reason: string, message: string): void =>
    context.event({ type, reason, message, container: container.name });
  while (!context.ending.aborted) {
    const program = context.machine.programOf(image);
    if (program !== undefined) {
      tell("Normal", "Pulled", `Container image "${image}" already present on machine`);
      return program;
    }
    const problem = notFoundText(image);
    tell("Normal", "Pulling", `Pulling image "${image}"`);
    tell("Warning", "Failed", `Failed to pull image "${image}": ${problem}`);
    tell("Warning", "Failed", "Error: ErrImagePull");
    waiting("ErrImagePull", problem);
    const failedMs = context.machine.nowMs();
    backOff.next(failedMs);
    // The next look at the pod finds the pull in its back-off.
    if (!(await waited(Math.min(1000, backOff.waitMs / 2), context.ending))) return undefined;
    tell("Normal", "BackOff", `Back-off pulling image "${image}"`);
    tell("Warning", "Failed", "Error: ImagePullBackOff");
    waiting("ImagePullBackOff", `Back-off pulling image "${image}": ErrImagePull: ${problem}`);
    const leftMs = backOff.remainingMs(failedMs, context.machine.nowMs());
    if (!(await waited(leftMs, context.ending))) return undefined;
  }
  return undefined;
}

/** As containerd words a name that no registry has. */
function notFoundText(image: string): string {
  const name = fullImageName(image);
  return (
    `rpc error: code = NotFound desc = failed to pull and unpack image "${name}": ` +
    `failed to resolve reference "${name}": ${name}: not found`
  );
}
