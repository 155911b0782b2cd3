import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVENT_PRIORITIES } from '../cluster/event-priorities.ts';
import type { PodObject } from '../kube/pod-object.ts';
import { RandomStreams } from '../sim/random-streams.ts';
import { Simulation } from '../sim/simulation.ts';
import { ApiServer } from './api-server.ts';
import { calibratedLatency, INSTANT } from './latency.ts';

const SHAPE = { namespace: 'default', labels: {}, spec: { containers: [{ name: 'c' }] } };
const NODES = ['', 'a', 'b'];

function bindTo(node: string) {
  return (pod: PodObject): PodObject => {
    const next = pod.draft();
    next.nodeName = node;
    return next;
  };
}

/** What happens to the cluster, one after the other. */
const happening = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ what: 'create' as const, pick: 0 }) },
  { weight: 4, arbitrary: fc.record({ what: fc.constant('move' as const), pick: fc.nat() }) },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('remove' as const), pick: fc.nat() }) },
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constantFrom('break' as const, 'mend' as const), pick: fc.nat(1) }),
  },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('wait' as const), pick: fc.nat(20) }) },
);

interface Watcher {
  /** Pods as the events tell them, without looking at the informer. */
  readonly told: Map<number, PodObject>;
  lastRevision: number;
}

function watch(server: ApiServer, name: string, select?: (pod: PodObject) => boolean): Watcher {
  const watcher: Watcher = { told: new Map(), lastRevision: 0 };
  const see = (pod: PodObject) => {
    watcher.lastRevision = pod.resourceVersion;
  };
  server
    .process(name)
    .pods(select ? { select } : {})
    .handle({
      added(pod) {
        expect(watcher.told.has(pod.uid)).toBe(false);
        watcher.told.set(pod.uid, pod);
        see(pod);
      },
      modified(pod, old) {
        expect(watcher.told.get(pod.uid)).toBe(old);
        expect(pod.resourceVersion).toBeGreaterThan(old.resourceVersion);
        watcher.told.set(pod.uid, pod);
        see(pod);
      },
      deleted(pod) {
        expect(watcher.told.delete(pod.uid)).toBe(true);
      },
    });
  return watcher;
}

describe('watches', () => {
  it.each(['instant', 'calibrated'])('lose nothing and invent nothing, whatever breaks, when %s', (mode) => {
    const property = fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
      const simulation = new Simulation({ priorities: EVENT_PRIORITIES });
      const latency = mode === 'instant' ? INSTANT : calibratedLatency(new RandomStreams(1));
      const server = new ApiServer({ simulation, latency });
      const isBound = (pod: PodObject) => pod.nodeName !== '';
      const watchers = [watch(server, 'all'), watch(server, 'bound', isBound)];
      const index = server
        .process('all')
        .pods()
        .index('node', (pod) => pod.nodeName);
      const client = server.process('writer').client({ name: 'writer' });
      const anyPod = (pick: number) => {
        const pods: PodObject[] = [];
        server.state.pods.forEach((pod) => void pods.push(pod));
        return pods[pick % pods.length];
      };
      for (const { what, pick } of happenings) {
        const pod = anyPod(pick);
        const process = server.process(pick % 2 ? 'bound' : 'all');
        if (what === 'create') client.createPod({ shape: SHAPE });
        else if (what === 'move' && pod) client.patchPod(pod, bindTo(NODES[pick % 3]!), undefined);
        else if (what === 'remove' && pod) client.deletePod(pod, { graceSeconds: 0 });
        else if (what === 'break') process.watches()[0]!.disconnect();
        else if (what === 'mend') server.connections.listLater(process.watches()[0]!);
        else if (what === 'wait') simulation.advance(1e6, simulation.nowUs + pick * 1000);
      }
      simulation.advance(1e6, Number.POSITIVE_INFINITY);
      for (const name of ['all', 'bound']) server.connections.listLater(server.process(name).watches()[0]!);
      simulation.advance(1e6, Number.POSITIVE_INFINITY);
      const truth: PodObject[] = [];
      server.state.pods.forEach((pod) => void truth.push(pod));
      const byUid = (pods: Iterable<PodObject>) => [...pods].sort((a, b) => a.uid - b.uid);
      expect(byUid(watchers[0]!.told.values())).toEqual(byUid(truth));
      expect(byUid(watchers[1]!.told.values())).toEqual(byUid(truth.filter(isBound)));
      for (const node of NODES.slice(1)) {
        expect(byUid(index.list(node))).toEqual(byUid(truth.filter((pod) => pod.nodeName === node)));
      }
    });
    fc.assert(property, { numRuns: 150 });
  });

  it('tell a filtered watcher of pods that begin and stop to pass as added and deleted', () => {
    const simulation = new Simulation({ priorities: EVENT_PRIORITIES });
    const server = new ApiServer({ simulation });
    const client = server.process('writer').client({ name: 'writer' });
    const heard: string[] = [];
    server
      .process('kubelet')
      .pods({ select: (pod) => pod.nodeName === 'a' })
      .handle({
        added: (pod) => heard.push(`added ${pod.nodeName}`),
        modified: (pod) => heard.push(`modified ${pod.nodeName}`),
        deleted: (pod) => heard.push(`deleted ${pod.nodeName}`),
      });
    client.createPod({ shape: SHAPE });
    const pod = server.state.pods.at(0)!;
    for (const node of ['a', 'b', 'a']) {
      client.patchPod(pod, bindTo(node), undefined);
      simulation.advance(1e6, Number.POSITIVE_INFINITY);
    }
    expect(heard).toEqual(['added a', 'deleted b', 'added a']);
  });
});
