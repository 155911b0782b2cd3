// Patches as the API server applies them: strategic merge (kubectl's default), JSON merge (RFC 7386), and
// `kubectl set image`. Objects are never changed; what a patch leaves alone is shared with the old object.
// Source: apimachinery pkg/util/strategicpatch, merge keys of k8s.io/api, 1.37.
// Deviations: $setElementOrder is ignored (items keep their order, new ones come last); merging lists of plain values
// is known for finalizers and podCIDRs only, as in the modelled kinds.

import { nearestName } from '../base/nearest.ts';
import { isRecord } from '../base/values.ts';
import type { Container, KubeObject, PodSpec, StringMap } from './types.ts';

type Json = Record<string, unknown>;

/** Lists whose items are told apart by a field; every other list is replaced as a whole. */
const MERGE_KEYS: Readonly<Record<string, string>> = {
  containers: 'name',
  initContainers: 'name',
  ephemeralContainers: 'name',
  env: 'name',
  volumes: 'name',
  volumeMounts: 'mountPath',
  volumeDevices: 'devicePath',
  imagePullSecrets: 'name',
  hostAliases: 'ip',
  topologySpreadConstraints: 'topologyKey',
  schedulingGates: 'name',
  resourceClaims: 'name',
  conditions: 'type',
  ownerReferences: 'uid',
  addresses: 'type',
  podIPs: 'ip',
  hostIPs: 'ip',
  secrets: 'name',
};
const MERGED_VALUES = new Set(['finalizers', 'podCIDRs']);

/** Is it a list of plain values that is merged, not replaced? */
export function isMergedValues(field: string): boolean {
  return MERGED_VALUES.has(field);
}

/** The field that tells the items of a list apart, if the list is merged item by item. */
export function mergeKey(field: string, parent: string): string | undefined {
  if (field !== 'ports') return MERGE_KEYS[field];
  return parent === 'containers' || parent === 'initContainers'
    ? 'containerPort'
    : parent === 'spec'
      ? 'port'
      : undefined;
}

/** A value without the directives and nulls that mean something only to a patch. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => !isDeletion(item)).map(plain);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).filter(([name, member]) => member !== null && !name.startsWith('$'));
  return Object.fromEntries(entries.map(([name, member]) => [name, plain(member)]));
}

function isDeletion(item: unknown): boolean {
  return isRecord(item) && item.$patch === 'delete';
}

function mergeList(
  old: readonly unknown[],
  patch: readonly unknown[],
  field: string,
  key: string,
): unknown[] {
  if (patch.some((item) => isRecord(item) && item.$patch === 'replace' && item[key] === undefined)) {
    return patch.filter((item) => isRecord(item) && item[key] !== undefined).map(plain);
  }
  const result: unknown[] = [...old];
  for (const item of patch) {
    if (!isRecord(item)) throw new RangeError(`${field}: a patch of this list needs items with ${key}`);
    const name = item[key];
    if (name === undefined)
      throw new RangeError(`${field}: an item of the patch has no ${key}, which tells the items apart`);
    const index = result.findIndex((one) => isRecord(one) && one[key] === name);
    if (isDeletion(item)) {
      if (index >= 0) result.splice(index, 1);
    } else if (index < 0) result.push(plain(item));
    else result[index] = mergeMap(result[index] as Json, item, field);
  }
  return result;
}

function mergeMember(old: unknown, patch: unknown, field: string, parent: string): unknown {
  if (isRecord(patch)) return mergeMap(isRecord(old) ? old : {}, patch, field);
  if (Array.isArray(patch) && Array.isArray(old)) {
    if (isMergedValues(field)) return [...new Set([...old, ...patch])];
    const key = mergeKey(field, parent);
    if (key) return mergeList(old, patch, field, key);
  }
  return plain(patch);
}

function mergeMap(old: Json, patch: Json, name: string): Json {
  if (patch.$patch === 'replace') return plain(patch) as Json;
  if (patch.$patch === 'delete') return {};
  const kept = patch.$retainKeys as readonly string[] | undefined;
  const result: Json = kept
    ? Object.fromEntries(Object.entries(old).filter(([field]) => kept.includes(field)))
    : { ...old };
  for (const [field, value] of Object.entries(patch)) {
    if (field.startsWith('$deleteFromPrimitiveList/')) {
      const list = field.slice(field.indexOf('/') + 1);
      const removed = value as readonly unknown[];
      if (Array.isArray(result[list])) result[list] = result[list].filter((item) => !removed.includes(item));
    } else if (field.startsWith('$')) continue;
    else if (value === null) delete result[field];
    else result[field] = mergeMember(result[field], value, field, name);
  }
  return result;
}

/** Strategic merge: lists with a merge key are merged item by item, `$patch` deletes or replaces, null deletes. */
export function strategicMergePatch<T extends KubeObject>(object: T, patch: object): T {
  return mergeMap(object as unknown as Json, patch as Json, '') as unknown as T;
}

function mergeJson(old: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const result: Json = isRecord(old) ? { ...old } : {};
  for (const [field, value] of Object.entries(patch)) {
    if (value === null) delete result[field];
    else result[field] = mergeJson(result[field], value);
  }
  return result;
}

/** JSON merge patch: mappings are merged, null deletes, everything else (lists too) is replaced. */
export function jsonMergePatch<T extends KubeObject>(object: T, patch: object): T {
  return mergeJson(object, patch) as T;
}

/** Where the kind keeps its pod spec. */
function podSpecPath(kind: string): readonly string[] {
  if (kind === 'Pod') return ['spec'];
  return kind === 'CronJob'
    ? ['spec', 'jobTemplate', 'spec', 'template', 'spec']
    : ['spec', 'template', 'spec'];
}

/**
 * `kubectl set image`: new images by container name, `*` for all containers. Throws a RangeError if the object has no
 * such container or no pod spec.
 */
export function setImages<T extends KubeObject>(object: T, images: StringMap): T {
  const path = podSpecPath(object.kind);
  const spec = path.reduce<unknown>(
    (value, name) => (isRecord(value) ? value[name] : undefined),
    object,
  ) as PodSpec;
  if (!spec?.containers) throw new RangeError(`${object.kind} ${object.metadata.name} has no containers`);
  const names = [...spec.containers, ...(spec.initContainers ?? [])].map(({ name }) => name);
  for (const name of Object.keys(images)) {
    if (name === '*' || names.includes(name)) continue;
    const near = nearestName(name, names);
    throw new RangeError(
      `unable to find container named "${name}"${near ? `: did you mean "${near}"?` : ''}`,
    );
  }
  const pick = (containers: readonly Container[] = []) =>
    containers.flatMap(({ name }) => {
      const image = Object.hasOwn(images, name) ? images[name] : images['*'];
      return image === undefined ? [] : [{ name, image }];
    });
  const patch = {
    containers: pick(spec.containers),
    ...(spec.initContainers && { initContainers: pick(spec.initContainers) }),
  };
  return strategicMergePatch(
    object,
    path.reduceRight<object>((inner, name) => ({ [name]: inner }), patch),
  );
}
