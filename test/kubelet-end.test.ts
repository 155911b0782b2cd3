import { describe, expect, it } from 'vitest';
import type { Container, PodSpec } from '../src/kube/types.ts';
import type { AppSpec } from '../src/node/pods/apps.ts';
import { constant, detailedRig } from './support/detailed-model.ts';

const here = (extra: Partial<Container> = {}): Container => ({ name: 'c', image: 'here:1', ...extra });
const NEVER = constant(1e6);

interface Row {
  readonly name: string;
  readonly spec: PodSpec;
  readonly apps?: readonly AppSpec[];
  /** Seconds at which deletion is asked for, and with which grace; default the pod's. */
  readonly deletions?: readonly (readonly [at: number, grace?: number])[];
  readonly until?: number;
  /** From the first deletion on. */
  readonly expect: readonly string[];
}

const ENDS: Row[] = [
  {
    name: 'takes a second to clean up after a container that ends at once',
    spec: { containers: [here()] },
    expect: ['20 Terminating ready', '20 Succeeded', '21 gone'],
  },
  {
    name: 'waits for a container that shuts down',
    spec: { containers: [here()] },
    apps: [{ shutdown: constant(7) }],
    expect: ['20 Terminating ready', '27 Succeeded', '28 gone'],
  },
  {
    name: 'kills a container when its 30 s of grace are over',
    spec: { containers: [here()] },
    apps: [{ shutdown: NEVER }],
    expect: ['20 Terminating ready', '50 Failed exit=137', '51 gone'],
  },
  {
    name: "keeps to the pod's own grace period",
    spec: { terminationGracePeriodSeconds: 5, containers: [here()] },
    apps: [{ shutdown: NEVER }],
    expect: ['20 Terminating ready', '25 Failed exit=137', '26 gone'],
  },
  {
    name: 'runs the preStop hook before SIGTERM',
    spec: { containers: [here({ lifecycle: { preStop: { sleep: { seconds: 10 } } } })] },
    apps: [{ shutdown: constant(3) }],
    expect: ['20 Terminating ready', '33 Succeeded', '34 gone'],
  },
  {
    name: 'stops containers together, the slowest counts',
    spec: { containers: [here(), here({ name: 'd' })] },
    apps: [{ container: 'd', shutdown: constant(4) }],
    expect: ['20 Terminating ready', '24 Succeeded', '25 gone'],
  },
  {
    name: 'stops sidecars after the containers, the last first',
    spec: {
      initContainers: [
        here({ name: 's', restartPolicy: 'Always' }),
        here({ name: 't', restartPolicy: 'Always' }),
      ],
      containers: [here()],
    },
    apps: [
      { container: 'c', shutdown: constant(4) },
      { container: 's', shutdown: constant(2) },
      { container: 't', shutdown: constant(3) },
    ],
    expect: ['20 Terminating ready', '29 Succeeded', '30 gone'],
  },
  {
    name: 'never starts a pod that is deleted while its image is being pulled',
    spec: { containers: [here({ image: 'app:1' })] },
    deletions: [[1.2]],
    expect: ['1.2 Terminating ContainerCreating', '1.2 Failed', '2.2 gone'],
  },
  {
    name: 'hurries when the grace period is cut short',
    spec: { containers: [here()] },
    apps: [{ shutdown: NEVER }],
    deletions: [[20], [30, 5]],
    expect: ['20 Terminating ready', '35 Failed exit=137', '36 gone'],
  },
  {
    name: 'does not wait longer when the grace period is not shorter',
    spec: { terminationGracePeriodSeconds: 10, containers: [here()] },
    apps: [{ shutdown: NEVER }],
    deletions: [[20], [25, 60]],
    expect: ['20 Terminating ready', '30 Failed exit=137', '31 gone'],
  },
  {
    name: 'gives a container at least two seconds',
    spec: { containers: [here()] },
    apps: [{ shutdown: NEVER }],
    deletions: [[20, 1]],
    expect: ['20 Terminating ready', '22 Failed exit=137', '23 gone'],
  },
  {
    name: 'has nothing more to do with a finished pod that is deleted',
    spec: { restartPolicy: 'Never', containers: [here()] },
    expect: ['20 gone'],
  },
  {
    name: 'does not probe a container to death that is shutting down',
    spec: {
      containers: [here({ livenessProbe: { httpGet: { port: 80 }, periodSeconds: 1, failureThreshold: 1 } })],
    },
    apps: [{ hang: constant(20.5), shutdown: constant(6) }],
    expect: ['20 Terminating ready', '26 Succeeded', '27 gone'],
  },
];

describe('a kubelet whose pod is deleted', () => {
  it.each(ENDS)('$name', ({ spec, apps = [], deletions = [[20]], until = 100, expect: expected }) => {
    const { bind, at, lines, client, find } = detailedRig({ apps });
    bind(spec);
    for (const [seconds, graceSeconds] of deletions) {
      at(seconds, () => client.deletePod(find('p'), graceSeconds === undefined ? {} : { graceSeconds }));
    }
    const [[first]] = deletions as [[number]];
    at(until, () => expect(lines.filter((line) => Number.parseFloat(line) >= first)).toEqual(expected));
  });

  it('keeps the resources of a pod that was deleted by force until its containers are dead', () => {
    const { bind, at, lines, client, find } = detailedRig({ apps: [{ shutdown: NEVER }] });
    const big = { containers: [here({ resources: { requests: { cpu: '3' } } })] };
    bind(big);
    at(20, () => client.deletePod(find('p'), { graceSeconds: 0 }));
    at(21, () => bind(big, 'early'));
    at(22, () => bind(big, 'late'));
    at(30, () =>
      expect(lines.slice(2)).toEqual([
        '20 Terminating ready',
        '20 gone',
        'early: 21 Failed OutOfcpu',
        'late: 22 Pending ContainerCreating',
        'late: 23 Running ready',
      ]),
    );
  });
});

const request = (requests: Record<string, string>): PodSpec => ({
  containers: [here({ resources: { requests } })],
});

const ADMISSIONS: [name: string, pods: PodSpec[], expected: string][] = [
  ['takes what fits', [request({ cpu: '3' }), request({ cpu: '1' })], 'Pending'],
  [
    'refuses what is more CPU than is left',
    [request({ cpu: '3' }), request({ cpu: '1001m' })],
    'Failed OutOfcpu',
  ],
  ['refuses what is more memory than is left', [request({ memory: '9Gi' })], 'Failed OutOfmemory'],
  ['refuses a resource it has not', [request({ 'example.com/gpu': '1' })], 'Failed OutOfexample.com/gpu'],
  ['refuses the 111th pod', Array.from({ length: 111 }, () => request({})), 'Failed OutOfpods'],
  [
    'refuses a pod for other nodes',
    [{ nodeSelector: { disk: 'ssd' }, containers: [here()] }],
    'Failed NodeAffinity',
  ],
];

describe('a kubelet that is given a pod', () => {
  it.each(ADMISSIONS)('%s', (_name, pods, expected) => {
    const { bind, at, find } = detailedRig();
    pods.forEach((spec, i) => {
      bind(spec, `p${i}`);
    });
    at(0.5, () => {
      const { phase, reason } = find(`p${pods.length - 1}`);
      expect(`${phase} ${reason}`.trim()).toBe(expected);
    });
  });
});
