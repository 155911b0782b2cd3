// Node life cycle: notices nodes that no longer report, marks them and their pods, and taints them so that pods leave.
// Source: pkg/controller/nodelifecycle/node_lifecycle_controller.go, 1.37.
// Deviations: nodes whose leases are renewed for certain are not looked at in every pass (their probe time is worked out
// when it matters: the first pass after the last renewal was heard of); passes come at exact periods from the controller's start, so that "longer than the grace period" includes equality.

import type { ApiClient, Informer } from '../../../kube/api.ts';
import type { PodObject } from '../../../kube/pod-object.ts';
import type { Condition, ConditionStatus, Lease, Node } from '../../../kube/types.ts';
import type { EventKind } from '../../../sim/simulation.ts';
import { call, runSteps, type Steps, type Sync } from '../../sync.ts';
import type { WorkQueue } from '../../work-queue.ts';
import type { ControllerHost } from '../controller.ts';
import {
  areLabelsCurrent,
  areTaintsCurrent,
  hasTaint,
  NOT_READY,
  readyStatus,
  UNREACHABLE,
  wantedKeys,
  withBetaLabels,
  withNoExecute,
  withWantedTaints,
} from './node-taints.ts';
import { DEFAULT_RATES, type EvictionRates, evictionRate, Zone, zoneOf, zoneState } from './zones.ts';

const NAME = 'node-controller';
const N_WORKERS = 8;
const MONITOR_US = 5_000_000;
const GRACE_US = 50_000_000;
const STARTUP_GRACE_US = 60_000_000;
const TAINT_PASS_US = 100_000;
/** Of no node: a pass that has not yet looked at all of them. */
const LISTING = '';
const CONDITIONS = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'];

interface Health {
  readonly zone: string;
  status: ConditionStatus | undefined;
  heartbeat: string | undefined;
  renewedUs: number | undefined;
  /** When a sign of life was last noticed, by a pass. */
  probeUs: number;
}

function markNotReady(pod: PodObject, nowUs: number): PodObject {
  if (!pod.ready) return pod;
  const next = pod.draft();
  next.ready = false;
  next.readyChangedUs = nowUs;
  return next;
}

export class NodeLifecycleController {
  readonly #host: ControllerHost;
  readonly #client: ApiClient;
  readonly #nodes: Informer<Node>;
  readonly #rates: EvictionRates;
  readonly #taintQueue: WorkQueue;
  readonly #health = new Map<string, Health>();
  readonly #zones = new Map<string, Zone>();
  /** Nodes that no pass has seen yet. */
  readonly #unregistered = new Set<string>();
  /** Nodes to look at in the next pass although their leases are fine. */
  readonly #suspects = new Set<string>();
  /** Nodes that a pass is still at work on: their leases are read past the caches, or their pods are told. */
  readonly #underWay = new Set<string>();
  readonly #taintPass: EventKind;
  #startUs = 0;
  #isTaintPassDue = false;
  #isAllDisrupted = false;
  /** Nodes came or went since the zones were judged. */
  #areZonesStale = false;

