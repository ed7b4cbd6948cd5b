/** A made-up cluster as kubectl prints it, for reading it back. */

export const podText = `Name:                      web-5d9c7b6f4-k2x7p
Namespace:                 store
Priority:                  0
Service Account:           web
Node:                      node-a/192.0.2.31
Start Time:                Wed, 18 Nov 2026 11:28:20 +0100
Labels:                    app=web
                           pod-template-hash=5d9c7b6f4
Annotations:               example.com/note: first
                           example.com/script:
                             line one
                             line two
Status:                    Running
IP:                        10.9.0.7
IPs:
  IP:           10.9.0.7
Controlled By:  ReplicaSet/web-5d9c7b6f4
Init Containers:
  migrate:
    Container ID:  containerd://aaa
    Image:         registry.example.com/migrate:3
    Image ID:      registry.example.com/migrate@sha256:aaa
    Port:          <none>
    Host Port:     <none>
    Command:
      /migrate
      --to=latest
    State:          Terminated
      Reason:       Completed
      Exit Code:    0
      Started:      Wed, 18 Nov 2026 11:28:22 +0100
      Finished:     Wed, 18 Nov 2026 11:28:25 +0100
    Ready:          True
    Restart Count:  0
    Environment:    <none>
    Mounts:         <none>
Containers:
  web:
    Container ID:   containerd://bbb
    Image:          registry.example.com/web:7
    Image ID:       registry.example.com/web@sha256:bbb
    Ports:          8080/TCP, 9090/TCP
    Host Ports:     0/TCP, 0/TCP
    State:          Waiting
      Reason:       CrashLoopBackOff
    Last State:     Terminated
      Reason:       OOMKilled
      Exit Code:    137
      Started:      Wed, 18 Nov 2026 11:29:00 +0100
      Finished:     Wed, 18 Nov 2026 11:29:31 +0100
    Ready:          False
    Restart Count:  3
    Limits:
      memory:  64Mi
    Requests:
      cpu:      100m
      memory:   64Mi
    Liveness:   http-get http://:8080/live%20now delay=5s timeout=1s period=10s #success=1 #failure=3
    Readiness:  tcp-socket :http delay=0s timeout=2s period=5s successThreshold=1 failureThreshold=2
    Environment Variables from:
      web-settings  ConfigMap  Optional: false
      web-keys      Secret with prefix 'K_'  Optional: true
    Environment:
      DB_ADDR:    db:5432
      DB_PASS:    <set to the key 'password' in secret 'db'>  Optional: false
      MODE:       <set to the key 'mode' of config map 'web'>  Optional: true
      POD_IP:      (v1:status.podIP)
    Mounts:
      /data from data (rw)
      /etc/app.yaml from settings (ro,path="app.yaml")
Conditions:
  Type              Status
  Initialized       True 
  Ready             False 
  ContainersReady   False 
  PodScheduled      True 
Volumes:
  data:
    Type:       PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)
    ClaimName:  web-data
    ReadOnly:   false
  settings:
    Type:        ConfigMap (a volume populated by a ConfigMap)
    Name:        web
    Optional:    false
  tmp:
    Type:        EmptyDir (a temporary directory that shares a pod's lifetime)
    Medium:      
    SizeLimit:   <unset>
QoS Class:       Burstable
Node-Selectors:  disk=ssd
Tolerations:     node.kubernetes.io/not-ready:NoExecute op=Exists for 300s
                 pool=web:NoSchedule
Events:
  Type     Reason     Age                 From               Message
  ----     ------     ----                ----               -------
  Normal   Scheduled  100s                default-scheduler  Successfully assigned store/web-5d9c7b6f4-k2x7p to node-a
  Warning  BackOff    10s (x5 over 60s)   kubelet            spec.containers{web}: Back-off restarting failed container
`;

export const serviceText = `Name:                     web
Namespace:                store
Labels:                   app=web
Annotations:              <none>
Selector:                 app=web,tier=front
Type:                     NodePort
IP Family Policy:         SingleStack
IP Families:              IPv4
IP:                       10.8.0.4
IPs:                      10.8.0.4
Port:                     http  80/TCP
TargetPort:               8080/TCP
NodePort:                 http  30080/TCP
Endpoints:                10.9.0.7:8080,10.9.0.8:8080
Port:                     metrics  9090/TCP
TargetPort:               metrics/TCP
NodePort:                 metrics  30090/TCP
Endpoints:                10.9.0.7:9090,10.9.0.8:9090
Session Affinity:         None
External Traffic Policy:  Cluster
Internal Traffic Policy:  Cluster
Events:                   <none>
`;

