import { expect, it } from 'vitest';
import { execSleepUs } from './exec-sleep.ts';

it.each([
  [['sleep', '10'], 10],
  [['/bin/sleep', '2.5'], 2.5],
  [['sh', '-c', 'sleep 15'], 15],
  [['/bin/bash', '-c', 'exec /usr/bin/sleep 2m;'], 120],
  [['sh', '-c', 'sleep 5 && nginx -s quit'], undefined],
  [['sh', '-c', 'sleep $DELAY'], undefined],
  [['python', '-c', 'sleep 5'], undefined],
  [['sleep'], undefined],
  [[], undefined],
])('%j sleeps %d s', (command, seconds) => {
  expect(execSleepUs(command)).toBe(seconds === undefined ? undefined : seconds * 1e6);
});
