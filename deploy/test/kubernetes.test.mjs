// Validates each rendered overlay with the schemas of Kubernetes, KEDA and the Prometheus operator, and checks rules of workers.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test as run } from "node:test";
import { parseAllDocuments } from "yaml";
import { DEPLOY, documented, installed, knownVariables, portableImage, seconds } from "./files.mjs";

/** apiVersion -> module of its types. */
const MODULES = {
  v1: "kubernetes-models/v1",
  "apps/v1": "kubernetes-models/apps/v1",
  "batch/v1": "kubernetes-models/batch/v1",
  "networking.k8s.io/v1": "kubernetes-models/networking.k8s.io/v1",
  "policy/v1": "kubernetes-models/policy/v1",
  "scheduling.k8s.io/v1": "kubernetes-models/scheduling.k8s.io/v1",
  "keda.sh/v1alpha1": "@kubernetes-models/keda/keda.sh/v1alpha1",
  "monitoring.coreos.com/v1": "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1",
};
/** The program that renders overlays; undefined if there is none. */
const KUSTOMIZE = [["kustomize", "build"], ["kubectl", "kustomize"]].find(([program]) => installed(program));
const OVERLAYS = ["cpu", "gpu", "keda", "spot"];
const CLOSE_SECONDS = 5; // after the drain

// Skipped if nothing renders the overlays.
const test = KUSTOMIZE ? run : run.skip;

const rendered = KUSTOMIZE && Object.fromEntries(OVERLAYS.map((overlay) => [overlay, render(overlay)]));
const types = mkdtempSync(join(DEPLOY, "node_modules", ".types-"));
after(() => rmSync(types, { recursive: true }));

function render(overlay) {
  const path = join(DEPLOY, "kubernetes", "overlays", overlay);
  const [program, ...command] = KUSTOMIZE;
  const yaml = execFileSync(program, [...command, path], { encoding: "utf8", maxBuffer: 1 << 24 });
  return parseAllDocuments(yaml).map((document) => document.toJS());
}

function all(overlay, kind, name) {
  return rendered[overlay].filter((each) => each.kind === kind && (!name || each.metadata.name === name));
}

function one(overlay, kind, name) {
  const found = all(overlay, kind, name);
  assert.equal(found.length, 1, `${overlay}: ${kind} ${name ?? ""}`);
  return found[0];
}

/** Returns every pod template of Darkroom, with the name of its object. */
function pods(overlay) {
  return rendered[overlay]
    .filter((each) => each.spec?.template?.spec?.containers)
    .map((each) => ({ name: each.metadata.name, labels: each.spec.template.metadata.labels, ...each.spec.template.spec }));
}

const workerOf = (overlay) => one(overlay, "Deployment", "darkroom-worker").spec.template.spec;

/** Returns whether TypeScript accepts objects as literals of their types, which have no unknown fields. */
function typed(objects, name) {
  const lines = objects.map(({ apiVersion, kind }, i) => {
    return `import type { I${kind} as T${i} } from "${MODULES[apiVersion]}";\nexport const o${i}: T${i} = ${JSON.stringify(objects[i])};`;
  });
  const file = join(types, `${name}.ts`);
  writeFileSync(file, lines.join("\n"));
  const options = ["--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", "--target", "es2022"];
  try {
    execFileSync("node", [join(DEPLOY, "node_modules/typescript/bin/tsc"), ...options, file], { encoding: "utf8" });
    return "";
  } catch (refused) {
    return refused.stdout;
  }
}

test("every object is valid by the schema of its kind", async () => {
  for (const overlay of OVERLAYS) {
    for (const object of rendered[overlay]) {
      assert.ok(object.apiVersion in MODULES, `${overlay}: ${object.apiVersion}`);
      const { [object.kind]: Kind } = await import(MODULES[object.apiVersion]);
      assert.doesNotThrow(() => new Kind(object).validate(), `${overlay}: ${object.kind} ${object.metadata.name}`);
    }
  }
});

