// kube-controller-manager: one program, shared informers, a client and a queue for each controller.

import type { Simulation } from '../sim/simulation.ts';
import type { ApiServer } from './api-server.ts';
import { ControllerHost } from './controllers/controller.ts';
import { DaemonSetController } from './controllers/daemon-set/daemon-set-controller.ts';
import { DeploymentController } from './controllers/deployment/deployment-controller.ts';
import { JobController } from './controllers/job/job-controller.ts';
import { NodeLifecycleController } from './controllers/node-lifecycle/node-lifecycle.ts';
import { ReplicaSetController } from './controllers/replica-set.ts';
import { StatefulSetController } from './controllers/stateful-set/stateful-set-controller.ts';

export interface ControllerManagerOptions {
  /** Who places the pods of DaemonSets: the scheduler, or (before 1.12) their controller. */
  readonly daemonSets?: 'scheduler' | 'controller';
}

export class ControllerManager {
  readonly host: ControllerHost;

  constructor(simulation: Simulation, server: ApiServer, options: ControllerManagerOptions = {}) {
    const process = server.process('kube-controller-manager');
    this.host = new ControllerHost(simulation, process, server.latency.isInstant);
    new DeploymentController(this.host);
    new ReplicaSetController(this.host);
    new StatefulSetController(this.host);
    new DaemonSetController(this.host, { placedBy: options.daemonSets ?? 'scheduler' });
    new JobController(this.host);
    new NodeLifecycleController(this.host);
    this.host.start();
  }
}
