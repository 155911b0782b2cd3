import { describe, expect, it } from 'vitest';
import type { Container, PodSpec } from '../../kube/types.ts';
import { Apps } from '../pods/apps.ts';
import { podPlan } from '../pods/pod-plan.ts';
import { badness, oomScoreAdj } from './oom.ts';

const GIB = 1024 ** 3;

function adj(container: Partial<Container>, spec: Partial<PodSpec> = {}): number {
  const plan = podPlan(
    { namespace: 'default', labels: {}, spec: { containers: [{ name: 'c', ...container }], ...spec } },
    new Apps([]),
  );
  return oomScoreAdj(plan, plan.containers[0]!, 16 * GIB);
}

const requests = (memory: string) => ({ resources: { requests: { memory } } });
const guaranteed = { cpu: '1', memory: '1Gi' };

const ROWS: [sentence: string, container: Partial<Container>, expected: number, spec?: Partial<PodSpec>][] = [
  ['a pod without requests is killed first', {}, 1000],
  ['a guaranteed pod is killed last', { resources: { requests: guaranteed, limits: guaranteed } }, -997],
  ['a critical pod is killed last, too', {}, -997, { priority: 2_000_000_000 }],
  ['who requests a quarter of the memory has 750', requests('4Gi'), 750],
  ['who requests next to nothing has 999', requests('1Mi'), 999],
  ['who requests everything has 3', requests('16Gi'), 3],
];

describe('the score of the out-of-memory killer', () => {
  it.each(ROWS)('%s', (_sentence, container, expected, spec) => {
    expect(adj(container, spec)).toBe(expected);
  });

  it('adds the share of memory in thousandths', () => {
    expect(badness(4 * GIB, 16 * GIB, 750)).toBe(1000);
  });
});
