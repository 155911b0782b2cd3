/** Predicates, priorities and whole decisions of the schedulers of Kubernetes 1.16.15 and 1.17.17. */
import { describe, expect, it } from 'vitest';
import { itAgreesWith, vectorFiles } from '../support/vectors.ts';

describe.each(['v1.16.15', 'v1.17.17'])('recorded answers of the scheduler of Kubernetes %s', (version) => {
  const files = vectorFiles(`classic/${version}`);
  itAgreesWith(files);

  it('are there of predicates, priorities and the default provider', () => {
    for (const kind of ['predicates', 'priorities', 'default'])
      expect(files.some((file) => file.includes(kind))).toBe(true);
  });
});
