// The closed catalogue of event kinds and the order in which kinds run at one instant (lower first). Kinds of one class
// run in the order in which they were scheduled. Every component adds its kinds here and nowhere else.

/** Steps of an instant, in order. */
const FAULT = 0; // scripts, faults, arrivals: the outside world acts first
const API = 1; // requests reach the server and commit
const DELIVERY = 2; // replies and watch events reach the components
const NODE = 3; // kubelets and containers
const CONTROLLER = 4; // controllers sync what they have heard
const SCHEDULER = 5; // the scheduler sees everything that happened at this instant
const OBSERVER = 9; // samples of metrics see the instant's end

export const EVENT_PRIORITIES = {
  'workload/arrival': FAULT,
  'action/due': FAULT,
  'action/wait': FAULT,
  'api/request': API,
  'api/connection': API,
  'api/reply': DELIVERY,
  'api/watch': DELIVERY,
  'node/boot': NODE,
  'node/report': NODE,
  'node/start': NODE,
  'node/ready': NODE,
  'node/finish': NODE,
  'node/gone': NODE,
  'node/pod': NODE,
  'node/pod-idle': NODE,
  'node/pull': NODE,
  'node/transfer': NODE,
  'node/rebalance': NODE,
  'node/image-gc': NODE,
  'node/cpu': NODE,
  'node/oom': NODE,
  'node/evict': NODE,
  'node/shutdown': NODE,
  'node/again': NODE,
  'node/fail': FAULT,
  'node/repair': FAULT,
  'leader-election': CONTROLLER,
  'controller/sync': CONTROLLER,
  'controller/timer': CONTROLLER,
  'controller/tick': CONTROLLER,
  'node-lifecycle/monitor': CONTROLLER,
  'pod-gc/pass': CONTROLLER,
  'resource-quota/resync': CONTROLLER,
  'volume-binder/resync': CONTROLLER,
  'volume-provisioner/done': NODE,
  'taint-eviction/timer': CONTROLLER,
  'node-lifecycle/taint': CONTROLLER,
  'scheduler/cycle': SCHEDULER,
  'scheduler/cycle-end': SCHEDULER,
  'scheduler/pre-bind': SCHEDULER,
  'scheduler/flush-backoff': SCHEDULER,
  'scheduler/flush-backoff-idle': SCHEDULER,
  'scheduler/flush-unschedulable': SCHEDULER,
} as const satisfies Record<string, number>;

export const PRIORITY = { FAULT, API, DELIVERY, NODE, CONTROLLER, SCHEDULER, OBSERVER } as const;
