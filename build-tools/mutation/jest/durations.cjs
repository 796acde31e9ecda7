const { readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

/** In the sandbox of a mutation run, for all of its processes. */
const FILE = join(__dirname, 'durations.json');

/** Keeps how long each test took in the first run, that of all of them, if it passed. */
function writeDurations({ testResults: files }) {
  const durations = files.map(({ testFilePath, testResults }) =>
    [testFilePath, testResults.filter(({ status }) => status === 'passed').map(({ fullName, duration }) => [fullName, duration ?? 0])]);
  writeFileSync(FILE, JSON.stringify(Object.fromEntries(durations)));
}

/** The name and the milliseconds of each test, by the path of its file. */
function readDurations() {
  return JSON.parse(readFileSync(FILE, 'utf8'));
}

module.exports = { readDurations, writeDurations };
