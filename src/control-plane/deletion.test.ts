import { describe, expect, it } from 'vitest';
import { EVENT_PRIORITIES } from '../cluster/event-priorities.ts';
import type { ApiClient, ApiError } from '../kube/api.ts';
import type { PodInit, PodObject } from '../kube/pod-object.ts';
import type { PodDisruptionBudget } from '../kube/types.ts';
import { Simulation } from '../sim/simulation.ts';
import { ApiServer } from './api-server.ts';
import { workload } from './testing/bed.ts';

const SPEC = { containers: [{ name: 'c', image: 'i' }] };

/** An API server without controllers. */
function setUp(simulation: Simulation) {
  const server = new ApiServer({ simulation });
  return { server, state: server.state, user: server.process('kubectl').client({ name: 'kubectl' }) };
}

function bound(nodeName = 'n', more: Partial<PodInit['shape']['spec']> = {}): PodInit {
  return {
    shape: { namespace: 'default', labels: { app: 'x' }, spec: { ...SPEC, ...more } },
    name: 'a',
    nodeName,
  };
}

/** Versions of pod `a` that a watcher sees: terminating, grace, or gone. */
function watched(init: PodInit, act: (user: ApiClient, pod: PodObject) => void): string[] {
  const simulation = new Simulation({ priorities: EVENT_PRIORITIES });
  const { server, state, user } = setUp(simulation);
  const seen: string[] = [];
  server
    .process('watcher')
    .pods()
    .handle({
      added: () => {},
      modified: (pod) => seen.push(pod.terminating ? `terminating ${pod.graceSeconds}` : 'changed'),
      deleted: () => seen.push('gone'),
    });
  user.createPod(init);
  simulation.advance(1e6, 1);
  act(user, state.pods.at(0)!);
  simulation.advance(1e6, 2);
  return seen;
}

const running = (pod: PodObject) => Object.assign(pod.draft(), { phase: 'Running' as const, ready: true });
const failed = (pod: PodObject) => Object.assign(pod.draft(), { phase: 'Failed' as const });

describe('deletion of pods', () => {
  it.each([
    ['takes 30 s of grace unless the pod says otherwise', bound(), {}, ['terminating 30']],
    ["takes the pod's own grace", bound('n', { terminationGracePeriodSeconds: 5 }), {}, ['terminating 5']],
    [
      "takes the request's grace instead",
      bound('n', { terminationGracePeriodSeconds: 5 }),
      { graceSeconds: 9 },
      ['terminating 9'],
    ],
    [
      'counts negative grace as one second',
      bound('n', { terminationGracePeriodSeconds: -3 }),
      {},
      ['terminating 1'],
    ],
    ['removes a pod without a node at once, after a timestamp', bound(''), {}, ['terminating 0', 'gone']],
    ['removes by force at once', bound(), { graceSeconds: 0 }, ['terminating 0', 'gone']],
  ] as const)('%s', (_title, init, options, seen) => {
    expect(watched(init, (user, pod) => user.deletePod(pod, options))).toEqual(seen);
  });

  it('removes a finished pod at once', () => {
    const act = (user: ApiClient, pod: PodObject) => {
      user.patchPodStatus(pod, failed, undefined);
      user.deletePod(pod);
    };
    expect(watched(bound(), act)).toEqual(['changed', 'terminating 0', 'gone']);
  });

  it('can only shorten the grace of a deletion under way', () => {
    const act = (user: ApiClient, pod: PodObject) => {
      for (const graceSeconds of [20, 25, 10]) user.deletePod(pod, { graceSeconds });
    };
    expect(watched(bound(), act)).toEqual(['terminating 20', 'terminating 10']);
  });

  it('does not show the last request of a kubelet as a change', () => {
    const act = (user: ApiClient, pod: PodObject) => {
      user.deletePod(pod);
      user.deletePod(pod, { graceSeconds: 0 });
    };
    expect(watched(bound(), act)).toEqual(['terminating 30', 'gone']);
  });

  it('refuses another pod of the same name', () => {
    const act = (user: ApiClient, pod: PodObject) => {
      const reply = (error: ApiError | undefined) => expect(error?.code).toBe(409);
      user.deletePod(pod, { uid: 'someone else' }, reply);
    };
    expect(watched(bound(), act)).toEqual([]);
  });
});

