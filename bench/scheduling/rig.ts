/** The scheduler with all that belongs to it: API server without delays, informers, queue, assume, bind, metrics. */
import { EVENT_PRIORITIES } from '../../src/cluster/event-priorities.ts';
import { ApiServer } from '../../src/control-plane/api-server.ts';
import { INSTANT } from '../../src/control-plane/latency.ts';
import type { ApiClient } from '../../src/kube/api.ts';
import { Recorder } from '../../src/metrics/recorder.ts';
import { schedulerConfiguration } from '../../src/scheduler/configuration.ts';
import { createScheduler } from '../../src/scheduler/create-scheduler.ts';
import type { KubeScheduler } from '../../src/scheduler/kube-scheduler.ts';
import { Simulation } from '../../src/sim/simulation.ts';
import { observeTruth } from '../../src/simulator/truth.ts';
import { benchNode } from './world.ts';

export interface Rig {
  readonly simulation: Simulation;
  readonly server: ApiServer;
  readonly scheduler: KubeScheduler;
  readonly user: ApiClient;
  readonly recorder: Recorder;
}

/** The nodes are there and ready when this returns. */
export function benchRig(nNodes: number, percentageOfNodesToScore: number): Rig {
  const simulation = new Simulation({ priorities: EVENT_PRIORITIES });
  const server = new ApiServer({ simulation, latency: INSTANT, createsNamespaces: true });
  const recorder = new Recorder();
  const observer = {
    podChanged: recorder.podChanged.bind(recorder),
    objectChanged: recorder.objectChanged.bind(recorder),
  };
  observeTruth({ simulation, server, observer, podEnded: () => {} });
  const scheduler = createScheduler({
    simulation,
    process: server.process('kube-scheduler'),
    observer: recorder.scheduler,
    configuration: schedulerConfiguration.parse({ percentageOfNodesToScore }),
  });
  const user = server.process('kubectl').client({ name: 'kubectl' });
  for (let i = 0; i < nNodes; i++) {
    const node = benchNode(i);
    user.create(node);
    // The server taints new nodes as not ready.
    user.patch({ kind: 'Node', name: node.metadata.name! }, (made) => ({ ...made, spec: {} }), undefined);
  }
  simulation.advance(Number.MAX_SAFE_INTEGER, 0);
  return { simulation, server, scheduler, user, recorder };
}
