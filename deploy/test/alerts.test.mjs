// Each alert has a runbook, a test, and metrics that exist.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { DEPLOY, text } from "./files.mjs";

const alerts = parse(text("prometheus/alerts.yaml")).groups.flatMap((group) => group.rules);
const names = alerts.map(({ alert }) => alert).sort();

test("each alert has a runbook, and each runbook an alert", () => {
  assert.deepEqual(readdirSync(join(DEPLOY, "runbooks")).map((file) => file.replace(/\.md$/, "")).sort(), names);
  for (const { alert, annotations, labels } of alerts) {
    assert.equal(annotations.runbook, `deploy/runbooks/${alert}.md`);
    assert.ok(annotations.summary && ["warning", "critical"].includes(labels.severity), alert);
    assert.match(text(`runbooks/${alert}.md`), /^# \w+\n\nFor those on call\. .+\n\n## Look\n\n- [^]+\n\n## Do\n\n- /);
  }
});

test("each alert fires in one test and is silent in another", () => {
  const tests = parse(text("prometheus/alerts.test.yaml")).tests.flatMap((each) => each.alert_rule_test);
  const fired = tests.filter((each) => each.exp_alerts.length > 0).map((each) => each.alertname);
  const silent = tests.filter((each) => each.exp_alerts.length === 0).map((each) => each.alertname);
  assert.deepEqual([...new Set(fired)].sort(), names);
  assert.deepEqual([...new Set(silent)].sort(), names);
});
