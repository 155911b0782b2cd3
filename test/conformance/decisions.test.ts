/** Whole decisions of kube-scheduler v1.37.2: the default profile, sampling, pods one after the other, preemption. */
import { describe, expect, it } from 'vitest';
import { itAgreesWith, vectorFiles } from '../support/vectors.ts';

const KINDS = ['default-profile', 'preempt', 'sampling', 'sequence'];
const files = vectorFiles('modern').filter((file) => !file.includes('plugins'));

describe('recorded decisions', () => {
  itAgreesWith(files);

  it('are there of every kind', () => {
    const kinds = files.map((file) => /(\w[\w-]*?)-\d+\.jsonl/.exec(file)![1]!);
    expect([...new Set(kinds)].sort()).toEqual(KINDS);
  });
});
