// Validates expanded templates with AWS's own rules: validate.js INSTALLED TEMPLATE.json... prints
// a line of JSON, {file, rule, message}, for each finding. Warnings are findings: wrong values of
// enumerations are among them.
'use strict';
const { createRequire } = require('node:module');
const [installed, ...paths] = process.argv.slice(2);
const { CelEngine, TemplateFile } = createRequire(installed + '/')('@aws/cloudformation-validate');

const engine = new CelEngine();
for (const path of paths) {
  const report = engine.validateStandard(new TemplateFile(path), { strict: true, severityLevel: 'WARN' });
  const findings = report.diagnostics.map((d) => ({
    rule: d.ruleId,
    message: `${d.entity?.logicalId ?? ''} ${d.propertyPath ?? ''}: ${d.message}`,
  }));
  if (report.status !== 'OK') findings.push({ rule: report.status, message: 'the analysis is not complete' });
  for (const finding of findings) console.log(JSON.stringify({ file: path, ...finding }));
}
engine.free();
