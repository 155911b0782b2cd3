/**
 * The nodes and pods of the real scheduler's benchmark (its oracle's bench.go): 32 CPU, 128Gi, 110 pods a node in three
 * zones; pods of 100m and 500Mi with 20 different labels.
 */
import type { PodShape } from '../../src/kube/pod-shape.ts';
import type { Affinity, Node, PodSpec } from '../../src/kube/types.ts';

export const VARIANTS = ['plain', 'anti-affinity', 'preferred-affinity', 'spread'] as const;
export type Variant = (typeof VARIANTS)[number];

const HOSTNAME = 'kubernetes.io/hostname';
const ZONE = 'topology.kubernetes.io/zone';

export function benchNode(i: number): Node {
  const name = `node-${String(i).padStart(5, '0')}`;
  const allocatable = { cpu: '32', memory: '128Gi', pods: '110', 'ephemeral-storage': '100Gi' };
  const labels = {
    [HOSTNAME]: name,
    [ZONE]: `zone-${i % 3}`,
    'topology.kubernetes.io/region': 'region-1',
    'kubernetes.io/os': 'linux',
  };
  const conditions = [{ type: 'Ready', status: 'True' as const }];
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels },
    status: { allocatable, capacity: allocatable, conditions },
  };
}

/** What pods of one label share. With `cpuMilli`, classes differ in what they ask for as well. */
export function benchShape(i: number, variant: Variant, cpuMilli = 100, memoryMi = 500): PodShape {
  const app = `app-${i}`;
  const requests = { cpu: `${cpuMilli}m`, memory: `${memoryMi}Mi` };
  const container = { name: 'c', image: 'registry.example/web:v1', resources: { requests } };
  return {
    namespace: 'default',
    labels: { app },
    spec: { schedulerName: 'default-scheduler', containers: [container], ...constraints(variant, app) },
  };
}

function constraints(variant: Variant, app: string): Partial<PodSpec> {
  const labelSelector = { matchLabels: { app } };
  if (variant === 'spread') {
    const constraint = { maxSkew: 5, topologyKey: ZONE, whenUnsatisfiable: 'DoNotSchedule', labelSelector };
    return { topologySpreadConstraints: [constraint] } as Partial<PodSpec>;
  }
  const affinity: Record<Exclude<Variant, 'spread'>, Affinity | undefined> = {
    plain: undefined,
    'anti-affinity': {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: HOSTNAME, labelSelector }],
      },
    },
    'preferred-affinity': {
      podAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 10, podAffinityTerm: { topologyKey: ZONE, labelSelector } },
        ],
      },
    },
  };
  return affinity[variant] ? { affinity: affinity[variant] } : {};
}
