/** The lives of a timeline's pods, grouped by owner: when how many of them took which step, where they were, and more. */
import type { Timeline, TimelineRow } from './timeline.ts';

export interface PodGroup {
  /** Times in seconds by transition: created, scheduled, running, ready, unready, succeeded, failed, terminating, gone. */
  readonly times: Map<string, number[]>;
  /** How many of the pods were unschedulable, nominated, disrupted (by reason), and of which image. */
  readonly facts: Map<string, number>;
}

export interface PodLives {
  /** By owner, and for pods of StatefulSets by pod. */
  readonly groups: Map<string, PodGroup>;
  /** By owner: pods by node. */
  readonly places: Map<string, Map<string, number>>;
}

interface Seen {
  readonly group: PodGroup;
  readonly home: string;
  readonly said: Set<string>;
  node: unknown;
  phase: unknown;
  ready: unknown;
  terminating: unknown;
}

const FACTS = ['unschedulable', 'nominated', 'disruption'] as const;

function count(map: Map<string, number>, key: string): void {
  map.set(key, (map.get(key) ?? 0) + 1);
}

export function podLives(timeline: Timeline): PodLives {
  const reader = new Reader(timeline);
  for (const row of timeline.rows) if (row.kind === 'Pod') reader.read(row);
  return reader.lives;
}

class Reader {
  readonly lives: PodLives = { groups: new Map(), places: new Map() };
  readonly #timeline: Timeline;
  readonly #seen = new Map<string, Seen>();

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
  }

  read(row: TimelineRow): void {
    const { name = '', t } = row;
    const known = this.#seen.get(name);
    if (row.gone) {
      if (known) note(known.group, 'gone', t);
      this.#seen.delete(name);
      return;
    }
    const pod = known ?? this.#meet(name, row);
    if (row.node && !pod.node) {
      note(pod.group, 'scheduled', t);
      count(this.#placesOf(pod.home), String(row.node));
    }
    if (row.phase !== pod.phase) note(pod.group, String(row.phase).toLowerCase(), t);
    if (row.ready && !pod.ready) note(pod.group, 'ready', t);
    if (pod.ready && !row.ready && !row.terminating && row.phase === 'Running') note(pod.group, 'unready', t);
    if (row.terminating && !pod.terminating) note(pod.group, 'terminating', t);
    noteFacts(pod, row);
    pod.node = row.node;
    pod.phase = row.phase;
    pod.ready = row.ready;
    pod.terminating = row.terminating;
  }

  #meet(name: string, row: TimelineRow): Seen {
    const [kind = '', owner = ''] = String(row.owner ?? '').split('/');
    const home = owner ? `${kind}/${this.#timeline.alias(kind, owner)}` : `Pod/${name}`;
    const group = this.#groupOf(kind === 'StatefulSet' ? `${home}/${name}` : home);
    note(group, 'created', row.t);
    count(group.facts, `image ${row.image ?? ''}`);
    const pod = {
      group,
      home,
      said: new Set<string>(),
      node: '',
      phase: 'Pending',
      ready: false,
      terminating: false,
    };
    this.#seen.set(name, pod);
    return pod;
  }

  #groupOf(key: string): PodGroup {
    let group = this.lives.groups.get(key);
    if (!group) this.lives.groups.set(key, (group = { times: new Map(), facts: new Map() }));
    return group;
  }

  #placesOf(home: string): Map<string, number> {
    let places = this.lives.places.get(home);
    if (!places) this.lives.places.set(home, (places = new Map()));
    return places;
  }
}

function note(group: PodGroup, transition: string, t: number): void {
  const times = group.times.get(transition);
  if (times) times.push(t);
  else group.times.set(transition, [t]);
}

function noteFacts({ said, group }: Seen, row: TimelineRow): void {
  for (const fact of FACTS) {
    if (!row[fact] || said.has(fact)) continue;
    said.add(fact);
    count(group.facts, fact === 'disruption' ? `disruption ${row.disruption}` : fact);
  }
}
