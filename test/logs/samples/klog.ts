/** Lines of ingress-nginx's controller (internal/ingress/controller). */
export const klog = {
  noEndpoint:
    'W1120 14:46:58.120934       7 controller.go:1225] Service "shop/web" does not have any active Endpoint.',
  noService:
    'W1120 14:46:58.121102       7 controller.go:1135] Error obtaining Endpoints for Service "shop/webb": no object matching key "shop/webb" in local store',
  reloaded: 'I1120 14:47:03.480011       7 controller.go:231] "Backend successfully reloaded"',
  rejected: "E1120 14:47:03.480011       7 controller.go:205] Unexpected failure reloading the backend:",
  stopping: 'I1120 14:47:05.480011       7 main.go:122] "Received SIGTERM, shutting down"',
  other:
    "I1120 14:47:03.480512       7 event.go:377] Event(v1.ObjectReference{Kind:\"Pod\"}): type: 'Normal' reason: 'RELOAD'",
} as const;

export const lines: readonly string[] = Object.values(klog);
