/** Scenarios with delays of the control plane, made here because they are large and all alike. */

export const CONTROL_PLANE_WORKS = ['burst', 'idle', 'rolling'] as const;
export type ControlPlaneWork = (typeof CONTROL_PLANE_WORKS)[number];

const N_NODES = 5000;
const N_DEPLOYMENTS = 1000;
const N_REPLICAS = 20;
const REQUESTS = { cpu: '500m', memory: '512Mi' };

export const CONTROL_PLANE_NAMES: Readonly<Record<ControlPlaneWork, string>> = {
  burst: 'burst of 10000 pods on 5000 nodes, calibrated',
  idle: 'idle day of 5000 nodes, calibrated',
  rolling: `${N_DEPLOYMENTS} Deployments of ${N_REPLICAS} rolling at once on 5000 nodes, calibrated, from the change on`,
};

const MINUTE_US = 60e6;
const CHANGE_MINUTES = 60;

/** What happens before, the Deployments' coming up, is not measured. */
export const CONTROL_PLANE_FROM_US: Readonly<Record<ControlPlaneWork, number>> = {
  burst: 0,
  idle: 0,
  rolling: (CHANGE_MINUTES - 1) * MINUTE_US,
};

/** Files of the scenario by name; the scenario itself is `scenario.json`. */
export function controlPlaneFiles(work: ControlPlaneWork): Record<string, string> {
  const group = {
    name: 'node',
    count: N_NODES,
    allocatable: { cpu: '16', memory: '64Gi' },
    zones: ['a', 'b', 'c'],
  };
  const scenario = { cluster: { nodeGroups: [group] }, ...WORKS[work] };
  return {
    'scenario.json': JSON.stringify(scenario),
    ...(work === 'rolling' && { 'apps.json': JSON.stringify(deployments()) }),
  };
}

function batch(size: number) {
  const arrivals = { process: 'batch', every: '48h', size };
  return { generator: 'burst', arrivals, limit: size, templates: [{ name: 'task', ...REQUESTS }] };
}

const nameOf = (i: number) => `app-${i}`;
const range = Array.from({ length: N_DEPLOYMENTS }, (_, i) => i);

const WORKS: Readonly<Record<ControlPlaneWork, object>> = {
  burst: { until: '15m', workload: [batch(10_000)] },
  idle: { until: '24h', workload: [batch(1)] },
  rolling: {
    until: '3h',
    workload: [{ manifests: ['apps.json'] }],
    timeline: range.map((i) => ({
      at: `${CHANGE_MINUTES}m`,
      setImage: { kind: 'Deployment', name: nameOf(i), images: { web: 'web:2' } },
    })),
  },
};

function deployments(): object {
  const items = range.map((i) => {
    const labels = { app: nameOf(i) };
    const container = { name: 'web', image: 'web:1', resources: { requests: REQUESTS } };
    const template = { metadata: { labels }, spec: { containers: [container] } };
    return {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: nameOf(i) },
      spec: { replicas: N_REPLICAS, selector: { matchLabels: labels }, template },
    };
  });
  return { apiVersion: 'v1', kind: 'List', items };
}
