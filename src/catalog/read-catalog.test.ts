import { describe, expect, it } from 'vitest';
import { formatProblem } from '../base/errors.ts';
import { gib } from './instance-type.ts';
import { readCatalog } from './read-catalog.ts';

const MIB = 2 ** 20;
const problemsOf = (text: string) => readCatalog(text, 'own.csv').problems.map(formatProblem);

describe('readCatalog', () => {
  it('reads the least: name, vcpu, memory_gib', () => {
    expect(readCatalog('name,vcpu,memory_gib\nbox,8,32\n', 'own.csv')).toEqual({
      types: [
        {
          name: 'box',
          provider: 'custom',
          arch: 'amd64',
          nCpu: 8,
          memoryBytes: gib(32),
          nGpus: 0,
          nPodsMax: 110,
          price: null,
        },
      ],
      problems: [],
    });
  });

  it('reads every column', () => {
    const text = [
      'name,provider,arch,vcpu,memory_mib,gpu_count,gpu_name,max_pods,alloc_cpu_milli,alloc_memory_mib,usd_hour_eu_west_1,note',
      '"big, red",aws,arm64,4,16384,2,H100,58,3920,14000,1.5,whatever',
    ].join('\r\n');
    expect(readCatalog(text, 'own.csv').types).toEqual([
      {
        name: 'big, red',
        provider: 'aws',
        arch: 'arm64',
        nCpu: 4,
        memoryBytes: gib(16),
        nGpus: 2,
        gpuModel: 'H100',
        nPodsMax: 58,
        price: { usdPerHour: 1.5, region: 'eu-west-1', date: undefined },
        allocatable: { cpuMilli: 3920, memoryBytes: 14_000 * MIB },
      },
    ]);
  });

  it('takes the first price column, and an empty price as unknown, not free', () => {
    const { types } = readCatalog(
      'name,vcpu,memory_gib,usd_hour_a,usd_hour_b\nx,1,1,,2\ny,1,1,0,2\n',
      'own.csv',
    );
    expect(types.map((type) => type.price)).toEqual([null, { usdPerHour: 0, region: 'a', date: undefined }]);
  });

  it('knows a price by the name that pools have for it', () => {
    const [box] = readCatalog('name,vcpu,memory_gib,price_per_hour\nbox,8,32,0.4\n', 'own.csv').types;
    expect(box?.price).toEqual({ usdPerHour: 0.4, region: undefined, date: undefined });
  });

  it.each([
    [
      'an empty file',
      '',
      [
        'own.csv:1: there is no header line',
        'own.csv:1: there is no column "name"',
        'own.csv:1: there is no column "vcpu"',
        'own.csv:1: there is no column "memory_gib"',
      ],
    ],
    ['a header alone', 'name,vcpu,memory_gib\n', ['own.csv:1: there is no instance type below the header']],
    [
      'a misspelt column',
      'name,vcpus,memory_gib\nx,1,1',
      ['own.csv:1: unknown column "vcpus"; did you mean "vcpu"?', 'own.csv:1: there is no column "vcpu"'],
    ],
    [
      'numbers that are none',
      'name,vcpu,memory_gib,usd_hour\nx,four,-1,free',
      [
        'own.csv:2: vcpu is "four", not a number above 0',
        'own.csv:2: memory_gib is "-1", not a number above 0',
        'own.csv:2: usd_hour is "free", not a number >= 0',
      ],
    ],
    [
      'missing cells',
      'name,vcpu,memory_gib\n,,',
      ['own.csv:2: the name is empty', 'own.csv:2: vcpu is empty', 'own.csv:2: memory_gib is empty'],
    ],
    [
      'an open quote',
      'name,vcpu,memory_gib\n"x,1,1',
      ['own.csv:2: a quoted field is not closed on its line'],
    ],
    [
      'an open quote in the header',
      '"name,vcpu\nx,1',
      ['own.csv:1: a quoted field is not closed on its line'],
    ],
    ['a name given twice', 'name,vcpu,memory_gib\nx,1,1\nx,2,2', ['own.csv:3: "x" is given twice']],
    [
      'half a pod',
      'name,vcpu,memory_gib,max_pods\nx,1,1,0.5',
      ['own.csv:2: max_pods is "0.5", not a whole number >= 0'],
    ],
    [
      'an unknown provider',
      'name,vcpu,memory_gib,provider,arch\nx,1,1,ibm,s390x',
      [
        'own.csv:2: provider is "ibm"; known are aws, azure, gcp, custom',
        'own.csv:2: arch is "s390x"; known are amd64, arm64',
      ],
    ],
    [
      'half an allocatable',
      'name,vcpu,memory_gib,alloc_cpu_milli\nx,1,1,900',
      ['own.csv:2: alloc_cpu_milli and alloc_memory_mib must be given together'],
    ],
  ])('names the lines of %s', (_name, text, expected) => {
    expect(problemsOf(text)).toEqual(expected);
  });

  it('keeps the good lines beside bad ones', () => {
    const { types, problems } = readCatalog('name,vcpu,memory_gib\nx,1,1\ny,?,1\n\nz,2,2\n', 'own.csv');
    expect(types.map((type) => type.name)).toEqual(['x', 'z']);
    expect(problems.map((problem) => problem.line)).toEqual([3]);
  });
});
