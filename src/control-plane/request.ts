// One request on its way: what is asked, by whom, and who waits for the outcome.

import type { Edit, Reply } from '../kube/api.ts';
import type { Client } from './api-client.ts';
import type { Failure } from './failure.ts';

/** Operations of the API server, by verb and resource; the names are those of the counters. */
export const OP = {
  createPod: 0,
  bindPod: 1,
  patchPod: 2,
  patchPodStatus: 3,
  deletePod: 4,
  evictPod: 5,
  create: 6,
  update: 7,
  updateStatus: 8,
  patch: 9,
  patchStatus: 10,
  delete: 11,
  get: 12,
  deleteCollection: 13,
  event: 14,
} as const;

export type Op = (typeof OP)[keyof typeof OP];

/** What is counted per operation; of the generic ones the kind is appended. */
const OP_NAMES: readonly string[] = [
  'create Pod',
  'create Pod/binding',
  'patch Pod',
  'patch Pod/status',
  'delete Pod',
  'create Pod/eviction',
  'create',
  'update',
  'update status',
  'patch',
  'patch status',
  'delete',
  'get',
  'deletecollection',
  'create Event',
];

export class Request {
  client!: Client;
  op!: Op;
  /** The object, its key, or what a new pod is made from. */
  target: unknown;
  /** An edit, a node name or delete options. */
  what: unknown;
  arg: unknown;
  reply: Reply<never> | undefined;
  tag: unknown;
  /** The life of the process that asked; replies to an earlier life are dropped. */
  life = 0;
  /** The API server that it was sent to. */
  server = -1;
  /** How often it was sent again because the server asked for it. */
  nResends = 0;
  /** Held back until etcd has a leader again. */
  isBlocked = false;
  result: unknown;

  /** Makes it a new request. */
  begin(
    client: Client,
    op: Op,
    target: unknown,
    what: unknown,
    arg: unknown,
    reply: Reply<never> | undefined,
    tag: unknown,
  ): this {
    this.client = client;
    this.op = op;
    this.target = target;
    this.what = what;
    this.arg = arg;
    this.reply = reply;
    this.tag = tag;
    this.life = client.process.life;
    this.server = -1;
    this.nResends = 0;
    this.isBlocked = false;
    this.result = undefined;
    return this;
  }

  /** By which it is counted: verb and resource. */
  get label(): string {
    const what = OP_NAMES[this.op]!;
    if (this.op < OP.create || this.op >= OP.event) return what;
    return `${what} ${(this.target as { readonly kind: string }).kind}`;
  }

  edit<T>(): Edit<T> {
    return this.what as Edit<T>;
  }
}

/** The outcome of an operation: the object, or why not. */
export type Outcome<T> = T | Failure;
