import { describe, expect, it } from 'vitest';
import { tablesMarkdown } from './markdown.ts';

describe('the description of tables', () => {
  const text = tablesMarkdown();

  it('has a section for each file', () => {
    expect(text.match(/^### .*/gm)).toEqual(
      ['pods', 'nodes', 'utilization', 'latency', 'workloads', 'replicas', 'api', 'queues', 'events'].map(
        (name) => `### ${name}.csv`,
      ),
    );
  });

  it('has a row of three cells for each column, resources by the example of cpu', () => {
    const rows = text.split('\n').filter((line) => line.startsWith('| `'));
    expect(rows.every((row) => row.split(' | ').length === 3)).toBe(true);
    expect(rows).toContain('| `cpu_used` | share | cpu in use, share of allocatable |');
    expect(rows).toContain('| `created_s` | s | Created |');
  });

  it('names the figures', () => {
    expect(text).toContain('`pods.pending`, ');
    expect(text).toContain('`utilization.cpu.mean`, ');
    expect(text).not.toContain('use.pods');
  });
});
