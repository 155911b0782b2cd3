/**
 * What a scenario's objects rely on and what is not there, where Kubernetes would take them all the same: a sentence
 * each. What the API server would refuse is a mistake instead (check-classes.ts, check-owners.ts).
 */
import { controllerOf } from '../kube/controller-of.ts';
import type { KubeObject, PersistentVolumeClaimSpec, Pod, PodSpec } from '../kube/types.ts';
import type { ObjectSet } from './object-set.ts';
import { podSpecOf } from './pod-spec-path.ts';
import { listText, nameText } from './wording.ts';

const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';

/** Sentences as in `The snapshot lacks StatefulSet shop/db (1 pod): nothing replaces its pods.` */
export function missingThings(sets: readonly ObjectSet[]): string[] {
  const objects = sets.flatMap(({ others }) => others.map(({ object }) => object));
  return [...sets.flatMap(lostControllers), ...sets.flatMap(lostClaims), ...unprovidedClaims(objects)];
}

function lostControllers(set: ObjectSet): string[] {
  const nPods = new Map<string, number>();
  for (const pod of snapshotPods(set)) {
    const owner = controllerOf(pod);
    if (!owner || owner.kind === 'Node' || set.hasUid(owner.uid)) continue;
    const name = `${owner.kind} ${pod.metadata.namespace ?? 'default'}/${owner.name}`;
    nPods.set(name, (nPods.get(name) ?? 0) + 1);
  }
  if (nPods.size === 0) return [];
  const names = [...nPods].map(([name, n]) => `${name} (${n} pod${n > 1 ? 's' : ''})`);
  return [`The snapshot lacks ${listText(names)}: nothing replaces these pods when they go.`];
}

function lostClaims(set: ObjectSet): string[] {
  const users = snapshotPods(set).filter((pod) => {
    const controller = controllerOf(pod);
    if (controller?.kind === 'StatefulSet' && set.hasUid(controller.uid)) return false;
    return pod.spec.volumes?.some(({ persistentVolumeClaim: claim }) => {
      const name = `${pod.metadata.namespace ?? 'default'}/${claim?.claimName}`;
      return claim !== undefined && !set.keys.has(`PersistentVolumeClaim ${name}`);
    });
  });
  if (users.length === 0) return [];
  return [`The snapshot lacks the claims of ${listText(users.map(nameText))}: moved, they wait for them.`];
}

function snapshotPods(set: ObjectSet): Pod[] {
  const objects = set.others.map(({ object }) => object);
  return objects.filter((object): object is Pod => object.kind === 'Pod' && set.isOfSnapshot(object));
}

/** Claims without a volume that no class and no volume by hand can give them. */
function unprovidedClaims(objects: readonly KubeObject[]): string[] {
  const classes = objects.filter(({ kind }) => kind === 'StorageClass');
  const defaultClass = classes.find(({ metadata }) => metadata.annotations?.[DEFAULT_CLASS] === 'true');
  const provided = new Set([
    ...classes.map(({ metadata }) => metadata.name ?? ''),
    ...objects.flatMap((object) => (object.kind === 'PersistentVolume' ? classOfVolume(object) : [])),
  ]);
  const users = new Map<string | undefined, Set<string>>();
  for (const object of objects) {
    for (const { storageClassName, volumeName } of claimsOf(object)) {
      const name = storageClassName ?? defaultClass?.metadata.name;
      if (volumeName || (name !== undefined && provided.has(name))) continue;
      users.set(name, (users.get(name) ?? new Set()).add(nameText(object)));
    }
  }
  return [...users].map(([name, of]) => {
    const why = name === undefined ? 'no StorageClass is the default' : `there is no StorageClass "${name}"`;
    return `Claims of ${listText([...of])} stay unbound: ${why}, and there is no volume for them.`;
  });
}

function classOfVolume({ spec }: KubeObject & { spec?: { storageClassName?: string } }): string {
  return spec?.storageClassName ?? '';
}

type Claiming = KubeObject & {
  readonly spec?: PersistentVolumeClaimSpec & {
    readonly volumeClaimTemplates?: readonly { readonly spec?: PersistentVolumeClaimSpec }[];
  };
};

/** The claim that an object is, or those that come of it. */
function claimsOf(object: Claiming): PersistentVolumeClaimSpec[] {
  const { kind, spec } = object;
  if (kind === 'PersistentVolumeClaim') return spec ? [spec] : [];
  const ephemeral = podSpecOf<PodSpec>(object)?.volumes?.map(
    (volume) => volume.ephemeral?.volumeClaimTemplate,
  );
  const templates = [...(spec?.volumeClaimTemplates ?? []), ...(ephemeral ?? [])];
  return templates.flatMap((template) => template?.spec ?? []);
}
