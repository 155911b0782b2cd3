// When a container that is told to stop has ended, and with which code.
// Source: pkg/kubelet/kuberuntime killContainer and executePreStopHook, 1.37: the preStop hook's whole seconds are taken
// off the grace period, then SIGTERM, and SIGKILL when what is left is over, but never less than two seconds.
// A sidecar runs its hook at once and waits with SIGTERM for its turn: until main containers and later sidecars are gone.

const SECOND = 1_000_000;
const MINIMUM_GRACE_SECONDS = 2;

/** SIGKILL's exit code as the runtime reports it. */
const EXIT_KILLED = 137;

export interface StopRequest {
  readonly nowUs: number;
  readonly graceSeconds: number;
  /** Replaces what is left of the grace period, even the minimum. */
  readonly overrideSeconds: number | undefined;
  /** How long the preStop hook would take; 0: there is none. */
  readonly preStopUs: number;
  /** From SIGTERM until the program ends if it is let. */
  readonly shutdownUs: number;
  /** When those that must go first are gone. */
  readonly turnUs: number;
}

export interface StopTime {
  readonly exitUs: number;
  readonly exitCode: number;
}

const wholeSeconds = (us: number) => Math.floor(us / SECOND);

export function stopTime(request: StopRequest): StopTime {
  let graceSeconds = request.graceSeconds;
  let atUs = request.nowUs;
  if (graceSeconds > 0 && request.preStopUs > 0) {
    const hookUs = Math.min(request.preStopUs, graceSeconds * SECOND);
    atUs += hookUs;
    graceSeconds -= wholeSeconds(hookUs);
  }
  if (graceSeconds > 0 && request.turnUs > atUs) {
    const waitUs = Math.min(request.turnUs - atUs, graceSeconds * SECOND);
    atUs += waitUs;
    graceSeconds -= wholeSeconds(waitUs);
  }
  const leftUs = (request.overrideSeconds ?? Math.max(graceSeconds, MINIMUM_GRACE_SECONDS)) * SECOND;
  const isKilled = leftUs === 0 || request.shutdownUs > leftUs;
  return { exitUs: atUs + Math.min(request.shutdownUs, leftUs), exitCode: isKilled ? EXIT_KILLED : 0 };
}
