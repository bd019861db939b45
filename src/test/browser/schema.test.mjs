// The validator of the page against the examples, and against each rule of the schema of requests.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { validate } from '../../main/resources/console/schema.js';

const SCHEMAS = new URL('../../../schemas/', import.meta.url);
const read = name => JSON.parse(readFileSync(new URL(name, SCHEMAS), 'utf8'));
const SCHEMA = read('render-request.schema.json');
const MINIMAL = { id: 'a', kind: 'generate', model: 'm' };

const pointers = request => validate(SCHEMA, request).map(each => each.pointer);

test('every example except the bad one conforms to the schema', () => {
  const names = readdirSync(new URL('examples/', SCHEMAS)).filter(name => name.endsWith('.json'));
  assert.ok(names.length > 10);
  for (const name of names.filter(each => each !== 'bad-request.json')) {
    // Some examples name the output of another one, in braces.
    const found = validate(SCHEMA, read(`examples/${name}`)).filter(each => !each.pointer.endsWith('/uri'));
    assert.deepEqual(found, [], name);
  }
  assert.deepEqual(pointers(read('examples/bad-request.json')).sort(), ['/colour', '/guidance_scale', '/num_inference_steps']);
});

test('each rule has its violation, at its place', () => {
  const cases = [
    [{}, ['/id', '/kind', '/model']],
    [{ ...MINIMAL, id: '/' }, ['/id']],
    [{ ...MINIMAL, kind: 'draw' }, ['/kind']],
    [{ ...MINIMAL, model: 'm@sha256:1' }, ['/model']],
    [{ ...MINIMAL, prompt: 'x'.repeat(8193) }, ['/prompt']],
    [{ ...MINIMAL, seed: -1 }, ['/seed']],
    [{ ...MINIMAL, seed: '18446744073709551616' }, ['/seed']],
    [{ ...MINIMAL, seed: '18446744073709551615' }, []],
    [{ ...MINIMAL, seeds: [] }, ['/seeds']],
    [{ ...MINIMAL, seeds: [1], seed: 1 }, ['/seed']],
    [{ ...MINIMAL, width: 64 }, ['/height']],
    [{ ...MINIMAL, width: 64.5, height: 64 }, ['/width']],
    [{ ...MINIMAL, eta: 1.1 }, ['/eta']],
    [{ ...MINIMAL, strength: 0, image: { uri: 's3://bucket/a.png' } }, ['/strength']],
    [{ ...MINIMAL, kind: 'upscale' }, ['/image']],
    [{ ...MINIMAL, kind: 'upscale', image: { uri: 's3://bucket/../a' }, width: 1, height: 1 }, ['/height', '/image/uri', '/width']],
    [{ ...MINIMAL, image: { uri: 's3://bucket/a.png', data: 'AAAA' } }, ['/image/uri']],
    [{ ...MINIMAL, timesteps: [1], num_inference_steps: 4 }, ['/num_inference_steps']],
    [{ ...MINIMAL, scheduler: { _class_name: 'euler', '1st': 1 } }, ['/scheduler/1st']],
    [{ ...MINIMAL, scheduler: { a: { b: 1 } } }, ['/scheduler/a']],
    [{ ...MINIMAL, inputs: { depth: { sha256: 'x' } } }, ['/inputs/depth/sha256', '/inputs/depth/uri']],
    [{ ...MINIMAL, then: [{ kind: 'generate', model: 'm' }] }, ['/then/0/denoising_start']],
    [{ ...MINIMAL, noise_schedule: { betas: [0.1], steps: 4 } }, ['/noise_schedule/steps']],
    [{ ...MINIMAL, output: { format: 'gif', colour: 1 } }, ['/output/colour', '/output/format']],
    [{ ...MINIMAL, deadline: 'tomorrow' }, ['/deadline']],
    [{ ...MINIMAL, metadata: [] }, ['/metadata']],
  ];
  for (const [request, expected] of cases) assert.deepEqual([...new Set(pointers(request))].sort(), expected, JSON.stringify(request).slice(0, 80));
});

test('an unknown keyword is an error', () => {
  assert.throws(() => validate({ uniqueItems: true }, []), /uniqueItems/);
});
