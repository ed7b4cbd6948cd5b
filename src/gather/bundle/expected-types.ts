/** What a field of a Kubernetes object can be: a list of mappings, a list, a mapping, a mapping to texts, … */
export type Expected = "maps" | "list" | "map" | "texts" | "text" | "number" | "boolean";

/** Field names of the resources we read whose type is the same wherever they stand (kubernetes.io API reference). */
const fields: { readonly [E in Expected]: string } = {
  maps: `containers initContainers ephemeralContainers containerStatuses initContainerStatuses
    ephemeralContainerStatuses ports env envFrom volumes volumeMounts podIPs conditions ownerReferences
    managedFields subsets notReadyAddresses endpoints rules paths tls ingress egress from to matchExpressions
    metrics currentMetrics httpHeaders tolerations taints imagePullSecrets secrets volumeClaimTemplates hostAliases`,
  list: `addresses command args hosts accessModes policyTypes externalIPs clusterIPs finalizers values
    loadBalancerSourceRanges`,
  map: `metadata template selector podSelector namespaceSelector labelSelector securityContext resources
    livenessProbe readinessProbe startupProbe httpGet tcpSocket grpc exec lifecycle preStop postStart state
    lastState waiting running terminated strategy rollingUpdate involvedObject regarding targetRef scaleTargetRef
    http backend defaultBackend loadBalancer nodeInfo valueFrom`,
  texts: `labels annotations matchLabels nodeSelector requests capacity allocatable hard used parameters data
    binaryData deprecatedTopology`,
  text: `name generateName namespace uid resourceVersion kind apiVersion nodeName hostIP podIP ip reason message
    note phase image imageID host path pathType ingressClassName clusterIP externalName type fieldPath component
    creationTimestamp deletionTimestamp startTime startedAt finishedAt firstTimestamp lastTimestamp eventTime
    lastTransitionTime lastProbeTime lastUpdateTime lastHeartbeatTime lastScaleTime lastObservedTime value
    secretName claimName storageClassName volumeName serviceName serviceAccountName addressType hostname`,
  number: `replicas readyReplicas availableReplicas updatedReplicas unavailableReplicas currentReplicas
    desiredReplicas minReplicas maxReplicas restartCount exitCode containerPort hostPort nodePort count
    periodSeconds timeoutSeconds signal initialDelaySeconds failureThreshold successThreshold minReadySeconds
    generation terminationGracePeriodSeconds deletionGracePeriodSeconds observedGeneration
    progressDeadlineSeconds expectedPods currentHealthy desiredHealthy disruptionsAllowed`,
  boolean: `started serving hostNetwork publishNotReadyAddresses unschedulable automountServiceAccountToken`,
};

export const expectations: ReadonlyMap<string, Expected> = new Map(
  (Object.keys(fields) as Expected[]).flatMap((expected) =>
    fields[expected].split(/\s+/).map((name) => [name, expected] as const),
  ),
);
