/**
 * One repetition of a case: pods scheduled by CPU second of this process, user and system. As in the real scheduler's
 * benchmark all pods wait in the queue when the clock starts; the time from their creation on is taken as well.
 */
import { benchRig } from './rig.ts';
import { benchShape, type Variant } from './world.ts';

export interface SchedulingCase {
  readonly nNodes: number;
  readonly nPods: number;
  readonly variant: Variant;
  /** Pods in turn have so many labels: classes that ask for the same. */
  readonly nClasses: number;
  readonly percentageOfNodesToScore: number;
}

export interface Measured {
  readonly podsPerCpuSecond: number;
  /** With the pods' creation, their way through the API and into the queue. */
  readonly podsPerCpuSecondFromCreation: number;
  readonly nScheduled: number;
  /** Not right where garbage was collected meanwhile. */
  readonly allocatedBytesPerPod: number;
  /** Reasons why cycles were left to the plain scan. */
  readonly plain: readonly string[];
}

export function measure(of: SchedulingCase): Measured {
  const { nNodes, nPods, variant, nClasses, percentageOfNodesToScore } = of;
  const { simulation, user, server, scheduler } = benchRig(nNodes, percentageOfNodesToScore);
  const shapes = Array.from({ length: nClasses }, (_, i) => benchShape(i, variant));
  const names = Array.from({ length: nPods }, (_, i) => `pod-${String(i).padStart(6, '0')}`);
  const created = process.cpuUsage();
  for (let i = 0; i < nPods; i++) user.createPod({ shape: shapes[i % nClasses]!, name: names[i]! });
  while (scheduler.queue.nActive < nPods) simulation.advance(1, 0);
  const usedBytes = process.memoryUsage().heapUsed;
  const queuedUs = cpuUs(created);
  const queued = process.cpuUsage();
  simulation.advance(Number.MAX_SAFE_INTEGER, 0);
  const boundUs = cpuUs(queued);
  const allocatedBytes = process.memoryUsage().heapUsed - usedBytes;
  let nScheduled = 0;
  server.state.pods.forEach((pod) => {
    if (pod.nodeName !== '') nScheduled++;
  });
  const plain = scheduler.speed.flatMap(({ counts }) => [...(counts?.nPlain.keys() ?? [])]);
  return {
    podsPerCpuSecond: (nScheduled * 1e6) / boundUs,
    podsPerCpuSecondFromCreation: (nScheduled * 1e6) / (queuedUs + boundUs),
    nScheduled,
    allocatedBytesPerPod: allocatedBytes / nPods,
    plain,
  };
}

function cpuUs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return user + system;
}
