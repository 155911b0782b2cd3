import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drain } from '../../test/support/arrivals.ts';
import { mergeSources } from './merge.ts';
import { ObjectsSource } from './objects.ts';
import type { Arrival, WorkloadSource } from './source.ts';

const object = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });
const podAt = (atUs: number, name: string): Arrival => ({
  atUs,
  kind: 'pod',
  name,
  shape: { namespace: 'default', labels: {}, spec: { containers: [] } },
});

/** A streamed source that shows its arrivals a chunk at a time. */
class Chunked implements WorkloadSource {
  readonly skippedRows = 1;
  readonly name = 'chunked';
  #left: Arrival[];
  #shown: Arrival[] = [];
  readonly #chunk: number;

  constructor(arrivals: readonly Arrival[], chunk: number) {
    this.#left = [...arrivals];
    this.#chunk = chunk;
  }
  get done() {
    return this.#left.length === 0 && this.#shown.length === 0;
  }
  peek() {
    return this.#shown[0];
  }
  shift() {
    this.#shown.shift();
  }
  async refill() {
    if (this.#shown.length === 0) this.#shown = this.#left.splice(0, this.#chunk);
  }
}

const label = (arrival: Arrival) =>
  arrival.kind === 'pod' ? arrival.name.toString() : arrival.object.metadata.name;

describe('mergeSources', () => {
  it('gives the source listed first precedence at one instant', async () => {
    const merged = mergeSources([
      new Chunked([podAt(0, 'a'), podAt(5, 'b')], 1),
      new ObjectsSource('manifests', [object('x'), object('y')]),
    ]);
    expect((await drain(merged)).map(label)).toEqual(['a', 'x', 'y', 'b']);
    expect(merged.skippedRows).toBe(1);
  });

  it('shows nothing while a streamed source has yet to be read', () => {
    const merged = mergeSources([
      new Chunked([podAt(9, 'late')], 1),
      new ObjectsSource('manifests', [object('x')]),
    ]);
    expect(merged.peek()).toBeUndefined();
    expect(merged.done).toBe(false);
  });

  it('does not wait for a source that only waits for feedback', () => {
    const closed: WorkloadSource = {
      name: 'closed',
      done: false,
      skippedRows: 0,
      peek: () => undefined,
      shift: () => undefined,
    };
    const merged = mergeSources([closed, new ObjectsSource('manifests', [object('x')])]);
    expect(merged.peek()?.kind).toBe('object');
    merged.shift();
    expect([merged.peek(), merged.done, merged.refill]).toEqual([undefined, false, undefined]);
  });

  it('equals a stable sort of everything, whatever the chunks', async () => {
    const times = fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 30 });
    const streams = fc.array(fc.tuple(times, fc.integer({ min: 1, max: 5 })), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(streams, async (specs) => {
        const lists = specs.map(([list], s) =>
          [...list].sort((a, b) => a - b).map((atUs, i) => podAt(atUs, `${s}-${i}`)),
        );
        const merged = mergeSources(lists.map((list, s) => new Chunked(list, specs[s]![1])));
        expect(await drain(merged)).toEqual(lists.flat().sort((a, b) => a.atUs - b.atUs));
      }),
    );
  });
});