export const deploymentText = `Name:                   web
Namespace:              store
CreationTimestamp:      Wed, 18 Nov 2026 10:00:00 +0000
Labels:                 app=web
Annotations:            deployment.kubernetes.io/revision: 2
Selector:               app=web,tier in (back,front)
Replicas:               3 desired | 2 updated | 4 total | 1 available | 3 unavailable
StrategyType:           RollingUpdate
MinReadySeconds:        5
RollingUpdateStrategy:  25% max unavailable, 1 max surge
Pod Template:
  Labels:           app=web
                    tier=front
  Service Account:  web
  Containers:
   web:
    Image:       registry.example.com/web:7
    Port:        8080/TCP
    Host Port:   0/TCP
    Args:
      --listen=:8080
      sh -c "a: b"
    Readiness:   grpc <pod>:8080  delay=1s timeout=1s period=3s #success=1 #failure=1
    Environment: <none>
    Mounts:      <none>
  Volumes:         <none>
  Node-Selectors:  <none>
  Tolerations:     <none>
Conditions:
  Type           Status  Reason
  ----           ------  ------
  Available      False   MinimumReplicasUnavailable
  Progressing    True    ReplicaSetUpdated
OldReplicaSets:  web-6f (2/2 replicas created)
NewReplicaSet:   web-5d9c7b6f4 (2/2 replicas created)
Events:          <none>
`;

export const nodeText = `Name:               node-a
Roles:              worker
Labels:             disk=ssd
                    kubernetes.io/hostname=node-a
Annotations:        node.alpha.kubernetes.io/ttl: 0
CreationTimestamp:  Thu, 01 Oct 2026 00:00:00 +0000
Taints:             pool=web:NoSchedule
                    node.kubernetes.io/unschedulable:NoSchedule
Unschedulable:      true
Lease:
  HolderIdentity:  node-a
  AcquireTime:     <unset>
  RenewTime:       Wed, 18 Nov 2026 11:30:10 +0100
Conditions:
  Type             Status  LastHeartbeatTime                 LastTransitionTime                Reason                       Message
  ----             ------  -----------------                 ------------------                ------                       -------
  MemoryPressure   False   Wed, 18 Nov 2026 11:30:05 +0100   Thu, 01 Oct 2026 00:00:00 +0000   KubeletHasSufficientMemory   kubelet has sufficient memory available
  Ready            True    Wed, 18 Nov 2026 11:30:05 +0100   Thu, 01 Oct 2026 00:00:10 +0000   KubeletReady                 kubelet is posting ready status
Addresses:
  InternalIP:  192.0.2.31
  Hostname:    node-a
Capacity:
  cpu:     4
  memory:  8Gi
Allocatable:
  cpu:     3800m
  memory:  7Gi
System Info:
  Machine ID:                 0
  Kernel Version:             6.1.0
  OS Image:                   Debian
  Operating System:           linux
  Architecture:               amd64
  Container Runtime Version:  containerd://2.0.1
  Kubelet Version:            v1.34.0
PodCIDR:                      10.9.0.0/24
PodCIDRs:                     10.9.0.0/24
Non-terminated Pods:          (1 in total)
  Namespace                   Name                  CPU Requests  CPU Limits  Memory Requests  Memory Limits  Age
  ---------                   ----                  ------------  ----------  ---------------  -------------  ---
  store                       web-5d9c7b6f4-k2x7p   100m (2%)     0 (0%)      64Mi (0%)        64Mi (0%)      110s
Events:              <none>
`;

export const ingressText = `Name:             store
Labels:           <none>
Namespace:        store
Address:          192.0.2.80
Ingress Class:    nginx
Default backend:  fallback:http (<error: services "fallback" not found>)
TLS:
  store-tls terminates store.example.com,www.example.com
Rules:
  Host               Path  Backends
  ----               ----  --------
  store.example.com  
                     /cart   web:80 (10.9.0.7:8080)
                     /       other:http (<none>)
  *                  
                     /all   web:80 (10.9.0.7:8080)
Annotations:         nginx.ingress.kubernetes.io/proxy-read-timeout: 5
Events:              <none>
`;

export const endpointsText = `Name:         web
Namespace:    store
Labels:       app=web
Annotations:  <none>
Subsets:
  Addresses:          10.9.0.8
  NotReadyAddresses:  10.9.0.7
  Ports:
    Name     Port  Protocol
    ----     ----  --------
    http     8080  TCP
    <unset>  9090  TCP

Events:  <none>
`;

export const sliceText = `Name:         web-abc12
Namespace:    store
Labels:       kubernetes.io/service-name=web
Annotations:  <none>
AddressType:  IPv4
Ports:
  Name  Port  Protocol
  ----  ----  --------
  http  8080  TCP
Endpoints:
  - Addresses:  10.9.0.7
    Conditions:
      Ready:    false
    Hostname:   <unset>
    TargetRef:  Pod/web-5d9c7b6f4-k2x7p
    NodeName:   node-a
    Zone:       zone-1
  - Addresses:  10.9.0.8
    Conditions:
      Ready:    true
    Hostname:   <unset>
    NodeName:   node-b
    Zone:       <unset>
Events:         <none>
`;