test("no object has a field that its kind does not have", () => {
  assert.equal(typed(OVERLAYS.flatMap((overlay) => rendered[overlay]), "objects"), "");
  const wrong = structuredClone(one("cpu", "Deployment", "darkroom-worker"));
  wrong.spec.template.spec.containers[0].readynessProbe = {};
  assert.match(typed([wrong], "wrong"), /readynessProbe/);
});

test("every pod runs without root, privileges, a writable root file system or a token", () => {
  for (const overlay of OVERLAYS) {
    assert.ok(pods(overlay).length >= 2);
    for (const pod of pods(overlay)) {
      const what = `${overlay}: ${pod.name}`;
      assert.equal(pod.securityContext.runAsNonRoot, true, what);
      assert.equal(pod.securityContext.runAsUser, 1001, what);
      assert.equal(pod.securityContext.seccompProfile.type, "RuntimeDefault", what);
      assert.equal(pod.automountServiceAccountToken, false, what);
      for (const container of pod.containers) {
        assert.equal(container.securityContext.readOnlyRootFilesystem, true, what);
        assert.equal(container.securityContext.allowPrivilegeEscalation, false, what);
        assert.deepEqual(container.securityContext.capabilities.drop, ["ALL"], what);
        assert.ok(container.resources?.requests?.memory && container.resources?.limits?.memory, what);
        assert.ok(portableImage(container.image), `${what}: ${container.image}`);
        assert.ok(container.volumeMounts.some((mount) => mount.mountPath === "/tmp"), what);
      }
    }
  }
});

test("a worker has time to drain before it is killed", () => {
  for (const overlay of OVERLAYS) {
    const config = rendered[overlay].find((each) => each.kind === "ConfigMap");
    const grace = seconds(config.data.DARKROOM_SHUTDOWN_GRACE);
    const preStop = workerOf(overlay).containers[0].lifecycle?.preStop?.sleep?.seconds ?? 0;
    assert.ok(workerOf(overlay).terminationGracePeriodSeconds >= preStop + grace + CLOSE_SECONDS, overlay);
  }
  assert.ok(workerOf("spot").terminationGracePeriodSeconds <= 25, "spot: the notice of a node that is taken away");
});

test("probes use the right endpoints, and the start has at least ten minutes", () => {
  for (const overlay of OVERLAYS) {
    const [worker] = workerOf(overlay).containers;
    assert.equal(worker.startupProbe.httpGet.path, "/q/health/started", overlay);
    assert.equal(worker.livenessProbe.httpGet.path, "/q/health/live", overlay);
    assert.equal(worker.readinessProbe.httpGet.path, "/q/health/ready", overlay);
    assert.ok(worker.startupProbe.periodSeconds * worker.startupProbe.failureThreshold >= 600, overlay);
  }
});

test("pods get known keys, and secrets only by reference", () => {
  const known = knownVariables();
  for (const overlay of OVERLAYS) {
    assert.deepEqual(all(overlay, "Secret"), []);
    const maps = all(overlay, "ConfigMap").flatMap((map) => Object.keys(map.data));
    const values = pods(overlay).flatMap((pod) => pod.containers.flatMap((each) => (each.env ?? []).map(({ name }) => name)));
    for (const variable of [...maps, ...values]) {
      assert.ok(known.has(variable), `${overlay}: ${variable}`);
      assert.doesNotMatch(variable, /SECRET|PASSWORD|TOKEN/, overlay);
    }
    for (const pod of pods(overlay)) {
      for (const container of pod.containers) {
        assert.ok(container.envFrom.some((from) => from.secretRef?.name === "darkroom"), `${overlay}: ${pod.name}`);
        const map = container.envFrom.find((from) => from.configMapRef).configMapRef.name;
        assert.equal(all(overlay, "ConfigMap", map).length, 1, `${overlay}: ${pod.name}: ${map}`);
      }
    }
  }
});

