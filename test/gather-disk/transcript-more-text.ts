/** Further texts of the same cluster. */

export const policyText = `Name:         only-gateway
Namespace:    store
Created on:   2026-11-17 09:00:00 +0100 CET
Labels:       <none>
Annotations:  <none>
Spec:
  PodSelector:     app=web
  Allowing ingress traffic:
    To Port: 8080/TCP
    To Port Range: 9000-9010/TCP
    From:
      NamespaceSelector: name=gateway
      PodSelector: <none>
    From:
      IPBlock:
        CIDR: 192.0.2.0/24
        Except: 192.0.2.128/25
    ----------
    To Port: <any> (traffic allowed to all ports)
    From: <any> (traffic not restricted by source)
  Not affecting egress traffic
  Policy Types: Ingress
`;

export const claimText = `Name:          web-data
Namespace:     store
StorageClass:  fast
Status:        Pending
Volume:        
Labels:        <none>
Annotations:   <none>
Finalizers:    [kubernetes.io/pvc-protection]
Capacity:      
Access Modes:  
VolumeMode:    Filesystem
Used By:       web-5d9c7b6f4-k2x7p
Events:
  Type     Reason              Age               From                         Message
  ----     ------              ----              ----                         -------
  Warning  ProvisioningFailed  5s (x3 over 20s)  persistentvolume-controller  storageclass.storage.k8s.io "fast" not found
`;

export const volumeText = `Name:            pv-1
Labels:          <none>
Annotations:     <none>
Finalizers:      [kubernetes.io/pv-protection]
StorageClass:    fast
Status:          Bound
Claim:           store/web-data
Reclaim Policy:  Retain
Access Modes:    RWO
VolumeMode:      Filesystem
Capacity:        5Gi
Node Affinity:   
  Required Terms:  
    Term 0:        kubernetes.io/hostname in [node-a, node-b]
Message:         
Source:
    Type:          HostPath (bare host directory volume)
    Path:          /mnt/data
    HostPathType:  
Events:            <none>
`;

export const quotaText = `Name:            compute
Namespace:       store
Resource         Used  Hard
--------         ----  ----
limits.memory    2Gi   4Gi
requests.cpu     900m  1
`;

export const autoscalerText = `Name:                                                  web
Namespace:                                             store
Labels:                                                <none>
Annotations:                                           <none>
CreationTimestamp:                                     Wed, 18 Nov 2026 10:00:00 +0000
Reference:                                             Deployment/web
Metrics:                                               ( current / target )
  resource cpu on pods  (as a percentage of request):  140% (140m) / 80%
  resource memory on pods:                             300Mi / 200Mi
Min replicas:                                          2
Max replicas:                                          3
Deployment pods:                                       3 current / 3 desired
Conditions:
  Type            Status  Reason            Message
  ----            ------  ------            -------
  AbleToScale     True    ReadyForNewScale  recommended size matches current size
  ScalingLimited  True    TooManyReplicas   the desired replica count is more than the maximum replica count
Events:           <none>
`;

export const configMapText = `Name:         web
Namespace:    store
Labels:       <none>
Annotations:  <none>

Data
====
app.yaml:
----
db:
  host: db

  port: 5432

mode:
----
fast


BinaryData
====

Events:  <none>
`;

export const jobText = `Name:             migrate
Namespace:        store
Selector:         batch.kubernetes.io/controller-uid=1
Labels:           app=migrate
Annotations:      <none>
Parallelism:      1
Completions:      1
Completion Mode:  NonIndexed
Backoff Limit:    6
Start Time:       Wed, 18 Nov 2026 10:00:00 +0000
Pods Statuses:    0 Active (0 Ready) / 0 Succeeded / 7 Failed
Pod Template:
  Labels:  app=migrate
  Containers:
   migrate:
    Image:         registry.example.com/migrate:3
    Port:          <none>
    Host Port:     <none>
    Environment:   <none>
    Mounts:        <none>
  Volumes:         <none>
  Node-Selectors:  <none>
  Tolerations:     <none>
Events:            <none>
`;

export const budgetText = `Name:           web
Namespace:      store
Min available:  50%
Selector:       app=web
Status:
    Allowed disruptions:  0
    Current:              1
    Desired:              2
    Total:                3
Events:                   <none>
`;

export const accountText = `Name:                web
Namespace:           store
Labels:              <none>
Annotations:         <none>
Image pull secrets:  registry
                     mirror
Mountable secrets:   <none>
Tokens:              <none>
Events:              <none>
`;
