import { refText } from "../../evidence/object-ref.ts";
import { speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted } from "../define-cause.ts";
import { type ContainerOf, containerText, eventsOn, ownerOf, servedByOthers, waitingFor } from "../pods.ts";
import type { Fix } from "../fix.ts";
import { see } from "../see.ts";

const reasons = [
  "ImagePullBackOff",
  "ErrImagePull",
  "InvalidImageName",
  "ErrImageNeverPull",
  "RegistryUnavailable",
  "ImageInspectError",
];

/** What a registry or runtime says, and what it means; the first match counts. */
const meanings: readonly (readonly [RegExp, string, string])[] = [
  [
    /no such host|lookup \S+ on|server misbehaving|name resolution/i,
    "the registry's name does not resolve on the node",
    "correct the registry's name, or the node's DNS",
  ],
  [
    /x509|certificate/i,
    "the registry's certificate is not trusted on the node",
    "trust its authority on the nodes, or mend the certificate",
  ],
  [
    /toomanyrequests|rate limit/i,
    "the registry's rate limit is reached",
    "pull with credentials, or through a cache",
  ],
  [
    /i\/o timeout|deadline exceeded|connection refused|connection reset|no route to host/i,
    "the node cannot reach the registry",
    "open the node's way to the registry",
  ],
  [
    /unauthorized|authentication required|access denied|denied|no basic auth|forbidden|403/i,
    "the registry refuses the node's credentials or the image is private (imagePullSecrets missing or wrong)",
    "create the pull Secret and name it in imagePullSecrets",
  ],
  [
    /not found|manifest unknown|name unknown|does not exist/i,
    "the image or its tag does not exist",
    "set an image and tag that exist",
  ],
  [
    /invalid reference format|couldn't parse image|InvalidImageName/i,
    "the image reference is not valid",
    "correct the image reference",
  ],
];

/** The image cannot be pulled, so the container never starts. Says which of the usual reasons it is. */
export const imagePullFailure = defineCause({
  id: "image-pull-failure",
  title: "The container's image cannot be pulled",
  hop: "pod",
  codes: [503, 502],
  prior: 0.03,
  leadsTo: ["no-endpoints-pods-not-ready", "rollout-bad-revision", "init-container-failing"],
  needs: ["pods"],
  helps: ["events"],
  weigh({ pods, events }) {
    const stuck = waitingFor(pods, reasons)[0];
    if (stuck === undefined)
      return refuted(
        speaksAgainst.decisive("no container waits for its image", "Pods .status.containerStatuses"),
      );
    const { pod, container } = stuck;
    const told = eventsOn(events, pod.ref, "Failed", "FailedToRetrieveImagePullSecret", "InspectFailed");
    const said = [container.waiting?.message ?? "", ...told.map((e) => e.message)].join("\n");
    const meaning = meanings.find(([pattern]) => pattern.test(said));
    const elsewhere = servedByOthers(pods, pod, `cannot pull ${container.spec.image}`);
    if (elsewhere !== undefined) return elsewhere;
    const text = `${containerText(stuck)} is in ${container.waiting?.reason} for image ${container.spec.image}`;
    const clues = [
      speaksFor.decisive(text, `${refText(pod.ref)} .status.containerStatuses`, {
        see: see.describe(pod.ref),
      }),
    ];
    if (meaning !== undefined)
      clues.push(
        speaksFor.moderate(`${meaning[1]}: ${firstLine(said, meaning[0])}`, `Events of ${refText(pod.ref)}`, {
          see: see.events(pod.ref),
        }),
      );
    return { state: "supported", subject: ownerOf(pod), clues, fixes: [fix(stuck, meaning?.[2])] };
  },
});

const firstLine = (text: string, pattern: RegExp): string =>
  (text.split("\n").find((line) => pattern.test(line)) ?? "").slice(0, 200);

function fix({ pod, container }: ContainerOf, advice: string | undefined): Fix {
  const owner = ownerOf(pod);
  const todo = advice ?? "set an image that the node can pull";
  return {
    title: `For container ${container.name} of ${refText(owner)}: ${todo}`,
    applicability: "unsafe",
    commands: [
      see.shell(
        "kubectl",
        "set",
        "image",
        `${owner.kind.toLowerCase()}/${owner.name}`,
        "-n",
        owner.namespace ?? "default",
        `${container.name}=IMAGE:TAG`,
      ),
      see.shell(
        "kubectl",
        "rollout",
        "undo",
        `${owner.kind.toLowerCase()}/${owner.name}`,
        "-n",
        owner.namespace ?? "default",
      ),
    ],
    effect: "replaces the pods; the second command goes back to the revision before instead",
  };
}