test("workers are spread, may be disrupted one at a time, and their priority exists", () => {
  for (const overlay of OVERLAYS) {
    const worker = workerOf(overlay);
    const labels = one(overlay, "Deployment", "darkroom-worker").spec.template.metadata.labels;
    assert.deepEqual(worker.topologySpreadConstraints.map((each) => each.topologyKey), [
      "topology.kubernetes.io/zone",
      "kubernetes.io/hostname",
    ]);
    assert.equal(one(overlay, "PriorityClass", worker.priorityClassName).preemptionPolicy, "Never");
    const budget = one(overlay, "PodDisruptionBudget", "darkroom-worker").spec;
    assert.equal(budget.maxUnavailable, 1);
    for (const [label, value] of Object.entries(budget.selector.matchLabels)) {
      assert.equal(labels[label], value, `${overlay}: ${label}`);
    }
  }
});

test("a GPU worker requests one GPU, runs on a node with a GPU, and never without one", () => {
  for (const overlay of ["gpu", "keda", "spot"]) {
    const worker = workerOf(overlay);
    const [container] = worker.containers;
    assert.equal(container.resources.limits["nvidia.com/gpu"], "1", overlay);
    assert.equal(worker.nodeSelector["nvidia.com/gpu.present"], "true", overlay);
    assert.ok(worker.tolerations.some((each) => each.key === "nvidia.com/gpu"), overlay);
    assert.equal(container.env.find((each) => each.name === "DARKROOM_DEVICE_PROVIDER").value, "cuda", overlay);
    assert.match(container.image, /:cuda/, overlay);
  }
  assert.equal(workerOf("cpu").containers[0].resources.limits["nvidia.com/gpu"], undefined);
});

test("the network is open only to DNS, broker, store and the scraper", () => {
  for (const overlay of OVERLAYS) {
    const { spec } = one(overlay, "NetworkPolicy", "darkroom");
    const concerned = spec.podSelector.matchExpressions[0].values;
    for (const pod of pods(overlay)) {
      assert.ok(concerned.includes(pod.labels["app.kubernetes.io/component"]), `${overlay}: ${pod.name}`);
    }
    assert.deepEqual(spec.policyTypes, ["Ingress", "Egress"]);
    const namespace = (peer) => peer.namespaceSelector.matchLabels["kubernetes.io/metadata.name"];
    assert.deepEqual(spec.ingress.flatMap((rule) => rule.from.map(namespace)), ["monitoring"]);
    assert.deepEqual(spec.egress.flatMap((rule) => rule.to.map(namespace)), ["kube-system", "kafka", "store"]);
    const { spec: more } = one(overlay, "NetworkPolicy", "darkroom-exporter");
    assert.deepEqual(more.podSelector.matchLabels, { "app.kubernetes.io/component": "exporter" });
    assert.deepEqual(more.egress.flatMap((rule) => rule.to.map(namespace)), ["monitoring"]);
    assert.equal(all(overlay, "NetworkPolicy").length, 2, overlay);
    const config = rendered[overlay].find((each) => each.kind === "ConfigMap").data;
    const ports = spec.egress.flatMap((rule) => rule.ports.map((each) => each.port));
    assert.ok(ports.includes(Number(config.DARKROOM_KAFKA_BOOTSTRAP_SERVERS.split(":")[1])));
    assert.ok(ports.includes(Number(new URL(config.DARKROOM_S3_ENDPOINT).port)));
  }
});

test("the backlog is exported if a fleet may have no worker", () => {
  for (const overlay of OVERLAYS) {
    const { spec } = one(overlay, "Deployment", "darkroom-exporter");
    assert.equal(spec.replicas, 1, overlay);
    const [exporter] = spec.template.spec.containers;
    assert.deepEqual(exporter.args.slice(0, 2), ["exporter", "--prometheus"], overlay);
    const [policy] = one(overlay, "NetworkPolicy", "darkroom-exporter").spec.egress;
    assert.equal(policy.ports[0].port, Number(new URL(exporter.args[2]).port), overlay);
    assert.equal(exporter.resources.limits["nvidia.com/gpu"], undefined, overlay);
    assert.equal(one(overlay, "ServiceMonitor", "darkroom-exporter").spec.endpoints[0].path, "/metrics", overlay);
  }
});

