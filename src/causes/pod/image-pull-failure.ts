import type { PodSpec } from "kubernetes-types/core/v1";
import { items } from "../../derive/shape.ts";
import type { Workload } from "../../derive/views.ts";
import type { Observed } from "../../evidence/observed.ts";
import { refText } from "../../evidence/object-ref.ts";
import { speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted } from "../define-cause.ts";
import { type ContainerOf, containerText, eventsOn, ownerOf, servedByOthers, waitingFor } from "../pods.ts";
import type { Fix } from "../fix.ts";
import { ofClass } from "../requests.ts";
import { see } from "../see.ts";
import { newestOf, revisionBefore, undoFix } from "../template-fix.ts";

const reasons = [
  "ImagePullBackOff",
  "ErrImagePull",
  "InvalidImageName",
  "ErrImageNeverPull",
  "RegistryUnavailable",
  "ImageInspectError",
];

interface Meaning {
  readonly pattern: RegExp;
  readonly what: string;
  readonly todo: string;
  /** Where the mistake is: the image's name, the credentials, or the way from node to registry. */
  readonly where: "image" | "credentials" | "way";
}

const meaning = (pattern: RegExp, where: Meaning["where"], what: string, todo: string): Meaning => ({
  pattern,
  where,
  what,
  todo,
});

/** What a registry or runtime says, and what it means; the first match counts. */
const meanings: readonly Meaning[] = [
  meaning(
    /no such host|lookup \S+ on|server misbehaving|name resolution/i,
    "way",
    "the registry's name does not resolve on the node",
    "correct the registry's name, or the node's DNS",
  ),
  meaning(
    /x509|certificate/i,
    "way",
    "the registry's certificate is not trusted on the node",
    "trust its authority on the nodes, or mend the certificate",
  ),
  meaning(
    /toomanyrequests|rate limit/i,
    "credentials",
    "the registry's rate limit is reached",
    "pull with credentials, or through a cache",
  ),
  meaning(
    /i\/o timeout|deadline exceeded|connection refused|connection reset|no route to host/i,
    "way",
    "the node cannot reach the registry",
    "open the node's way to the registry",
  ),
  meaning(
    /unauthorized|authentication required|access denied|denied|no basic auth|forbidden|\b403\b/i,
    "credentials",
    "the registry refuses the node: the image is private and imagePullSecrets are missing or wrong, or it does not exist",
    "create the pull Secret and name it in imagePullSecrets",
  ),
  meaning(
    /not found|manifest unknown|name unknown|does not exist|no match for platform/i,
    "image",
    "the image or its tag does not exist",
    "set an image and tag that exist",
  ),
  meaning(
    /invalid reference format|couldn't parse image|InvalidImageName/i,
    "image",
    "the image reference is not valid",
    "correct the image reference",
  ),
];

/** The image cannot be pulled, so the container never starts. Says which of the usual reasons it is. */
export const imagePullFailure = defineCause({
  id: "image-pull-failure",
  title: "The container's image cannot be pulled",
  hop: "pod",
  codes: [503, 502],
  prior: 0.03,
  leadsTo: [
    "no-endpoints-pods-not-ready",
    "rollout-bad-revision",
    "rollout-recreate-or-max-unavailable",
    "init-container-failing",
  ],
  needs: ["pods"],
  helps: ["events", "workloads"],
  weigh({ pods, events, workloads }) {
    const stuck = waitingFor(pods, reasons)[0];
    if (stuck === undefined)
      return refuted(
        speaksAgainst.decisive("no container waits for its image", "Pods .status.containerStatuses"),
      );
    const { pod, container } = stuck;
    const told = eventsOn(events, pod.ref, "Failed", "FailedToRetrieveImagePullSecret", "InspectFailed");
    const said = [container.waiting?.message ?? "", ...told.map((e) => e.message)].join("\n");
    const meant = meanings.find(({ pattern }) => pattern.test(said));
    const elsewhere = servedByOthers(pods, pod, `cannot pull ${container.spec.image}`);
    if (elsewhere !== undefined) return elsewhere;
    const text = `${containerText(stuck)} is in ${container.waiting?.reason} for image ${container.spec.image}`;
    const clues = [
      speaksFor.decisive(text, `${refText(pod.ref)} .status.containerStatuses`, {
        see: see.describe(pod.ref),
      }),
    ];
    if (meant !== undefined)
      clues.push(
        speaksFor.moderate(
          `${meant.what}: ${wordsAround(said, meant.pattern)}`,
          `Events of ${refText(pod.ref)}`,
          {
            see: see.events(pod.ref),
          },
        ),
      );
    return {
      state: "supported",
      subject: ownerOf(pod),
      clues,
      explains: ofClass("no-endpoint"),
      fixes: [fix(stuck, meant), ...back(stuck, workloads)],
    };
  },
});

/** Runtimes wrap the reason in many words before it: the end of the line says most. */
function wordsAround(text: string, pattern: RegExp): string {
  const line = text.split("\n").find((l) => pattern.test(l)) ?? "";
  return line.length <= 160 ? line : `… ${line.slice(-160).replace(/^\S*\s/, "")}`;
}

function fix({ pod, container }: ContainerOf, meant: Meaning | undefined): Fix {
  const owner = ownerOf(pod);
  const namespace = owner.namespace ?? "default";
  const named = `${owner.kind.toLowerCase()}/${owner.name}`;
  const title = `For container ${container.name} of ${refText(owner)}: ${meant?.todo ?? "set an image that the node can pull"}`;
  if (meant?.where === "way")
    return { title, applicability: "display-only", commands: [see.events(pod.ref)] };
  if (meant?.where === "credentials") {
    const secret = pod.spec.imagePullSecrets?.[0]?.name ?? "registry-credentials";
    const server =
      container.spec.image?.includes("/") === true ? container.spec.image.split("/")[0]! : "docker.io";
    const words = [
      "create",
      "secret",
      "docker-registry",
      secret,
      "-n",
      namespace,
      `--docker-server=${server}`,
    ];
    return {
      title,
      applicability: "unsafe",
      commands: [see.shell("kubectl", ...words, "--docker-username=USER", "--docker-password=PASSWORD")],
      effect: "the next pull, within five minutes, uses it when imagePullSecrets name it",
    };
  }
  return {
    title,
    applicability: "unsafe",
    commands: [
      see.shell("kubectl", "set", "image", named, "-n", namespace, `${container.name}=IMAGE:TAG`),
      see.shell("kubectl", "rollout", "undo", named, "-n", namespace),
    ],
    effect: "replaces the pods; the second command goes back to the revision before instead",
  };
}

/** Where the revision before pulled something else, or in another way: else it would wait for the same. */
function back({ pod, container }: ContainerOf, workloads: Observed<readonly Workload[]>): Fix[] {
  const own = newestOf(pod, workloads);
  const now = own?.revisions[0];
  const before = own === undefined ? undefined : revisionBefore(own);
  if (now === undefined || before === undefined) return [];
  const isSame = pulledFor(now.spec, container.name) === pulledFor(before.spec, container.name);
  const undo = isSame ? undefined : undoFix(own);
  return undo === undefined ? [] : [undo];
}

function pulledFor({ containers, initContainers, imagePullSecrets }: PodSpec, name: string): string {
  const { image, imagePullPolicy } =
    [...items(containers), ...items(initContainers)].find((c) => c.name === name) ?? {};
  return JSON.stringify([image, imagePullPolicy, imagePullSecrets]);
}
