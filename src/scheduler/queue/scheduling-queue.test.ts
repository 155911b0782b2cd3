import { beforeEach, describe, expect, it } from 'vitest';
import { Cluster } from '../../cluster/cluster.ts';
import type { PodClasses } from '../../cluster/pod-class.ts';
import type { PodSpec } from '../../kube/types.ts';
import { Profile } from '../framework/profile.ts';
import { EventKind } from './cluster-event.ts';
import { Place } from './queue-table.ts';
import { type HintTable, QueueingHints } from './queueing-hints.ts';
import { SchedulingQueue } from './scheduling-queue.ts';

const SECOND_US = 1_000_000;
const MINUTE_US = 60 * SECOND_US;

/** Plugin A wants to hear of new nodes, B of deleted pods, G (a gate) of gates that are gone. */
const TABLES: Record<string, HintTable> = {
  A: { NodeAdd: () => true, NodeLabel: () => false },
  B: { AssignedPodDelete: () => true },
  G: { TargetPodGatesEliminated: () => true },
};
const A = 1;
const B = 2;
const G = 4;

let gated: Set<number>;
let pinned: Map<number, string>;
let classes: PodClasses;
let queue: SchedulingQueue;

beforeEach(() => {
  gated = new Set();
  pinned = new Map();
  classes = new Cluster().classes;
  const profile = new Profile({
    schedulerName: 'default-scheduler',
    plugins: ['A', 'B', 'G'].map((name) => ({ name })),
  });
  queue = new SchedulingQueue({
    backoff: {
      initialUs: SECOND_US,
      maxUs: 10 * SECOND_US,
      floorSecondUs: (atUs) => Math.floor(atUs / SECOND_US) * SECOND_US,
    },
    maxUnschedulableUs: 5 * MINUTE_US,
    classes,
    hints: [new QueueingHints(profile, TABLES, new Cluster())],
    gateOf: (row) => (gated.has(row) ? 2 : -1),
    pinnedNodeOf: (row) => pinned.get(row) ?? '',
  });
});

const classOf = (priority = 0, app = 'x') =>
  classes.ofShape({
    namespace: 'd',
    labels: { app },
    spec: { containers: [], priority } as unknown as PodSpec,
  });

function add(row: number, nowUs = 0, priority = 0, app = 'x'): void {
  queue.add(row, classOf(priority, app).id, 0, priority, nowUs);
}

/** The pod in front is tried and rejected. */
function reject(rejectors: number, nowUs: number): number {
  const row = queue.pop();
  queue.fail(row, rejectors, nowUs);
  return row;
}

const move = (kind: EventKind, nowUs: number) => queue.moveAll(kind, undefined, undefined, nowUs);
const placeOf = (row: number) => queue.table.placeOf(row);

