// What one container uses at an instant: its app's curve times the pod's factor; without a curve, what it requests.

import type { ContainerRun } from '../pods/pod-worker.ts';

export function memoryBytes(run: ContainerRun, nowUs: number): number {
  const { app, memoryRequestBytes } = run.plan;
  if (!app.memory) return memoryRequestBytes;
  return app.memory.at(nowUs - run.startedUs) * run.worker.usageFactor;
}

export function memoryBytesMax({ plan, worker }: ContainerRun): number {
  return plan.app.memory ? plan.app.memory.max * worker.usageFactor : plan.memoryRequestBytes;
}

/** Logs and the writable layer; nothing without a curve. */
export function storageBytes(run: ContainerRun, nowUs: number): number {
  const { storage } = run.plan.app;
  return storage ? storage.at(nowUs - run.startedUs) * run.worker.usageFactor : 0;
}

/** CPU that the program would use if it got it. */
export function cpuWantedMilli(run: ContainerRun, nowUs: number): number {
  const { app, cpuRequestMilli } = run.plan;
  if (!app.cpu) return cpuRequestMilli;
  return app.cpu.at(nowUs - run.startedUs) * run.worker.usageFactor;
}