test("the scraper finds a port of the worker's service", () => {
  for (const overlay of OVERLAYS) {
    for (const monitor of all(overlay, "ServiceMonitor")) {
      const services = all(overlay, "Service").filter((service) =>
        Object.entries(monitor.spec.selector.matchLabels).every(([key, value]) => service.metadata.labels[key] === value),
      );
      assert.equal(services.length, 1, monitor.metadata.name);
      for (const endpoint of monitor.spec.endpoints) {
        assert.ok(services[0].spec.ports.some((port) => port.name === endpoint.port), monitor.metadata.name);
      }
    }
    assert.equal(one(overlay, "ServiceMonitor", "darkroom-worker").spec.endpoints[0].path, "/q/metrics");
  }
});

test("KEDA scales from zero by device seconds over target wait, never above the partitions", () => {
  for (const overlay of ["keda", "spot"]) {
    const { spec } = one(overlay, "ScaledObject", "darkroom-worker");
    const worker = one(overlay, "Deployment", spec.scaleTargetRef.name);
    assert.equal(worker.spec.replicas, undefined, "the autoscaler decides");
    assert.equal(spec.minReplicaCount, 0);
    const { args } = one(overlay, "Job", "darkroom-setup").spec.template.spec.containers[0];
    assert.ok(spec.maxReplicaCount <= Number(args[args.indexOf("--partitions") + 1]), overlay);
    const [backlog, lag] = spec.triggers;
    assert.equal(backlog.type, "prometheus");
    assert.match(backlog.metadata.query, /darkroom_fleet_backlog_device_seconds/);
    assert.equal(backlog.metricType, "AverageValue");
    assert.equal(backlog.metadata.activationThreshold, "0");
    assert.equal(backlog.metadata.threshold, documented("target-wait"), "the wait of the simulation");
    assert.equal(backlog.metadata.ignoreNullValues, "false", "a missing exporter is not an empty topic");
    const [exporter] = one(overlay, "Deployment", "darkroom-exporter").spec.template.spec.containers;
    assert.equal(backlog.metadata.serverAddress, exporter.args[2], "the Prometheus of the exporter");
    const { failureThreshold, replicas, behavior } = spec.fallback;
    assert.ok(failureThreshold >= 1 && replicas >= 1 && replicas <= spec.maxReplicaCount, overlay);
    assert.equal(behavior, "currentReplicasIfHigher", "an outage of Prometheus stops no worker");
    assert.equal(lag.type, "kafka");
    const { data } = rendered[overlay].find((each) => each.kind === "ConfigMap");
    assert.ok(lag.metadata.bootstrapServersFromEnv in data);
    assert.equal(lag.metadata.consumerGroup, data.DARKROOM_KAFKA_GROUP ?? documented("darkroom.kafka.group"));
    assert.equal(lag.metadata.topic, data.DARKROOM_KAFKA_REQUESTS_TOPICS ?? documented("darkroom.kafka.requests-topics"));
    assert.equal(lag.metadata.activationLagThreshold, "0", "the first request starts a worker");
    assert.equal(lag.metadata.offsetResetPolicy, "earliest", "as the workers");
    assert.equal(spec.scaleTargetRef.envSourceContainerName, worker.spec.template.spec.containers[0].name);
    const { scaleUp, scaleDown } = spec.advanced.horizontalPodAutoscalerConfig.behavior;
    assert.equal(scaleUp.stabilizationWindowSeconds, 0);
    assert.ok(scaleDown.stabilizationWindowSeconds >= 180, "longer than a worker starts");
    assert.ok(spec.cooldownPeriod >= 180, "longer than a worker starts");
  }
});