describe('a rejected pod', () => {
  it('waits for an event that the plugin registered for that rejected it', () => {
    add(1);
    reject(A, 0);
    move(EventKind.AssignedPodDelete, 20 * SECOND_US);
    expect(placeOf(1)).toBe(Place.Unschedulable);
    move(EventKind.NodeAdd, 20 * SECOND_US);
    expect(placeOf(1)).toBe(Place.Active);
  });

  it('stays when the hint says that the event does not help', () => {
    add(1);
    reject(A, 0);
    move(EventKind.NodeLabel, 20 * SECOND_US);
    expect(placeOf(1)).toBe(Place.Unschedulable);
  });

  it('moves if any of the plugins that rejected it is satisfied', () => {
    add(1);
    reject(A | B, 0);
    move(EventKind.AssignedPodDelete, 20 * SECOND_US);
    expect(placeOf(1)).toBe(Place.Active);
  });

  it('goes through backoffQ while its back-off lasts', () => {
    add(1);
    reject(A, 10_300_000);
    move(EventKind.NodeAdd, 10_500_000);
    expect(placeOf(1)).toBe(Place.Backoff);
    queue.flushBackoff(11 * SECOND_US);
    expect(placeOf(1)).toBe(Place.Backoff);
    queue.flushBackoff(12 * SECOND_US);
    expect(placeOf(1)).toBe(Place.Active);
  });

  it('is popped from backoffQ before its time when activeQ is empty', () => {
    add(1);
    reject(A, 0);
    move(EventKind.NodeAdd, 1);
    add(2);
    expect([queue.pop(), placeOf(1)]).toEqual([2, Place.Backoff]);
    queue.done();
    expect(queue.pop()).toBe(1);
  });

  it('keeps the place in activeQ that its last attempt gave it', () => {
    add(1);
    reject(A, 1);
    add(2, 2);
    move(EventKind.NodeAdd, 30 * SECOND_US);
    expect(queue.pop()).toBe(1);
  });

  it('comes back at once if the event happened while it was tried', () => {
    add(1);
    const row = queue.pop();
    move(EventKind.NodeAdd, 1);
    queue.fail(row, A, 2);
    expect(placeOf(1)).toBe(Place.Backoff);
  });

  it('waits if only events of no interest happened while it was tried', () => {
    add(1);
    const row = queue.pop();
    move(EventKind.AssignedPodDelete, 1);
    queue.fail(row, A, 2);
    expect(placeOf(1)).toBe(Place.Unschedulable);
  });

  it('does not come back for an event before it was popped', () => {
    add(1);
    add(2);
    reject(A, 0);
    move(EventKind.NodeAdd, 1);
    const row = queue.pop();
    queue.fail(row, A, 2);
    expect(placeOf(row)).toBe(Place.Unschedulable);
  });

  it('is tried again after 5 minutes without an event', () => {
    add(1);
    reject(A, SECOND_US);
    queue.flushUnschedulable(5 * MINUTE_US + SECOND_US);
    expect(placeOf(1)).toBe(Place.Unschedulable);
    queue.flushUnschedulable(5 * MINUTE_US + 30 * SECOND_US);
    expect(placeOf(1)).toBe(Place.Active);
  });

  it('takes its pinned node along: pods of one class are then asked one by one', () => {
    const seen: string[] = [];
    const profile = new Profile({ schedulerName: 's', plugins: [{ name: 'P' }] });
    const hints = new QueueingHints(
      profile,
      {
        P: {
          NodeAdd: ({ pinnedNode }) => {
            seen.push(pinnedNode);
            return pinnedNode === 'n2';
          },
        },
      },
      new Cluster(),
    );
    const own = new SchedulingQueue({
      backoff: { initialUs: 0, maxUs: 0, floorSecondUs: (atUs) => atUs },
      maxUnschedulableUs: MINUTE_US,
      classes,
      hints: [hints],
      gateOf: () => -1,
      pinnedNodeOf: (row) => `n${row}`,
    });
    for (const row of [1, 2, 3]) {
      own.add(row, classOf().id, 0, 0, 0);
      own.fail(own.pop(), 1, 0);
    }
    own.moveAll(EventKind.NodeAdd, undefined, undefined, 1);
    expect(seen).toEqual(['n1', 'n2', 'n3']);
    expect([1, 2, 3].map((row) => own.table.placeOf(row))).toEqual([
      Place.Unschedulable,
      Place.Active,
      Place.Unschedulable,
    ]);
  });

  it('of a higher priority than asked for is left alone', () => {
    add(1, 0, 10);
    add(2, 0, 3);
    reject(B, 0);
    reject(B, 0);
    queue.moveAll(EventKind.AssignedPodDelete, undefined, undefined, MINUTE_US, 5);
    expect([placeOf(1), placeOf(2)]).toEqual([Place.Unschedulable, Place.Active]);
  });
});

describe('a pod whose attempt failed with an error', () => {
  it('backs off and is not popped early', () => {
    add(1);
    reject(0, 0);
    expect(placeOf(1)).toBe(Place.ErrorBackoff);
    expect(queue.pop()).toBe(-1);
    queue.flushBackoff(2 * SECOND_US);
    expect(queue.pop()).toBe(1);
  });

  it('forgets its errors with the next rejection, but never its rejections', () => {
    add(1);
    reject(0, 0);
    queue.flushBackoff(2 * SECOND_US);
    reject(0, 2 * SECOND_US);
    queue.flushBackoff(5 * SECOND_US);
    reject(A, 5 * SECOND_US);
    const { nErrors, nUnschedulable } = queue.table;
    expect([nErrors[1], nUnschedulable[1]]).toEqual([0, 1]);
  });
});

