// kube-controller-manager: one program, shared informers, a client and a queue for each controller.

import type { Simulation } from '../sim/simulation.ts';
import type { Process } from './api-process.ts';
import type { ApiServer } from './api-server.ts';
import { ControllerHost } from './controllers/controller.ts';
import { CronJobController } from './controllers/cron-job.ts';
import { DaemonSetController } from './controllers/daemon-set/daemon-set-controller.ts';
import { DeploymentController } from './controllers/deployment/deployment-controller.ts';
import { DisruptionController } from './controllers/disruption.ts';
import { EndpointSliceController } from './controllers/endpoint-slice/endpoint-slice-controller.ts';
import { GarbageCollector } from './controllers/garbage-collector.ts';
import { JobController } from './controllers/job/job-controller.ts';
import { NamespaceController } from './controllers/namespace.ts';
import { NodeLifecycleController } from './controllers/node-lifecycle/node-lifecycle.ts';
import { ClaimProtection } from './controllers/persistent-volume/claim-protection.ts';
import { VolumeBinder } from './controllers/persistent-volume/volume-binder.ts';
import { VolumeProvisioner } from './controllers/persistent-volume/volume-provisioner.ts';
import { PodGcController } from './controllers/pod-gc.ts';
import { REPLICA_SET, REPLICATION_CONTROLLER, ReplicaSetController } from './controllers/replica-set.ts';
import { ResourceQuotaController } from './controllers/resource-quota.ts';
import { StatefulSetController } from './controllers/stateful-set/stateful-set-controller.ts';
import { TaintEvictionController } from './controllers/taint-eviction.ts';
import { TtlAfterFinishedController } from './controllers/ttl-after-finished.ts';

/** A cloud disk of a CSI driver takes a few seconds; an assumption, not a measurement. */
const PROVISION_US = 2_000_000;

export interface ControllerManagerOptions {
  /** Who places the pods of DaemonSets: the scheduler, or (before 1.12) their controller. */
  readonly daemonSets?: 'scheduler' | 'controller';
  /** Finished pods that are kept (--terminated-pod-gc-threshold); 12,500 unless given. */
  readonly nTerminatedPodsMax?: number;
  /** From a claim's asking for a volume to its creation; 2 s unless given, nothing in instant mode. */
  readonly provisionUs?: number;
}

export class ControllerManager {
  readonly host: ControllerHost;
  readonly #process: Process;

  constructor(simulation: Simulation, server: ApiServer, options: ControllerManagerOptions = {}) {
    const process = server.process('kube-controller-manager');
    const host = new ControllerHost(simulation, process, server.latency.isInstant);
    this.host = host;
    this.#process = process;
    new GarbageCollector(host);
    new DeploymentController(host);
    new ReplicaSetController(host, REPLICA_SET);
    new ReplicaSetController(host, REPLICATION_CONTROLLER);
    new StatefulSetController(host);
    new DaemonSetController(host, { placedBy: options.daemonSets ?? 'scheduler' });
    new JobController(host);
    new CronJobController(host);
    new TtlAfterFinishedController(host);
    new NodeLifecycleController(host);
    new TaintEvictionController(host);
    new DisruptionController(host);
    new EndpointSliceController(host);
    new VolumeBinder(host);
    new ClaimProtection(host);
    new NamespaceController(host);
    new ResourceQuotaController(host);
    new PodGcController(host, options.nTerminatedPodsMax);
    const provisionUs = options.provisionUs ?? (server.latency.isInstant ? 0 : PROVISION_US);
    new VolumeProvisioner(simulation, server.process('csi-provisioner'), provisionUs);
    host.start();
  }

  /** This program has become the leader: it lists what there is, and starts its controllers when it has heard of it. */
  lead(): void {
    this.#process.start();
    this.#process.whenSynced(() => this.host.start());
  }

  /** The leader dies: its controllers forget everything. */
  stop(): void {
    this.host.stop();
    this.#process.stop();
  }
}
