/** A snapshot with Deployments and their pods, but without the ReplicaSets between them, would get all pods twice. */
import { controllerOf } from '../kube/controller-of.ts';
import type { LocatedObject } from '../kube/read-manifests.ts';
import { formatPath } from '../kube/validate.ts';
import type { LoadContext } from './load-context.ts';
import type { ObjectSet } from './object-set.ts';
import { listText } from './wording.ts';

const PATH = ['metadata', 'ownerReferences'];

export function checkOwners(set: ObjectSet, { problems }: LoadContext): void {
  const pods = new Map<string, LocatedObject>();
  for (const located of set.others) {
    const { object } = located;
    const owner = controllerOf(object);
    if (object.kind !== 'Pod' || owner?.kind !== 'ReplicaSet' || set.hasUid(owner.uid)) continue;
    const { namespace = 'default' } = object.metadata;
    const deployment = `Deployment ${namespace}/${owner.name.replace(/-[^-]*$/, '')}`;
    if (!set.isOfSnapshot(object) || !set.keys.has(deployment) || pods.has(deployment)) continue;
    pods.set(deployment, located);
  }
  const [first] = pods.values();
  if (!first) return;
  const path = `Pod "${first.object.metadata.name}" ${formatPath(PATH)}`;
  const message = `the ReplicaSets by which ${listText([...pods.keys()])} own pods are not there; take replicasets into the snapshot`;
  problems.push({ file: first.file, ...first.locate(PATH), path, message });
}
