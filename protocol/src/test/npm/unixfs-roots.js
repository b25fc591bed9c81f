// Prints the UnixFS root of each directory given, one CID per line, as ipfs-unixfs-importer computes it.
//
//   node unixfs-roots.js <chunk bytes> <links per node> <directory>...
//
// The importer keeps no order of its own: @ipld/dag-pb sorts the links of each node by the UTF-8 bytes of their names.
// So this script sorts nothing, and what the tests compare is that order too.
import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { BlackHoleBlockstore } from 'blockstore-core/black-hole'
import { importer } from 'ipfs-unixfs-importer'
import { fixedSize } from 'ipfs-unixfs-importer/chunker'
import { balanced } from 'ipfs-unixfs-importer/layout'

const ROOT = 'root'

// A directory comes before what is in it, so that an empty one is kept and a full one is filled.
async function * candidates (directory, path) {
  yield { path }
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const from = join(directory, entry.name)
    const to = `${path}/${entry.name}`
    if (entry.isDirectory()) {
      yield * candidates(from, to)
    } else {
      yield { path: to, content: createReadStream(from) }
    }
  }
}

async function root (directory, chunkSize, maxChildrenPerNode) {
  let last
  const options = {
    cidVersion: 1,
    rawLeaves: true,
    reduceSingleLeafToSelf: true,
    wrapWithDirectory: false,
    shardSplitThresholdBytes: Number.MAX_SAFE_INTEGER,
    chunker: fixedSize({ chunkSize }),
    layout: balanced({ maxChildrenPerNode })
  }
  for await (const entry of importer(candidates(directory, ROOT), new BlackHoleBlockstore(), options)) {
    last = entry
  }
  if (last.path !== ROOT) {
    throw new Error(`${directory}: the last entry is ${last.path} (expected: ${ROOT})`)
  }
  return last.cid
}

const [chunkSize, maxChildrenPerNode, ...directories] = process.argv.slice(2)
for (const directory of directories) {
  console.log(`${await root(directory, Number(chunkSize), Number(maxChildrenPerNode))}`)
}
