/**
 * The queueing hints of every plugin that has some, by plugin. One that is not here is taken to care for every event.
 */
import type { HintTable } from '../queueing-hints.ts';
import * as node from './node-hints.ts';
import { nodeResourcesFit } from './resource-hints.ts';
import * as topology from './topology-hints.ts';
import * as volume from './volume-hints.ts';

export const HINT_TABLES: Readonly<Record<string, HintTable>> = {
  SchedulingGates: node.schedulingGates,
  NodeName: node.nodeName,
  NodeUnschedulable: node.nodeUnschedulable,
  TaintToleration: node.taintToleration,
  NodeAffinity: node.nodeAffinity,
  NodePorts: node.nodePorts,
  NodeResourcesFit: nodeResourcesFit,
  // Devices come free, and come, as the other resources of a node do.
  GpuShare: nodeResourcesFit,
  VolumeRestrictions: volume.volumeRestrictions,
  NodeVolumeLimits: volume.nodeVolumeLimits,
  VolumeBinding: volume.volumeBinding,
  VolumeZone: volume.volumeZone,
  PodTopologySpread: topology.podTopologySpread,
  InterPodAffinity: topology.interPodAffinity,
  DefaultPreemption: node.defaultPreemption,
};