describe('eviction', () => {
  const budget = (spec: object, status: object) =>
    ({
      ...workload<PodDisruptionBudget>('policy/v1', 'PodDisruptionBudget', 'b', {
        selector: { matchLabels: { app: 'x' } },
        ...spec,
      }),
      status: { observedGeneration: 1, ...status },
    }) as PodDisruptionBudget;

  function evict(budgets: readonly PodDisruptionBudget[], edit: (pod: PodObject) => PodObject = running) {
    const simulation = new Simulation({ priorities: EVENT_PRIORITIES });
    const { state, user } = setUp(simulation);
    user.createPod(bound());
    for (const [n, each] of budgets.entries()) {
      const named = { ...each.metadata, name: `b${n}`, generation: 1, uid: `u${n}`, resourceVersion: '1' };
      state.kind('PodDisruptionBudget').put(`default/b${n}`, { ...each, metadata: named });
    }
    const pod = state.pods.at(0)!;
    user.patchPodStatus(pod, edit, undefined);
    let outcome = 'none';
    user.evictPod(pod, undefined, (error, last) => {
      outcome = error ? `${error.code} ${error.message}` : `ok ${last?.disruption}`;
    });
    // Long enough for all attempts of the client.
    simulation.advance(1e6, 200e6);
    const first = state.kind('PodDisruptionBudget').get('default/b0') as PodDisruptionBudget | undefined;
    return {
      outcome,
      left: first?.status?.disruptionsAllowed,
      terminating: state.pods.at(0)?.terminating ?? true,
    };
  }

  it('without a budget is a deletion', () => {
    expect(evict([])).toMatchObject({ outcome: 'ok EvictionByEvictionAPI', terminating: true });
  });

  it('takes one disruption from the budget', () => {
    expect(evict([budget({}, { disruptionsAllowed: 2 })])).toMatchObject({
      outcome: 'ok EvictionByEvictionAPI',
      left: 1,
    });
  });

  it('is refused when the budget has nothing left', () => {
    const { outcome, terminating } = evict([
      budget({}, { disruptionsAllowed: 0, desiredHealthy: 3, currentHealthy: 3 }),
    ]);
    expect(outcome).toBe(
      "429 Cannot evict pod as it would violate the pod's disruption budget. The disruption budget b0 needs 3 healthy pods and has 3 currently (a)",
    );
    expect(terminating).toBe(false);
  });

  it('is refused while the controller has not seen the budget', () => {
    const { outcome } = evict([budget({}, { disruptionsAllowed: 1, observedGeneration: 0 })]);
    expect(outcome).toMatch(/^429 .*is still being processed/);
  });

  it('is an error when two budgets match', () => {
    expect(
      evict([budget({}, { disruptionsAllowed: 1 }), budget({}, { disruptionsAllowed: 1 })]).outcome,
    ).toMatch(/^500 /);
  });

  it('asks no budget about a pending pod', () => {
    const keep = (pod: PodObject) => Object.assign(pod.draft(), { waiting: 'ContainerCreating' });
    expect(evict([budget({}, { disruptionsAllowed: 0 })], keep).terminating).toBe(true);
  });

  const unready = (pod: PodObject) => Object.assign(pod.draft(), { phase: 'Running' as const });

  it('lets an unready pod go for free while the budget is healthy', () => {
    const status = { disruptionsAllowed: 0, desiredHealthy: 3, currentHealthy: 3 };
    expect(evict([budget({}, status)], unready)).toMatchObject({ left: 0, terminating: true });
  });

  it('keeps an unready pod when the budget is not healthy, unless its policy is AlwaysAllow', () => {
    const status = { disruptionsAllowed: 0, desiredHealthy: 3, currentHealthy: 2 };
    expect(evict([budget({}, status)], unready).outcome).toMatch(/^429 /);
    expect(evict([budget({ unhealthyPodEvictionPolicy: 'AlwaysAllow' }, status)], unready).terminating).toBe(
      true,
    );
  });
});