  constructor(host: ControllerHost, rates = DEFAULT_RATES) {
    this.#host = host;
    this.#rates = rates;
    this.#client = host.client(NAME);
    this.#nodes = host.informer<Node>('Node');
    this.#taintQueue = host.queue({ name: NAME, nWorkers: N_WORKERS }, (key) => this.#syncNode(key));
    this.#nodes.handle({
      added: (node) => this.#onNode(node),
      modified: (node) => this.#onNode(node),
      deleted: (node) => this.#onNodeGone(node.metadata.name ?? ''),
    });
    host.pods.handle({
      added: (pod) => this.#onAssigned(pod),
      modified: (pod, old) => {
        if (pod.nodeName !== old.nodeName) this.#onAssigned(pod);
      },
      deleted: () => {},
    });
    this.#taintPass = host.simulation.defineKind('node-lifecycle/taint', () => this.#taintWaiting(), {
      background: true,
    });
    host.every('node-lifecycle/monitor', MONITOR_US, () => this.#pass());
    host.onStart(() => {
      this.#startUs = host.nowUs;
    });
    host.onStop(() => {
      for (const memory of [this.#health, this.#zones, this.#suspects, this.#unregistered, this.#underWay])
        memory.clear();
      this.#isAllDisrupted = false;
    });
  }

  #onNode(node: Node): void {
    const name = node.metadata.name ?? '';
    if (!areTaintsCurrent(node) || !areLabelsCurrent(node)) this.#taintQueue.add(name);
    const status = readyStatus(node);
    const known = this.#health.get(name);
    if (!known) this.#admit(node, status);
    if (!known) this.#unregistered.add(name);
    if (status !== 'True' || known?.status !== status || this.#hasNoExecute(node)) this.#suspects.add(name);
  }

  #admit(node: Node, status: ConditionStatus | undefined): void {
    const zone = zoneOf(node);
    if (!this.#zones.has(zone)) this.#zones.set(zone, new Zone(this.#rates.nodesPerSec));
    const { clock } = this.#host;
    const bornUs = clock.parse(node.metadata.creationTimestamp ?? clock.timestamp(this.#host.nowUs));
    this.#areZonesStale = true;
    this.#health.set(node.metadata.name ?? '', {
      zone,
      status,
      heartbeat: undefined,
      renewedUs: undefined,
      probeUs: status === undefined ? bornUs : this.#passAtOrAfter(this.#host.nowUs),
    });
  }

  #onNodeGone(name: string): void {
    const health = this.#health.get(name);
    if (health) this.#zones.get(health.zone)?.waiting.delete(name);
    this.#health.delete(name);
    this.#areZonesStale = true;
    this.#suspects.delete(name);
  }

  /** A pod that comes to a node that is not ready is not ready either. */
  #onAssigned(pod: PodObject): void {
    if (!pod.ready || pod.nodeName === '' || this.#suspects.size === 0) return;
    const status = this.#health.get(pod.nodeName)?.status;
    if (status === 'False' || status === 'Unknown') this.#client.patchPodStatus(pod, markNotReady, undefined);
  }

  #hasNoExecute(node: Node): boolean {
    return hasTaint(node, NOT_READY, 'NoExecute') || hasTaint(node, UNREACHABLE, 'NoExecute');
  }

  *#syncNode(name: string): Sync {
    const node = this.#nodes.get('', name);
    if (!node) return true;
    let isOk = true;
    if (!areTaintsCurrent(node)) {
      const wanted = wantedKeys(node);
      isOk = yield* this.#edit(name, (current) => withWantedTaints(current, wanted));
    }
    if (!areLabelsCurrent(node)) isOk = (yield* this.#edit(name, withBetaLabels)) && isOk;
    return isOk;
  }

  /** Taints and labels are changed on a version read from the server just before: two requests. */
  *#edit(name: string, edit: (node: Node) => Node): Steps<boolean> {
    const key = { kind: 'Node', name };
    const read = yield* call<Node>((reply) => this.#client.get(key, reply));
    if (read.error) return read.error.code === 404;
    const { error } = yield* call<Node>((reply) => this.#client.patch(key, edit, undefined, reply));
    return !error || error.code === 404;
  }

  #pass(): void {
    for (const name of this.#unregistered) this.#register(name);
    this.#unregistered.clear();
    const names = new Set([...this.#suspects, ...this.#host.process.leases.lapsed()]);
    this.#suspects.clear();
    // Nothing to judge when every node is in order and none came or went.
    if (names.size > 0) this.#areZonesStale = true;
    this.#underWay.add(LISTING);
    for (const name of names) {
      const node = this.#nodes.get('', name);
      const health = this.#health.get(name);
      if (node && health && !this.#underWay.has(name)) this.#look(name, node, health);
    }
    this.#finished(LISTING);
  }

  /** Zones are judged when the fate of every node is known and its pods are told; the first eviction may be sooner. */
  #finished(name: string): void {
    this.#underWay.delete(name);
    if (this.#underWay.size > 0 || !this.#areZonesStale) return;
    this.#areZonesStale = false;
    this.#judgeZones();
  }

  #register(name: string): void {
    const node = this.#nodes.get('', name);
    const message = `Node ${name} event: Registered Node ${name} in Controller`;
    if (node) this.#client.recordEvent(node, 'Normal', 'RegisteredNode', message);
  }

  /** Signs of life, the verdict, and what follows for the node's pods and taints. */
  #look(name: string, node: Node, health: Health): void {
    const status = readyStatus(node);
    this.#probe(name, node, health);
    this.#underWay.add(name);
    const graceUs = status === undefined ? STARTUP_GRACE_US : GRACE_US;
    const isSilent = this.#host.nowUs >= health.probeUs + graceUs;
    if (isSilent && status !== 'Unknown') this.#verifySilence(name, node, health);
    else if (status !== undefined) this.#judge(name, node, health, status);
    else this.#finished(name);
  }

  /** Before a node is given up its lease is read past the caches: perhaps only the watch is late. */
  #verifySilence(name: string, node: Node, health: Health): void {
    this.#suspects.add(name);
    const key = { kind: 'Lease', namespace: 'kube-node-lease', name };
    const { clock } = this.#host;
    this.#client.get<Lease, undefined>(key, (error, lease) => {
      const renewedUs = lease?.spec?.renewTime ? clock.parse(lease.spec.renewTime) : undefined;
      const isLate = renewedUs !== undefined && renewedUs > (health.renewedUs ?? Number.NEGATIVE_INFINITY);
      if (isLate || (error && error.code !== 404)) this.#finished(name);
      else
        this.#declareUnknown(node, (isWritten) => {
          if (isWritten) this.#judge(name, node, health, 'Unknown');
          else this.#finished(name);
        });
    });
  }

  #judge(name: string, node: Node, health: Health, status: ConditionStatus): void {
    const isNews = status !== 'True' && health.status === 'True';
    health.status = status;
    this.#planEviction(name, node, health, status);
    if (status !== 'True') this.#suspects.add(name);
    if (isNews) this.#tellPods(name, node);
    else this.#finished(name);
  }

  #probe(name: string, node: Node, health: Health): void {
    const { leases } = this.#host.process;
    const { nowUs } = this.#host;
    const heartbeat =
      node.status?.conditions?.find(({ type }) => type === 'Ready')?.lastHeartbeatTime ?? undefined;
    if (heartbeat !== health.heartbeat) {
      health.heartbeat = heartbeat;
      health.probeUs = nowUs;
    }
    const renewedUs = leases.renewedUs(name);
    if (renewedUs === undefined || renewedUs === health.renewedUs) return;
    health.renewedUs = renewedUs;
    const passUs = this.#passAtOrAfter(renewedUs + leases.hearUs);
    health.probeUs = Math.max(health.probeUs, Math.min(nowUs, passUs));
  }

  #passAtOrAfter(atUs: number): number {
    const nPasses = Math.max(1, Math.ceil((atUs - this.#startUs) / MONITOR_US));
    return this.#startUs + nPasses * MONITOR_US;
  }

  /** Its pods are told only when the node's status is written; a write that fails is tried in the next pass. */
  #declareUnknown(node: Node, onReply: (isWritten: boolean) => void): void {
    const time = this.#host.clock.timestamp(this.#host.nowUs);
    const known = node.status?.conditions ?? [];
    const unknown = (type: string): Condition => ({
      ...known.find((condition) => condition.type === type),
      type,
      status: 'Unknown',
      reason: 'NodeStatusUnknown',
      message: 'Kubelet stopped posting node status.',
      lastTransitionTime: time,
    });
    const conditions = [
      ...known.filter(({ type }) => !CONDITIONS.includes(type)),
      ...CONDITIONS.map(unknown),
    ];
    this.#client.updateStatus({ ...node, status: { ...node.status, conditions } }, (error) =>
      onReply(!error),
    );
  }

  #tellPods(name: string, node: Node): void {
    this.#client.recordEvent(node, 'Normal', 'NodeNotReady', `Node ${name} status is now: NodeNotReady`);
    const ready = this.#host.podsByNode.list(name).filter((pod) => pod.ready);
    runSteps(this.#markOneByOne(ready), () => this.#finished(name));
  }

  *#markOneByOne(pods: readonly PodObject[]): Steps<void> {
    for (const pod of pods) {
      const { error } = yield* call<PodObject>((reply) =>
        this.#client.patchPodStatus(pod, markNotReady, undefined, reply),
      );
      if (!error) this.#client.recordEvent(pod, 'Warning', 'NodeNotReady', 'Node is not ready');
    }
  }

  #planEviction(name: string, node: Node, health: Health, status: ConditionStatus): void {
    const zone = this.#zones.get(health.zone)!;
    if (status === 'True') {
      zone.waiting.delete(name);
      if (this.#hasNoExecute(node)) this.#setNoExecute(name, undefined);
      return;
    }
    const [wanted, other] = status === 'False' ? [NOT_READY, UNREACHABLE] : [UNREACHABLE, NOT_READY];
    if (hasTaint(node, other, 'NoExecute')) this.#setNoExecute(name, wanted);
    else if (!hasTaint(node, wanted, 'NoExecute')) {
      zone.waiting.add(name);
      this.#scheduleTaintPass();
    }
  }

  #setNoExecute(name: string, key: string | undefined): void {
    const time = this.#host.clock.timestamp(this.#host.nowUs);
    const edit = this.#edit(name, (node) => withNoExecute(node, key, time));
    runSteps(edit, () => this.#suspects.add(name));
  }

  /** Zone states and rates; if every zone is down the trouble is the control plane's, and no node is tainted. */
  #judgeZones(): void {
    const counts = new Map<string, { nReady: number; nNotReady: number }>();
    for (const zone of this.#zones.keys()) counts.set(zone, { nReady: 0, nNotReady: 0 });
    for (const { zone, status } of this.#health.values()) {
      const count = counts.get(zone)!;
      if (status === 'True') count.nReady++;
      else count.nNotReady++;
    }
    const { nowUs } = this.#host;
    for (const [name, zone] of this.#zones) {
      const { nReady, nNotReady } = counts.get(name)!;
      zone.state = zoneState(nReady, nNotReady, this.#rates);
    }
    const isAllDown =
      this.#health.size > 0 && [...this.#zones.values()].every(({ state }) => state === 'FullDisruption');
    if (isAllDown && !this.#isAllDisrupted) this.#pauseEvictions();
    if (!isAllDown && this.#isAllDisrupted)
      for (const health of this.#health.values()) health.probeUs = nowUs;
    this.#isAllDisrupted = isAllDown;
    for (const [name, zone] of this.#zones) {
      const { nReady, nNotReady } = counts.get(name)!;
      zone.setRate(isAllDown ? 0 : evictionRate(zone.state, nReady + nNotReady, this.#rates), nowUs);
    }
    this.#scheduleTaintPass();
  }

  #pauseEvictions(): void {
    for (const node of this.#nodes.values()) {
      if (this.#hasNoExecute(node)) this.#setNoExecute(node.metadata.name ?? '', undefined);
    }
  }

  /** The pass that comes at or after the next token, on the grid of its period. */
  #scheduleTaintPass(): void {
    const { nowUs } = this.#host;
    let dueUs = Number.POSITIVE_INFINITY;
    for (const zone of this.#zones.values())
      if (zone.waiting.size > 0) dueUs = Math.min(dueUs, zone.readyUs(nowUs));
    if (this.#isTaintPassDue || dueUs === Number.POSITIVE_INFINITY) return;
    this.#isTaintPassDue = true;
    const nPasses = Math.floor((nowUs - this.#startUs) / TAINT_PASS_US) + 1;
    const nextUs = this.#startUs + nPasses * TAINT_PASS_US;
    const nMore = Math.max(0, Math.ceil((dueUs - nextUs) / TAINT_PASS_US));
    this.#host.simulation.at(nextUs + nMore * TAINT_PASS_US, this.#taintPass);
  }

  #taintWaiting(): void {
    this.#isTaintPassDue = false;
    for (const zone of this.#zones.values()) {
      for (const name of zone.waiting) {
        if (!zone.tryTake(this.#host.nowUs)) break;
        zone.waiting.delete(name);
        const status = this.#health.get(name)?.status;
        if (status === 'False' || status === 'Unknown')
          this.#setNoExecute(name, status === 'False' ? NOT_READY : UNREACHABLE);
      }
    }
    this.#scheduleTaintPass();
  }
}
