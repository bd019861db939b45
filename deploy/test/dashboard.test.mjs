// Every query of the dashboard returns a value for the recorded scrapes of a worker and of the exporter, in a real Prometheus.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test as run } from "node:test";
import { parse } from "yaml";
import { installed, text } from "./files.mjs";

const SCRAPES = ["scrapes/worker-1.txt", "scrapes/exporter-1.txt", "scrapes/worker-2.txt", "scrapes/exporter-2.txt"];
const BEGIN = 1_700_000_000; // of the first scrapes, any time
const SECONDS = 60; // between first and second ones
const RANGE = "5m";

const dashboard = JSON.parse(text("grafana/dashboards/darkroom.json"));
const panels = dashboard.panels.filter((panel) => panel.type !== "row");
const folder = mkdtempSync(join(tmpdir(), "darkroom-dashboard-"));
let port;
let prometheus;

/** A scrape in the OpenMetrics format with a time and the labels that a scraper adds. */
function timed(file, second) {
  const instance = file.includes("worker") ? "worker:8080" : "exporter:9404";
  return text(`test/${file}`)
    .split("\n")
    .filter((line) => line && !line.startsWith("#"))
    .map((line) => {
      const [, name, labels, value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line);
      return `${name}{${[`instance="${instance}"`, labels?.replace(/,$/, "")].filter(Boolean).join(",")}} ${value} ${second}`;
    });
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port: free } = server.address();
      server.close(() => resolve(free));
    });
  });
}

// The queries are skipped without Prometheus.
const test = installed("prometheus") && installed("promtool") ? run : run.skip;

before(async () => {
  if (test !== run) return;
  const samples = SCRAPES.flatMap((file) => timed(file, BEGIN + (file.includes("-2") ? SECONDS : 0)));
  writeFileSync(join(folder, "metrics.txt"), `${samples.join("\n")}\n# EOF\n`);
  writeFileSync(join(folder, "empty.yaml"), "scrape_configs: []\n");
  const data = join(folder, "data");
  execFileSync("promtool", ["tsdb", "create-blocks-from", "openmetrics", join(folder, "metrics.txt"), data], { stdio: "pipe" });
  port = await freePort();
  const options = [`--config.file=${folder}/empty.yaml`, `--storage.tsdb.path=${data}`, "--storage.tsdb.retention.time=100y"];
  prometheus = spawn("prometheus", [...options, `--web.listen-address=127.0.0.1:${port}`], { stdio: "ignore" });
  for (let tries = 0; tries < 300; tries++) {
    try {
      if ((await fetch(`http://127.0.0.1:${port}/-/ready`)).ok) return;
    } catch {
      // not yet
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("prometheus does not answer");
});

after(() => {
  prometheus?.kill();
  rmSync(folder, { recursive: true, force: true });
});

async function ask(query) {
  const parameters = new URLSearchParams({ query, time: String(BEGIN + SECONDS + 1) });
  const answer = await (await fetch(`http://127.0.0.1:${port}/api/v1/query?${parameters}`)).json();
  assert.equal(answer.status, "success", `${query}: ${answer.error}`);
  return answer.data.result;
}

test("every query gives a number on the recorded scrapes", async () => {
  const queries = panels.flatMap((panel) => panel.targets.map((target) => [panel.title, target.expr]));
  assert.ok(queries.length > 30);
  for (const [title, expr] of queries) {
    const query = expr.replaceAll("$__rate_interval", RANGE).replaceAll("$model", ".*");
    assert.doesNotMatch(query, /\$/, title);
    const result = await ask(query);
    assert.ok(result.length > 0, `${title}: ${expr}`);
    assert.ok(result.some((each) => Number.isFinite(Number(each.value[1]))), `${title}: ${expr}`);
  }
  assert.deepEqual(await ask("darkroom_no_such_metric"), []);
});

test("the exporter's query gives the time of a row by model", async () => {
  const source = text("../src/main/java/io/darkroom/app/fleet/PrometheusRowTimes.java");
  const query = /QUERY =\s+"([^"]+)"/.exec(source)[1];
  const models = (await ask(query)).map((each) => each.metric.model);
  assert.deepEqual(models.sort(), ["emoji-32", "emoji-64", "emoji-sr4"]);
});

test("every metric of the alerts is one that was scraped", async () => {
  const names = new Set(text("prometheus/alerts.yaml").match(/darkroom_\w+/g));
  for (const name of names) {
    assert.ok((await ask(`{__name__="${name}"}`)).length > 0, name);
  }
});

run("the dashboard links to the traces, whose data source is a service of compose.yaml", () => {
  const { datasources } = parse(text("grafana/provisioning/datasources/datasources.yaml"));
  const traces = datasources.find(({ type }) => type === "jaeger");
  const { services } = parse(text("compose.yaml"), { merge: true });
  assert.ok(new URL(traces.url).hostname in services, traces.url);
  const { url } = dashboard.links.find(({ title }) => title === "Traces");
  const [pane] = Object.values(JSON.parse(new URL(url, "http://grafana").searchParams.get("panes")));
  assert.equal(pane.datasource, traces.uid);
  assert.equal(pane.queries[0].service, "darkroom"); // quarkus.application.name
});

run("panels have titles, units and separate places", () => {
  const places = dashboard.panels.map((panel) => `${panel.gridPos.x},${panel.gridPos.y}`);
  assert.equal(new Set(places).size, places.length);
  assert.equal(new Set(dashboard.panels.map((panel) => panel.id)).size, places.length);
  for (const panel of panels) {
    assert.ok(panel.title && panel.fieldConfig.defaults.unit, panel.title);
    assert.equal(panel.datasource.uid, "${datasource}", panel.title);
  }
});
