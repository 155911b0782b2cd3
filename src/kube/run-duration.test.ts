import { describe, expect, it } from 'vitest';
import { PodIdentity } from './pod-object.ts';
import { RUN_DURATION } from './run-duration.ts';
import type { KubeObject } from './types.ts';
import { formatPath, validateObject } from './validate.ts';

function runUsOf(text: string | undefined, runUs?: number): number | undefined {
  const annotations = text === undefined ? {} : { [RUN_DURATION]: text };
  const shape = { namespace: 'default', labels: {}, annotations, spec: { containers: [] } };
  return new PodIdentity({ shape, ...(runUs !== undefined && { runUs }) }, shape, 1, 0, 0).runUs;
}

describe('how long a pod runs', () => {
  it.each([
    ['is what its annotation says', '6m', undefined, 360e6],
    ['is what its trace says, whatever the annotation', '6m', 5e6, 5e6],
    ['is left to the model where nothing says it', undefined, undefined, undefined],
    ['is left to the model where the annotation says nothing sensible', 'long', undefined, undefined],
  ])('%s', (_title, text, runUs, expected) => {
    expect(runUsOf(text, runUs)).toBe(expected);
  });

  it.each([
    ['long', /"long" is not a duration/],
    ['5', /"5" has no unit/],
    ['0s', /must be longer than 0/],
    ['-5m', /must be longer than 0/],
  ])('cannot be %s', (text, message) => {
    const metadata = { name: 'work', annotations: { [RUN_DURATION]: text } };
    const template = {
      metadata: { annotations: metadata.annotations },
      spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'i' }] },
    };
    const job = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'work' }, spec: { template } };
    const problems = validateObject(job as unknown as KubeObject);
    expect(problems.map(({ path }) => formatPath(path))).toEqual([
      `spec.template.metadata.annotations[${RUN_DURATION}]`,
    ]);
    expect(problems[0]!.message).toMatch(message);
  });
});
