import { describe, expect, it } from 'vitest';
import { loadScenario } from './load-scenario.ts';
import { memoryFiles } from './memory-files.ts';

const NODES = 'nodeGroups: [{name: a, count: 1, allocatable: {cpu: 4, memory: 8Gi}}]';

const pod = (name: string, spec: string) =>
  `---\napiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nspec: {${spec}, containers: [{name: c, image: i}]}\n`;

const classOf = (kind: string, name: string) =>
  kind === 'PriorityClass'
    ? `---\napiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: ${name}}\nvalue: 5\n`
    : `---\napiVersion: node.k8s.io/v1\nkind: RuntimeClass\nmetadata: {name: ${name}}\nhandler: h\n`;

async function problems(scenario: string, objects: string): Promise<string[]> {
  const files = memoryFiles({ 's.yaml': scenario, 'o.yaml': objects });
  return loadScenario('s.yaml', files).then(
    () => [],
    (error: Error) => error.message.split('\n'),
  );
}

describe.each([
  ['PriorityClass', 'priorityClassName', 'priorityclasses'],
  ['RuntimeClass', 'runtimeClassName', 'runtimeclasses'],
])('a %s that a pod names', (kind, field, plural) => {
  const manifests = `cluster: {${NODES}}\nworkload: [{manifests: [o.yaml]}]`;
  const snapshot = `cluster: {${NODES}, snapshot: [o.yaml]}`;

  it('may be among the objects', async () => {
    expect(await problems(manifests, pod('p', `${field}: gold`) + classOf(kind, 'gold'))).toEqual([]);
  });

  it('must be there, and one that is nearly called so is proposed', async () => {
    expect(await problems(manifests, pod('p', `${field}: gould`) + classOf(kind, 'gold'))).toEqual([
      `o.yaml:5:8: Pod "p" spec.${field}: found "gould", but no ${kind} is called so; did you mean gold?`,
    ]);
  });

  it('is told of once for all its pods, with what a snapshot lacks', async () => {
    const pods = ['p', 'q', 'r'].map((name) => pod(name, `${field}: gold`)).join('');
    expect(await problems(snapshot, pods)).toEqual([
      `o.yaml:5:8: Pod "p" spec.${field}: found "gold", but no ${kind} is called so (in 3 objects of the file); take ${plural} into the snapshot`,
    ]);
  });
});
