// Validates compose.yaml with the schema of the Compose specification, and checks rules of the worker's containers.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import Ajv from "ajv";
import addFormats from "ajv-formats";
import { parse } from "yaml";
import { DEPLOY, knownVariables, portableImage, seconds, text } from "./files.mjs";

const compose = parse(text("compose.yaml"), { merge: true });
const ours = Object.entries(compose.services).filter(([, service]) => service.image.startsWith("darkroom:"));

test("compose.yaml is valid by the Compose schema, and the schema refuses mistakes", () => {
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats(ajv);
  ajv.addFormat("duration", /^([0-9.]+(ns|us|ms|s|m|h))+$/); // Compose's, not that of ISO 8601
  const { $schema, ...schema } = JSON.parse(text("node_modules/dclint/schemas/compose.schema.json"));
  assert.match($schema, /draft-07/); // Ajv knows it with another URL scheme
  const valid = ajv.compile(schema);
  assert.ok(valid(compose), JSON.stringify(valid.errors, null, 1));
  assert.ok(!valid({ services: { worker: { image: "darkroom", comand: ["run"] } } }));
});

test("images have a version and no registry", () => {
  for (const [name, service] of Object.entries(compose.services)) {
    assert.ok(portableImage(service.image), `${name}: ${service.image}`);
  }
});

test("containers of Darkroom are read-only, without root and without capabilities", () => {
  assert.ok(ours.length >= 2);
  for (const [name, service] of ours) {
    assert.equal(service.read_only, true, name);
    assert.equal(service.user, "1001:1001", name);
    assert.deepEqual(service.cap_drop, ["ALL"], name);
    assert.ok(service.security_opt.includes("no-new-privileges:true"), name);
  }
});

test("containers of Darkroom get keys that a worker knows", () => {
  const known = knownVariables();
  for (const [name, service] of ours) {
    for (const variable of Object.keys(service.environment)) {
      assert.ok(known.has(variable) || variable.startsWith("QUARKUS_OTEL_"), `${name}: ${variable}`);
    }
  }
});

test("the worker waits for setup, setup for broker and store, and a stop leaves time to drain", () => {
  const { worker, setup } = compose.services;
  assert.equal(worker.depends_on.setup.condition, "service_completed_successfully");
  assert.equal(setup.depends_on.kafka.condition, "service_healthy");
  assert.equal(setup.depends_on.store.condition, "service_healthy");
  assert.ok(compose.services.kafka.healthcheck && compose.services.store.healthcheck);
  assert.ok(seconds(worker.stop_grace_period) >= 20 + 5);
});

test("every volume and every file that is mounted exists", () => {
  for (const [name, service] of Object.entries(compose.services)) {
    for (const volume of service.volumes ?? []) {
      const source = volume.replace(/\$\{\w+:-([^}]+)\}/, "$1").split(":")[0];
      if (source.startsWith(".")) {
        assert.ok(existsSync(join(DEPLOY, source)), `${name}: ${source}`);
      } else {
        assert.ok(source in compose.volumes, `${name}: ${source}`);
      }
    }
  }
});
