/**
 * Two replicas of kube-scheduler and of kube-controller-manager, of which one leads: so that a leader can be killed.
 * Deviation: elections are held only in runs whose timeline kills a leader (they change nothing else but some writes of
 * leases), and a new leader lists everything anew where a real standby has its caches warm.
 */
import type { ApiServer } from '../control-plane/api-server.ts';
import type { ControllerManager } from '../control-plane/controller-manager.ts';
import { type LeaderElection, LeaderElections } from '../control-plane/leader-election.ts';
import type { KubeScheduler } from '../scheduler/kube-scheduler.ts';
import type { RandomStreams } from '../sim/random-streams.ts';
import type { Simulation } from '../sim/simulation.ts';

const N_REPLICAS = 2;

export type Elected = 'kube-scheduler' | 'kube-controller-manager';

export interface LeadershipOptions {
  readonly simulation: Simulation;
  readonly streams: RandomStreams;
  readonly server: ApiServer;
  readonly scheduler: KubeScheduler;
  readonly controllers: ControllerManager;
}

interface Program {
  lead(): void;
  stop(): void;
}

export class Leadership {
  readonly #elections: ReadonlyMap<Elected, LeaderElection>;

  /** Both programs lead already. */
  constructor({ simulation, streams, server, scheduler, controllers }: LeadershipOptions) {
    const elections = new LeaderElections(simulation, server);
    const process = server.process('kube-scheduler');
    const schedulers: Program = {
      lead: () => {
        process.start();
        scheduler.lead();
      },
      stop: () => {
        scheduler.stop();
        process.stop();
      },
    };
    const open = (name: Elected, program: Program): [Elected, LeaderElection] => {
      let isUp = true;
      const election = elections.create({
        nReplicas: N_REPLICAS,
        stream: streams.open(`${name}/leader-election`),
        onWin: () => {
          if (!isUp) program.lead();
          isUp = true;
        },
        onLoss: () => {
          isUp = false;
          program.stop();
        },
      });
      election.start();
      return [name, election];
    };
    this.#elections = new Map([
      open('kube-scheduler', schedulers),
      open('kube-controller-manager', controllers),
    ]);
  }

  /** False if nobody led. */
  kill(program: Elected): boolean {
    return this.#elections.get(program)!.kill() >= 0;
  }
}
