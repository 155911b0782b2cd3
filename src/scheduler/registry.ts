/**
 * The one file that knows every plugin: its factory, the schema of its arguments and its place and weight in the
 * default profile. A new plugin is one file, its test, and one line here.
 * Source of order and weights: kubernetes v1.37.2 pkg/scheduler/apis/config/v1/default_plugins.go.
 */
import { z } from 'zod';
import type { AnyPlugin } from './framework/profile.ts';
import { defaultPreemptionArgs } from './plugins/default-preemption.schema.ts';
import { defaultPreemption } from './plugins/default-preemption.ts';
import { dynamicResources } from './plugins/dynamic-resources.ts';
import { gpuShare } from './plugins/gpu-share.ts';
import { imageLocality } from './plugins/image-locality.ts';
import { interPodAffinityArgs } from './plugins/inter-pod-affinity.schema.ts';
import { interPodAffinity } from './plugins/inter-pod-affinity.ts';
import { nodeAffinityArgs } from './plugins/node-affinity.schema.ts';
import { nodeAffinity } from './plugins/node-affinity.ts';
import { nodeName } from './plugins/node-name.ts';
import { nodePorts } from './plugins/node-ports.ts';
import { nodeResourcesBalancedAllocation } from './plugins/node-resources-balanced-allocation.ts';
import {
  nodeResourcesBalancedAllocationArgs,
  nodeResourcesFitArgs,
} from './plugins/node-resources-fit.schema.ts';
import { nodeResourcesFit } from './plugins/node-resources-fit.ts';
import { nodeUnschedulable } from './plugins/node-unschedulable.ts';
import { nodeVolumeLimits } from './plugins/node-volume-limits.ts';
import { podTopologySpreadArgs } from './plugins/pod-topology-spread.schema.ts';
import { podTopologySpread } from './plugins/pod-topology-spread.ts';
import { schedulingGates } from './plugins/scheduling-gates.ts';
import { taintToleration } from './plugins/taint-toleration.ts';
import { volumeBindingArgs } from './plugins/volume-binding.schema.ts';
import { volumeBinding } from './plugins/volume-binding.ts';
import { volumeRestrictions } from './plugins/volume-restrictions.ts';
import { volumeZone } from './plugins/volume-zone.ts';

/** A plugin as the registry knows it. */
export interface Registration {
  readonly name: string;
  readonly args: z.ZodType;
  /** `args` has passed the schema. */
  readonly create: (args: never) => AnyPlugin;
  /** Weight in the default profile; absent = 1. */
  readonly weight?: number;
  /** False for a plugin that only a configuration can switch on. */
  readonly isDefault?: boolean;
}

const noArgs = z.strictObject({});

/** In the order of the default profile. */
export const PLUGINS: readonly Registration[] = [
  { name: 'SchedulingGates', args: noArgs, create: schedulingGates },
  { name: 'NodeName', args: noArgs, create: nodeName },
  { name: 'NodeUnschedulable', args: noArgs, create: nodeUnschedulable },
  { name: 'TaintToleration', args: noArgs, create: taintToleration, weight: 3 },
  { name: 'NodeAffinity', args: nodeAffinityArgs, create: nodeAffinity, weight: 2 },
  { name: 'NodePorts', args: noArgs, create: nodePorts },
  { name: 'NodeResourcesFit', args: nodeResourcesFitArgs, create: nodeResourcesFit },
  { name: 'VolumeRestrictions', args: noArgs, create: volumeRestrictions },
  { name: 'NodeVolumeLimits', args: noArgs, create: nodeVolumeLimits },
  { name: 'VolumeBinding', args: volumeBindingArgs, create: volumeBinding },
  { name: 'VolumeZone', args: noArgs, create: volumeZone },
  { name: 'PodTopologySpread', args: podTopologySpreadArgs, create: podTopologySpread, weight: 2 },
  { name: 'InterPodAffinity', args: interPodAffinityArgs, create: interPodAffinity, weight: 2 },
  { name: 'GpuShare', args: noArgs, create: gpuShare },
  { name: 'DynamicResources', args: noArgs, create: dynamicResources, weight: 2 },
  { name: 'DefaultPreemption', args: defaultPreemptionArgs, create: defaultPreemption },
  {
    name: 'NodeResourcesBalancedAllocation',
    args: nodeResourcesBalancedAllocationArgs,
    create: nodeResourcesBalancedAllocation,
  },
  { name: 'ImageLocality', args: noArgs, create: imageLocality },
];

export function findPlugin(name: string): Registration | undefined {
  return PLUGINS.find((registration) => registration.name === name);
}

/** A plugin from raw arguments. @throws ZodError if they do not pass the plugin's schema. */
export function createPlugin({ args: schema, create }: Registration, args: unknown = {}): AnyPlugin {
  return create(schema.parse(args) as never);
}
