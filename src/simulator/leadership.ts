/**
 * Replicas of kube-scheduler and of kube-controller-manager, of which one each leads. A standby scheduler has its
 * informers running and knows the cluster when it wins (cmd/kube-scheduler/app/server.go); the controller manager starts
 * its informers and controllers after it has won (cmd/kube-controller-manager/app/controllermanager.go).
 * Deviation: a lone scheduler that comes back is taken to know the cluster again before it leads, as its lease takes
 * longer to run out than its lists to arrive.
 */
import { type LeaderElection, LeaderElections } from '../control-plane/leader-election.ts';
import { modelSchema } from '../scenario/model.schema.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { World } from './wire.ts';

export type Elected = 'kube-scheduler' | 'kube-controller-manager';

export class Leadership {
  readonly #elections: Readonly<Record<Elected, LeaderElection>>;

  /** Elections that nothing can come of are left out where requests take no time: they are but a load. */
  static of({ timeline, spec }: Scenario, world: World): Leadership | undefined {
    const { controlPlane, schedulers, controllerManagers } = modelSchema.parse(spec.model ?? {});
    if (controlPlane === 'instant' && !timeline.some(({ name }) => name === 'killLeader')) return undefined;
    return new Leadership(world, {
      'kube-scheduler': schedulers,
      'kube-controller-manager': controllerManagers,
    });
  }

  /** Both programs lead already. */
  private constructor(
    { simulation, streams, server, scheduler, controllers }: World,
    nReplicas: Readonly<Record<Elected, number>>,
  ) {
    const elections = new LeaderElections(simulation, server);
    const open = (name: Elected, onWin: () => void, onLoss: () => void): LeaderElection => {
      const stream = streams.open(`${name}/leader-election`);
      const election = elections.create({ nReplicas: nReplicas[name], stream, onWin, onLoss });
      election.start();
      return election;
    };
    const handOver = () => {
      scheduler.stop();
      server.process('kube-scheduler').handOver();
    };
    this.#elections = {
      'kube-scheduler': open('kube-scheduler', () => scheduler.lead(), handOver),
      'kube-controller-manager': open(
        'kube-controller-manager',
        () => controllers.lead(),
        () => controllers.stop(),
      ),
    };
  }

  /** False if nobody led. */
  kill(program: Elected): boolean {
    return this.#elections[program].kill() >= 0;
  }
}
