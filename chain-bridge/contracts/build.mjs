// Compiles the contracts of src/ into artifacts/, one JSON file per deployable contract.
//
//   node build.mjs          writes artifacts/<Name>.json
//   node build.mjs --check  compares artifacts/ with a fresh compile, changes nothing
//   node build.mjs --test   compiles the doubles of test/ into ../target/contracts, unless they are up to date
//
// The output depends on the sources, package-lock.json and this file only: no paths, no times, no metadata hash.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = dirname(fileURLToPath(import.meta.url));
const ARTIFACTS = join(HERE, 'artifacts');
const DOUBLES = join(HERE, '..', 'target', 'contracts');

/** EIP-170: a chain refuses to deploy more. */
const MAX_DEPLOYED_BYTES = 24_576;

const SETTINGS = {
  optimizer: { enabled: true, runs: 1_000_000 },
  viaIR: true,
  // Transient storage and MCOPY are wanted; later versions are not on every chain that has users.
  evmVersion: 'cancun',
  metadata: { bytecodeHash: 'none', appendCBOR: false },
};

const OUTPUTS = ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object', 'devdoc', 'userdoc'];

class Failure extends Error {}

function solidityFiles(folder) {
  return readdirSync(join(HERE, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.sol'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(HERE.length + 1).replaceAll('\\', '/'))
    .sort();
}

function source(unit) {
  const file = join(HERE, unit.startsWith('@') ? 'node_modules' : '', unit);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** Everything that the given units import, themselves included: unit name to text. */
function closure(units) {
  const sources = {};
  const visit = (unit) => {
    if (sources[unit]) return;
    const content = source(unit);
    if (content === undefined) throw new Failure(`no such source: ${unit}`);
    sources[unit] = { content };
    for (const [, , path] of content.matchAll(/^\s*(import|\}\s*from)\s[^"';]*["']([^"']+)["']/gm)) {
      visit(path.startsWith('.') ? join(dirname(unit), path).replaceAll('\\', '/') : path);
    }
  };
  units.forEach(visit);
  return Object.fromEntries(Object.entries(sources).sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function compile(sources, folder) {
  if (!existsSync(join(HERE, 'node_modules', 'solc'))) {
    throw new Failure('npm packages are missing; run: deploy/verify.sh, or: cd chain-bridge/contracts && npm ci');
  }
  const { default: solc } = await import('solc');
  const outputSelection = Object.fromEntries(
    Object.keys(sources).filter((unit) => unit.startsWith(folder + '/')).map((unit) => [unit, { '*': OUTPUTS }]));
  const input = { language: 'Solidity', sources, settings: { ...SETTINGS, outputSelection } };
  const output = JSON.parse(solc.compile(JSON.stringify(input)));
  // Warnings are errors where the text is ours.
  const isOurs = (error) => !(error.sourceLocation?.file ?? '').startsWith('@');
  const complaints = (output.errors ?? []).filter((error) => error.severity === 'error' || isOurs(error));
  if (complaints.length > 0) throw new Failure(complaints.map((error) => error.formattedMessage).join('\n'));
  return { contracts: output.contracts ?? {}, version: solc.version() };
}

/** Objects with their keys in order, so that equal content is equal text. */
function ordered(value) {
  if (Array.isArray(value)) return value.map(ordered);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, ordered(value[key])]));
}

/** What is deployable: a contract with code of its own that is not a library of internal functions. */
function artifacts({ contracts, version }, sources) {
  const found = new Map();
  for (const [unit, members] of Object.entries(contracts)) {
    for (const [name, contract] of Object.entries(members)) {
      const code = contract.evm?.bytecode?.object ?? '';
      if (code === '' || new RegExp(`^library\\s+${name}\\b`, 'm').test(sources[unit].content)) continue;
      if (found.has(name)) throw new Failure(`two contracts are called ${name}: ${unit} and ${found.get(name).source}`);
      found.set(name, {
        contractName: name,
        source: unit,
        compiler: { version, settings: ordered(SETTINGS) },
        abi: contract.abi.map(ordered),
        devdoc: ordered(contract.devdoc),
        userdoc: ordered(contract.userdoc),
        bytecode: '0x' + code,
        deployedBytecode: '0x' + contract.evm.deployedBytecode.object,
      });
    }
  }
  return [...found.values()].sort((a, b) => (a.contractName < b.contractName ? -1 : 1));
}

const bytesOf = (hex) => (hex.length - 2) / 2;
const textOf = (artifact) => JSON.stringify(artifact, null, 2) + '\n';

function checkSizes(all) {
  for (const { contractName, deployedBytecode } of all) {
    const size = bytesOf(deployedBytecode);
    if (size > MAX_DEPLOYED_BYTES) {
      throw new Failure(`${contractName}: ${size} bytes (expected: <= ${MAX_DEPLOYED_BYTES}, EIP-170)`);
    }
    console.log(`${contractName.padEnd(24)} ${String(size).padStart(6)} bytes, ${MAX_DEPLOYED_BYTES - size} left`);
  }
}

function filesIn(folder) {
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')).sort() : [];
}

function write(folder, all) {
  mkdirSync(folder, { recursive: true });
  const names = new Set(all.map((artifact) => artifact.contractName + '.json'));
  filesIn(folder).filter((name) => !names.has(name)).forEach((name) => rmSync(join(folder, name)));
  all.forEach((artifact) => writeFileSync(join(folder, artifact.contractName + '.json'), textOf(artifact)));
}

function check(all) {
  const wanted = new Map(all.map((artifact) => [artifact.contractName + '.json', textOf(artifact)]));
  const differing = [...new Set([...wanted.keys(), ...filesIn(ARTIFACTS)])].sort().filter((name) => {
    const file = join(ARTIFACTS, name);
    return !existsSync(file) || readFileSync(file, 'utf8') !== wanted.get(name);
  });
  if (differing.length > 0) {
    throw new Failure(`not what the sources compile to: ${differing.map((name) => 'artifacts/' + name).join(', ')}\n`
      + 'To regenerate: cd chain-bridge/contracts && node build.mjs && node wrappers.mjs');
  }
}

/** Does the work unless it was done with the same sources, compiler, script and further files. Compiling takes long. */
async function unlessDone(stampName, sources, files, work) {
  const read = (file) => readFileSync(file, 'utf8');
  const parts = [sources, read(join(HERE, 'package-lock.json')), read(fileURLToPath(import.meta.url)), files.map(read)];
  const hash = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  const stamp = join(DOUBLES, stampName);
  if (existsSync(stamp) && read(stamp) === hash) return;
  await work();
  mkdirSync(DOUBLES, { recursive: true });
  writeFileSync(stamp, hash);
}

async function buildDoubles() {
  const sources = closure(solidityFiles('test'));
  await unlessDone('doubles', sources, [], async () => write(DOUBLES, artifacts(await compile(sources, 'test'), sources)));
}

async function checkArtifacts() {
  const sources = closure(solidityFiles('src'));
  const committed = filesIn(ARTIFACTS).map((name) => join(ARTIFACTS, name));
  await unlessDone('checked', sources, committed, async () => {
    const all = artifacts(await compile(sources, 'src'), sources);
    checkSizes(all);
    check(all);
  });
}

async function main(mode) {
  if (mode === '--test') return buildDoubles();
  if (mode === '--check') return checkArtifacts();
  if (mode !== undefined) throw new Failure('usage: node build.mjs [--check | --test]');
  const sources = closure(solidityFiles('src'));
  const all = artifacts(await compile(sources, 'src'), sources);
  checkSizes(all);
  write(ARTIFACTS, all);
}

try {
  await main(process.argv[2]);
} catch (failure) {
  if (!(failure instanceof Failure)) throw failure;
  console.error(failure.message);
  process.exitCode = 1;
}
