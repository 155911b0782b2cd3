import { describe, expect, it } from 'vitest';
import { readSimkube } from './simkube.ts';

const web = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'shop' } };

describe('readSimkube', () => {
  it('counts time from the first event', () => {
    const events = [
      { ts: 1000, applied_objs: [], deleted_objs: [] },
      { ts: 1060, applied_objs: [web], deleted_objs: [] },
      { ts: 1090, applied_objs: [], deleted_objs: [web] },
    ];
    expect(readSimkube(JSON.stringify({ version: 2, events }), 'f')).toEqual([
      { atUs: 0, applied: [], deleted: [] },
      { atUs: 60e6, applied: [web], deleted: [] },
      { atUs: 90e6, applied: [], deleted: [web] },
    ]);
  });

  it.each([
    ['no JSON', 'x', 'f: this is no JSON'],
    ['another file', '{}', 'f: this is no SimKube trace'],
    [
      'a time that is no number',
      '{"events":[{"ts":"now"}]}',
      'f: events[0].ts: found "now", expected whole seconds',
    ],
  ])('refuses %s', (_, text, message) => {
    expect(() => readSimkube(text, 'f')).toThrow(message);
  });
});