describe('a gated pod', () => {
  beforeEach(() => {
    gated.add(1);
    add(1);
  });

  it('is kept out of activeQ and counted apart', () => {
    expect(queue.pop()).toBe(-1);
    expect([queue.nGated, queue.nUnschedulable]).toEqual([1, 0]);
  });

  it('does not hear of events that its gate did not register for', () => {
    gated.clear();
    move(EventKind.NodeAdd, 1);
    expect(placeOf(1)).toBe(Place.Unschedulable);
  });

  it('goes to activeQ when its gates are gone', () => {
    gated.clear();
    queue.update(1, classOf().id, [EventKind.TargetPodGatesEliminated], undefined, undefined, 1);
    expect([placeOf(1), queue.nGated]).toEqual([Place.Active, 0]);
  });

  it('is held back again if another gate is there still', () => {
    queue.update(1, classOf().id, [EventKind.TargetPodGatesEliminated], undefined, undefined, 1);
    expect([placeOf(1), queue.nGated]).toEqual([Place.Unschedulable, 1]);
  });

  it('is looked at again after 5 minutes, and stays if the gate is still closed', () => {
    queue.flushUnschedulable(6 * MINUTE_US);
    expect([placeOf(1), queue.nGated]).toEqual([Place.Unschedulable, 1]);
    gated.clear();
    queue.flushUnschedulable(12 * MINUTE_US);
    expect(placeOf(1)).toBe(Place.Active);
  });
});

describe('a rejected pod that becomes gated', () => {
  it('is gated when an event would let it in, and let in by the next one', () => {
    add(1);
    reject(B, 0);
    gated.add(1);
    move(EventKind.AssignedPodDelete, 20 * SECOND_US);
    expect([placeOf(1), queue.nGated, queue.table.rejectors[1]]).toEqual([Place.Unschedulable, 1, B | G]);
    gated.clear();
    queue.activate(1, 21 * SECOND_US);
    expect(placeOf(1)).toBe(Place.Active);
  });
});

describe('activate', () => {
  it('brings a pod to activeQ without back-off', () => {
    add(1);
    reject(A, 0);
    queue.activate(1, 1);
    expect(placeOf(1)).toBe(Place.Active);
  });

  it('takes a pod out of backoffQ', () => {
    add(1);
    reject(0, 0);
    queue.activate(1, 1);
    expect([placeOf(1), queue.nBackoff]).toEqual([Place.Active, 0]);
  });

  it('of a pod in flight makes it come back whatever rejects it', () => {
    add(1);
    const row = queue.pop();
    queue.activate(row, 1);
    queue.fail(row, A, 2);
    expect(placeOf(1)).toBe(Place.Backoff);
  });
});

describe('remove', () => {
  it('takes a pod out of wherever it is', () => {
    for (const row of [1, 2, 3, 4]) add(row, 0, 0, `app-${row}`);
    reject(A, 0);
    reject(0, 0);
    reject(A, 0);
    queue.activate(3, 0);
    for (const row of [1, 2, 3, 4]) queue.remove(row);
    expect([queue.nActive, queue.nBackoff, queue.nUnschedulable, queue.pop()]).toEqual([0, 0, 0, -1]);
  });

  it('of a pod in flight leaves its cycle to end', () => {
    add(1);
    const row = queue.pop();
    queue.remove(row);
    queue.done();
    expect(placeOf(1)).toBe(Place.None);
  });
});

describe('the same queue', () => {
  it('hears an update of a pod that waits', () => {
    add(1);
    reject(A, 0);
    const other = classOf(0, 'other').id;
    queue.update(1, other, [EventKind.TargetPodLabel], undefined, undefined, 1);
    expect([placeOf(1), queue.table.cls[1]]).toEqual([Place.Unschedulable, other]);
  });

  it('listens only while somebody waits or is tried', () => {
    expect(queue.isListening).toBe(false);
    add(1);
    expect(queue.isListening).toBe(false);
    const row = queue.pop();
    expect(queue.isListening).toBe(true);
    queue.fail(row, A, 0);
    expect(queue.isListening).toBe(true);
  });
});
