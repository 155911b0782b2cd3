import { describe, expect, it } from 'vitest';
import type { Container, PodSpec } from '../src/kube/types.ts';
import type { AppSpec } from '../src/node/pods/apps.ts';
import { constant, detailedRig } from './support/detailed-model.ts';

const here = (extra: Partial<Container> = {}): Container => ({ name: 'c', image: 'here:1', ...extra });
const http = (extra: object = {}) => ({ httpGet: { port: 80 }, ...extra });

interface Row {
  readonly name: string;
  readonly spec: PodSpec;
  readonly apps?: readonly AppSpec[];
  readonly until?: number;
  readonly expect: readonly string[];
}

const LIVES: Row[] = [
  {
    name: 'runs after volumes, sandbox and creation, and is ready at once without a probe',
    spec: { containers: [here()] },
    expect: ['0 Pending ContainerCreating', '1 Running ready'],
  },
  {
    name: 'starts its containers one after the other',
    spec: { containers: [here(), here({ name: 'd' }), here({ name: 'e' })] },
    expect: ['0 Pending ContainerCreating', '1.4 Running ready'],
  },
  {
    name: 'pulls an image that is not there: half a second for the registry, one for 100 MB',
    spec: { containers: [here({ image: 'app:1' })] },
    expect: ['0 Pending ContainerCreating', '2.5 Running ready'],
  },
  {
    name: 'asks the registry again for an image without a tag',
    spec: { containers: [here({ image: 'here:1', imagePullPolicy: 'Always' })] },
    expect: ['0 Pending ContainerCreating', '1.5 Running ready'],
  },
  {
    name: 'cannot start when its image must not be pulled',
    spec: { containers: [here({ image: 'app:1', imagePullPolicy: 'Never' })] },
    until: 5,
    expect: ['0 Pending ContainerCreating', '0.8 Pending ErrImageNeverPull'],
  },
  {
    name: 'runs init containers one at a time and sees their ends when it looks at the runtime each second',
    spec: { initContainers: [here({ name: 'i' }), here({ name: 'j' })], containers: [here()] },
    // i runs 1.0 to 2.0, seen at 2; j 2.2 to 3.2, seen at 4.
    expect: ['0 Pending PodInitializing', '4.2 Running ready'],
  },
  {
    name: 'fails with an init container that fails when it is never restarted',
    spec: { restartPolicy: 'Never', initContainers: [here({ name: 'i' })], containers: [here()] },
    apps: [{ container: 'i', run: constant(1), exitCode: 3 }],
    expect: ['0 Pending PodInitializing', '2 Failed exit=3'],
  },
  {
    name: 'restarts an init container that fails, with back-off',
    spec: { initContainers: [here({ name: 'i' })], containers: [here()] },
    apps: [{ container: 'i', run: constant(1), exitCode: 3 }],
    until: 20,
    // Ends at 2.0 (restarted at once), at 3.2 (seen at 4, back-off until 13.2, looked for at 14), at 15.2.
    expect: [
      '0 Pending PodInitializing',
      '2 Pending',
      '2.2 Pending PodInitializing restarts=1',
      '4 Pending restarts=1',
      '4 Pending CrashLoopBackOff restarts=1',
      '14.2 Pending PodInitializing restarts=2',
      '16 Pending restarts=2',
      '16 Pending CrashLoopBackOff restarts=2',
    ],
  },
  {
    name: 'starts a sidecar before its containers, and stops it when they are done',
    spec: {
      restartPolicy: 'Never',
      initContainers: [here({ name: 's', restartPolicy: 'Always' })],
      containers: [here()],
    },
    apps: [{ container: 's', shutdown: constant(3) }],
    // Sidecar at 1.0, container 1.2 to 11.2, seen at 12, sidecar gone at 15.
    expect: ['0 Pending PodInitializing', '1.2 Running ready', '12 Running', '15 Succeeded'],
  },
  {
    name: 'waits for the start-up probe of a sidecar',
    spec: {
      initContainers: [
        here({ name: 's', restartPolicy: 'Always', startupProbe: http({ periodSeconds: 2 }) }),
      ],
      containers: [here()],
    },
    apps: [{ container: 's', startup: constant(3) }],
    // Sidecar at 1.0 serves at 4.0; probes tick at 0.3 + 2 k: 4.3.
    expect: ['0 Pending PodInitializing', '4.5 Running ready'],
  },
  {
    name: 'ends a pod that is never restarted when its containers end',
    spec: { restartPolicy: 'Never', containers: [here()] },
    expect: ['0 Pending ContainerCreating', '1 Running ready', '11 Succeeded'],
  },
  {
    name: 'fails a pod that is never restarted with the exit code of its container',
    spec: { restartPolicy: 'Never', containers: [here()] },
    apps: [{ run: constant(2.5), exitCode: 7 }],
    expect: ['0 Pending ContainerCreating', '1 Running ready', '4 Failed exit=7'],
  },
  {
    name: 'restarts a crashed container of a pod that is restarted on failure',
    spec: { restartPolicy: 'OnFailure', containers: [here()] },
    apps: [{ crash: constant(2.9) }],
    until: 5,
    // Crashes at 3.9, seen at 4.
    expect: ['0 Pending ContainerCreating', '1 Running ready', '4 Running', '4.2 Running ready restarts=1'],
  },
  {
    name: 'ends a pod that is restarted on failure when it succeeds',
    spec: { restartPolicy: 'OnFailure', containers: [here()] },
    expect: ['0 Pending ContainerCreating', '1 Running ready', '11 Succeeded'],
  },
  {
    name: 'backs off from a container that keeps ending: 0, 10, 20, 40 s after its end, at the next look of a second',
    spec: { containers: [here()] },
    apps: [{ run: constant(1), exitCode: 1 }],
    until: 90,
    expect: [
      '0 Pending ContainerCreating',
      '1 Running ready',
      '2 Running',
      '2.2 Running ready restarts=1',
      '4 Running restarts=1',
      '4 Running CrashLoopBackOff restarts=1',
      '14.2 Running ready restarts=2',
      '16 Running restarts=2',
      '16 Running CrashLoopBackOff restarts=2',
      '36.2 Running ready restarts=3',
      '38 Running restarts=3',
      '38 Running CrashLoopBackOff restarts=3',
      '78.2 Running ready restarts=4',
      '80 Running restarts=4',
      '80 Running CrashLoopBackOff restarts=4',
    ],
  },
  {
    name: 'notices after a start what happened during it',
    spec: { containers: [here({ name: 'quick' }), here({ name: 'late', image: 'app:1' })] },
    apps: [{ container: 'quick', run: constant(0.9) }],
    until: 3,
    // The first runs from 1.0 to 1.9, seen at 2, while the image of the second is pulled until 2.5.
    expect: ['0 Pending ContainerCreating', '2.7 Running', '2.9 Running ready restarts=1'],
  },
  {
    name: 'restarts a container that ends well, too, when it must always run',
    spec: { containers: [here()] },
    apps: [{ run: constant(1) }],
    until: 3,
    expect: ['0 Pending ContainerCreating', '1 Running ready', '2 Running', '2.2 Running ready restarts=1'],
  },
  {
    name: 'restarts by a rule of the container what the pod would not',
    spec: {
      restartPolicy: 'Never',
      containers: [
        here({
          restartPolicyRules: [{ action: 'Restart', exitCodes: { operator: 'In', values: [42] } }],
        }),
      ],
    },
    apps: [{ run: constant(1), exitCode: 42 }],
    until: 3,
    expect: ['0 Pending ContainerCreating', '1 Running ready', '2 Running', '2.2 Running ready restarts=1'],
  },
  {
    name: 'runs the postStart hook before it counts as running',
    spec: { containers: [here({ lifecycle: { postStart: { sleep: { seconds: 4 } } } })] },
    expect: ['0 Pending ContainerCreating', '5 Running ready'],
  },
  {
    name: 'ends at its deadline',
    spec: { activeDeadlineSeconds: 5, containers: [here()] },
    expect: ['0 Pending ContainerCreating', '1 Running ready', '5 Failed DeadlineExceeded'],
  },
  {
    name: 'becomes ready at the probe right after its start when it serves at once',
    spec: { containers: [here({ readinessProbe: http() })] },
    expect: ['0 Pending ContainerCreating', '1 Running', '1 Running ready'],
  },
  {
    name: 'becomes ready at the first tick of its probe after it serves',
    spec: { containers: [here({ readinessProbe: http({ periodSeconds: 5 }) })] },
    apps: [{ startup: constant(3) }],
    // Serves at 4.0; the probe ticks at 0.3 + 5 k.
    expect: ['0 Pending ContainerCreating', '1 Running', '5.3 Running ready'],
  },
  {
    name: 'waits for the initial delay',
    spec: { containers: [here({ readinessProbe: http({ initialDelaySeconds: 7, periodSeconds: 5 }) })] },
    expect: ['0 Pending ContainerCreating', '1 Running', '10.3 Running ready'],
  },
  {
    name: 'holds readiness back until the start-up probe has passed',
    spec: {
      containers: [
        here({ startupProbe: http({ periodSeconds: 10 }), readinessProbe: http({ periodSeconds: 1 }) }),
      ],
    },
    apps: [{ startup: constant(2) }],
    // The start-up probe ticks at 0.3 + 10 k; readiness is probed at once then.
    expect: ['0 Pending ContainerCreating', '1 Running', '10.3 Running ready'],
  },
  {
    name: 'is killed by its start-up probe and started again, without waiting the first time',
    spec: {
      terminationGracePeriodSeconds: 5,
      containers: [here({ startupProbe: http({ periodSeconds: 1, failureThreshold: 3 }) })],
    },
    apps: [{ startup: constant(100), shutdown: constant(100) }],
    until: 20,
    // Probed at 1.0 (at once), 1.3, 2.3: killed at 2.3, dead at 7.3, started again at 7.5.
    // Probed at 7.5, 8.3, 9.3: dead at 14.3, back-off until 24.3.
    expect: [
      '0 Pending ContainerCreating',
      '1 Running',
      '7.5 Running restarts=1',
      '14.3 Running CrashLoopBackOff restarts=1',
    ],
  },
  {
    name: 'is killed by its liveness probe when it hangs',
    spec: { containers: [here({ livenessProbe: http({ terminationGracePeriodSeconds: 3 }) })] },
    apps: [{ hang: constant(14), shutdown: constant(100) }],
    until: 50,
    // Hangs at 15.0; the probe ticks at 0.3 + 10 k: 20.3, 30.3, 40.3 time out one second later; three seconds of grace.
    expect: ['0 Pending ContainerCreating', '1 Running ready', '44.5 Running ready restarts=1'],
  },
  {
    name: 'loses readiness after three failures and does not come back while it hangs',
    spec: { containers: [here({ readinessProbe: http() })] },
    apps: [{ hang: constant(14) }],
    until: 100,
    expect: ['0 Pending ContainerCreating', '1 Running', '1 Running ready', '41.3 Running'],
  },
  {
    name: 'is killed for using more memory than its limit',
    spec: {
      restartPolicy: 'Never',
      containers: [here({ resources: { limits: { memory: '100M' } } })],
    },
    apps: [
      {
        run: constant(1000),
        memory: {
          points: [
            [0, 50e6],
            [10e6, 150e6],
          ],
          isStep: false,
        },
      },
    ],
    // 100 MB are passed at 6.0, a microsecond later it is dead, seen at 7.
    expect: ['0 Pending ContainerCreating', '1 Running ready', '7 Failed exit=137'],
  },
];

describe('a kubelet', () => {
  it.each(LIVES)('$name', ({ spec, apps = [], until = 30, expect: expected }) => {
    const { bind, at, lines } = detailedRig({ apps });
    bind(spec);
    at(until, () => expect(lines).toEqual(expected));
  });
});

describe('the events of a kubelet', () => {
  it('tell what happens to a pod', () => {
    const { server, bind, at, client, find } = detailedRig({
      apps: [{ container: 'bad', run: constant(1), exitCode: 1 }],
    });
    const told: string[] = [];
    server.events.observers.push(({ atUs, reason }) => told.push(`${atUs / 1e6} ${reason}`));
    bind({ containers: [here({ name: 'bad', image: 'app:1' })] });
    at(5.5, () => client.deletePod(find('p')));
    at(10, () =>
      expect(told).toEqual([
        '0.8 Pulling',
        '2.3 Pulled',
        '2.5 Created',
        '2.5 Started',
        '4 Pulled',
        '4.2 Created',
        '4.2 Started',
        '5.5 Killing',
      ]),
    );
  });
});
