// Validates a value by JSON Schema 2020-12: the keywords that the schema of requests uses, no others.
// It is code of our own because that is a hundred lines; libraries for all of the standard have
// thirty times as many. A keyword that is not known throws, so a new one cannot be overlooked.

const IGNORED = new Set(['$schema', '$defs', 'title', 'description', 'default', 'format', 'contentEncoding', 'then', 'else']);

export function validate(schema, value) {
  const violations = [];
  check(schema, value, '', schema, violations);
  return violations.filter((each, i) => violations.findIndex(other => other.pointer === each.pointer && other.message === each.message) === i);
}

/** Returns a schema with its reference resolved; keywords next to the reference take precedence. */
export function resolve(schema, root) {
  if (!schema.$ref) return schema;
  const target = schema.$ref.split('/').slice(1).reduce((at, name) => at[name], root);
  const { $ref, ...own } = schema;
  return { ...resolve(target, root), ...own };
}

const valid = (schema, value, root) => {
  const found = [];
  check(schema, value, '', root, found);
  return found.length === 0;
};

const isObject = value => value !== null && typeof value === 'object' && !Array.isArray(value);
const size = text => [...text].length;
const step = (pointer, name) => `${pointer}/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;

const TYPES = {
  object: isObject,
  array: Array.isArray,
  string: value => typeof value === 'string',
  number: value => typeof value === 'number',
  integer: value => typeof value === 'number' && Number.isInteger(value),
  boolean: value => typeof value === 'boolean',
  null: value => value === null,
};

const numeric = test => (limit, value) => typeof value !== 'number' || test(value, limit);
const textual = test => (limit, value) => typeof value !== 'string' || test(value, limit);
const listed = test => (limit, value) => !Array.isArray(value) || test(value, limit);

/** Keywords that are a test and a rule. */
const TESTS = {
  type: [(types, value) => [types].flat().some(type => TYPES[type](value)), types => `must be ${[types].flat().join(' or ')}`],
  enum: [(values, value) => values.includes(value), values => `must be one of ${values.join(', ')}`],
  const: [(only, value) => only === value, only => `must be ${only}`],
  minimum: [numeric((value, limit) => value >= limit), limit => `must be ${limit} or more`],
  maximum: [numeric((value, limit) => value <= limit), limit => `must be ${limit} or less`],
  exclusiveMinimum: [numeric((value, limit) => value > limit), limit => `must be more than ${limit}`],
  exclusiveMaximum: [numeric((value, limit) => value < limit), limit => `must be less than ${limit}`],
  minLength: [textual((value, limit) => size(value) >= limit), limit => `must have ${limit} characters or more`],
  maxLength: [textual((value, limit) => size(value) <= limit), limit => `must have ${limit} characters or less`],
  pattern: [textual((value, pattern) => new RegExp(pattern, 'u').test(value)), (pattern, schema) => `must be ${schema.description ?? `like ${pattern}`}`],
  minItems: [listed((value, limit) => value.length >= limit), limit => `must have ${limit} entries or more`],
  maxItems: [listed((value, limit) => value.length <= limit), limit => `must have ${limit} entries or less`],
  maxProperties: [(limit, value) => !isObject(value) || Object.keys(value).length <= limit, limit => `must have ${limit} fields or less`],
};

/** Keywords that look into the value. */
const WALKS = {
  $ref: (ref, value, pointer, root, into, schema) => {
    const target = resolve({ $ref: ref }, root);
    check(schema.description ? { ...target, description: target.description ?? schema.description } : target, value, pointer, root, into);
  },
  allOf: (all, value, pointer, root, into) => all.forEach(each => check(each, value, pointer, root, into)),
  if: (condition, value, pointer, root, into, schema) => {
    const next = valid(condition, value, root) ? schema.then : schema.else;
    if (next) check(next, value, pointer, root, into);
  },
  not: (other, value, pointer, root, into, schema) => {
    if (valid(other, value, root)) into.push({ pointer, message: `must ${schema.description ?? 'not be given'}` });
  },
  items: (each, value, pointer, root, into) => {
    if (Array.isArray(value)) value.forEach((element, i) => check(each, element, step(pointer, i), root, into));
  },
  properties: (properties, value, pointer, root, into) => {
    if (!isObject(value)) return;
    for (const [name, each] of Object.entries(properties)) {
      if (Object.hasOwn(value, name)) check(each, value[name], step(pointer, name), root, into);
    }
  },
  additionalProperties: (other, value, pointer, root, into, schema) => {
    if (!isObject(value)) return;
    for (const name of Object.keys(value).filter(key => !Object.hasOwn(schema.properties ?? {}, key))) {
      if (other === false) into.push({ pointer: step(pointer, name), message: 'is not a known field' });
      else check(other, value[name], step(pointer, name), root, into);
    }
  },
  propertyNames: (names, value, pointer, root, into) => {
    if (!isObject(value)) return;
    for (const name of Object.keys(value).filter(key => !valid(names, key, root))) {
      into.push({ pointer: step(pointer, name), message: `its name must have ${names.description}` });
    }
  },
  required: (names, value, pointer, root, into) => {
    if (!isObject(value)) return;
    for (const name of names.filter(key => !Object.hasOwn(value, key))) into.push({ pointer: step(pointer, name), message: 'is required' });
  },
  dependentRequired: (names, value, pointer, root, into) => {
    if (!isObject(value)) return;
    for (const [name, others] of Object.entries(names)) {
      if (!Object.hasOwn(value, name)) continue;
      for (const other of others.filter(key => !Object.hasOwn(value, key))) {
        into.push({ pointer: step(pointer, other), message: `is required with ${name}` });
      }
    }
  },
  dependentSchemas: (schemas, value, pointer, root, into) => {
    if (!isObject(value)) return;
    for (const [name, each] of Object.entries(schemas)) if (Object.hasOwn(value, name)) check(each, value, pointer, root, into);
  },
};

function check(schema, value, pointer, root, into) {
  for (const [keyword, argument] of Object.entries(schema)) {
    if (TESTS[keyword]) {
      const [test, rule] = TESTS[keyword];
      if (!test(argument, value)) into.push({ pointer, message: rule(argument, schema) });
    } else if (WALKS[keyword]) {
      WALKS[keyword](argument, value, pointer, root, into, schema);
    } else if (!IGNORED.has(keyword)) {
      throw new Error(`The keyword ${keyword} is not known.`);
    }
  }
}
