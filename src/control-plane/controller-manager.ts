// kube-controller-manager: one program, shared informers, a client and a queue for each controller.

import type { Simulation } from '../sim/simulation.ts';
import type { ApiServer } from './api-server.ts';
import { ControllerHost } from './controllers/controller.ts';
import { DeploymentController } from './controllers/deployment/deployment-controller.ts';
import { NodeLifecycleController } from './controllers/node-lifecycle/node-lifecycle.ts';
import { ReplicaSetController } from './controllers/replica-set.ts';

export class ControllerManager {
  readonly host: ControllerHost;

  constructor(simulation: Simulation, server: ApiServer) {
    const process = server.process('kube-controller-manager');
    this.host = new ControllerHost(simulation, process, server.latency.isInstant);
    new DeploymentController(this.host);
    new ReplicaSetController(this.host);
    new NodeLifecycleController(this.host);
    this.host.start();
  }
}
