// Kubernetes objects as users write them (JSON of the API, release 1.37), as far as anything here reads them.
// Deviation: fields that change nothing in scheduling, life cycle or traffic (commands, env, security
// contexts, …) are accepted by the reader but have no type.

export type * from './types/config.ts';
export type * from './types/container.ts';
export type * from './types/meta.ts';
export type * from './types/node.ts';
export type * from './types/pod.ts';
export type * from './types/policy.ts';
export type * from './types/scheduling.ts';
export type * from './types/service.ts';
export type * from './types/storage.ts';
export type * from './types/volume.ts';
export type * from './types/workload.ts';
