/**
 * GpuShare: a share of a GPU must fit into one device, several GPUs must be whole free devices. NodeResourcesFit only
 * sees the sum over devices. Not a plugin of kube-scheduler: device plugins and GPU sharers do this in their own ways;
 * it is inert for pods without the annotation.
 * Devices are dealt out to the pods of a node in order of arrival: a share goes to the device with the least room that
 * takes it, whole GPUs to the first free devices. Deviation: when a pod leaves, the others are dealt out anew.
 */

import type { Cluster } from '../../cluster/cluster.ts';
import type { PodClass } from '../../cluster/pod-class.ts';
import { GPU_COUNT, GPU_DEVICES, GPU_MILLI, MILLI_PER_GPU } from '../../kube/gpu-names.ts';
import type { Plugin } from '../framework/plugin.ts';
import { unschedulable } from '../framework/status.ts';

const NAME = 'GpuShare';
const NO_DEVICE = unschedulable(NAME, 'node(s) had no GPU with enough free share');

interface GpuDemand {
  readonly count: number;
  /** Of each device. */
  readonly milli: number;
}

const NONE: GpuDemand = { count: 0, milli: 0 };
const demands = new WeakMap<PodClass, GpuDemand>();

function gpuDemand(cls: PodClass, { resources }: Cluster): GpuDemand {
  let demand = demands.get(cls);
  if (!demand) {
    const count = Number(cls.annotations[GPU_COUNT] ?? 0);
    const total = cls.requests.amounts[cls.requests.ids.indexOf(resources.find(GPU_MILLI))] ?? 0;
    demand = count > 0 && total > 0 ? { count, milli: total / count } : NONE;
    demands.set(cls, demand);
  }
  return demand;
}

export function gpuShare(): Plugin<GpuDemand> {
  const free: number[] = [];

  /** Deals out the node's devices to its pods; leaves what is free in `free`. */
  function deal(node: number, cluster: Cluster): void {
    const { nodes, pods, classes } = cluster;
    free.length = 0;
    const nDevices = nodes.allocatable[nodes.resource(GPU_DEVICES)]![node]!;
    for (let device = 0; device < nDevices; device++) free.push(MILLI_PER_GPU);
    for (let pod = nodes.firstPod[node]!; pod !== -1; pod = pods.next[pod]!) {
      take(free, gpuDemand(classes.all[pods.cls[pod]!]!, cluster));
    }
  }

  return {
    name: NAME,
    preFilter({ cluster, cls }) {
      const demand = gpuDemand(cls, cluster);
      return demand === NONE ? { skip: true } : { state: demand };
    },
    filterScope: 'node',
    classKey: ({ annotations, requests }) => JSON.stringify([annotations[GPU_COUNT], requests]),
    filter(demand, node, { cluster }) {
      deal(node, cluster);
      return take(free, demand) ? undefined : NO_DEVICE;
    },
  };
}

/** Takes a demand out of the devices' free shares; false (and nothing taken) if it does not fit. */
function take(free: number[], { count, milli }: GpuDemand): boolean {
  if (count === 1) {
    let best = -1;
    for (let i = 0; i < free.length; i++) {
      if (free[i]! >= milli && (best === -1 || free[i]! < free[best]!)) best = i;
    }
    if (best === -1) return false;
    free[best]! -= milli;
    return true;
  }
  let nWhole = 0;
  for (const share of free) if (share === MILLI_PER_GPU) nWhole++;
  if (nWhole < count) return false;
  let left = count;
  for (let i = 0; i < free.length && left > 0; i++) {
    if (free[i] !== MILLI_PER_GPU) continue;
    free[i] = 0;
    left--;
  }
  return true;
}
