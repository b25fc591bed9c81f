// Reads and writes CAR files with @ipld/car, one answer for each line of input:
//
//   read FILE    -> the root, then every block's CID in the file's order, each checked by its hash
//   write FILE   -> the root of a small tree that ipfs-unixfs-importer made and @ipld/car wrote into the file
import { createReadStream, createWriteStream } from 'node:fs'
import { createHash } from 'node:crypto'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { CarBlockIterator, CarWriter } from '@ipld/car'
import { MemoryBlockstore } from 'blockstore-core/memory'
import { importer } from 'ipfs-unixfs-importer'
import { fixedSize } from 'ipfs-unixfs-importer/chunker'
import { balanced } from 'ipfs-unixfs-importer/layout'

async function read (file) {
  const blocks = await CarBlockIterator.fromIterable(createReadStream(file))
  const roots = await blocks.getRoots()
  const cids = []
  for await (const { cid, bytes } of blocks) {
    const digest = createHash('sha256').update(bytes).digest('hex')
    if (digest !== Buffer.from(cid.multihash.digest).toString('hex')) {
      throw new Error(`${cid}: wrong hash`)
    }
    cids.push(`${cid}`)
  }
  return [...roots.map(root => `${root}`), ...cids].join(' ')
}

async function write (file) {
  const store = new MemoryBlockstore()
  const written = []
  const recording = {
    put: async (cid, bytes) => { written.push({ cid, bytes }); return store.put(cid, bytes) },
    get: (cid) => store.get(cid)
  }
  const files = [
    { path: 'root/large', content: new Uint8Array(3 * 1048576 + 1).fill(7) },
    { path: 'root/日本/語 "quoted"\n', content: new TextEncoder().encode('small') },
    { path: 'root/empty' }
  ]
  let root
  for await (const entry of importer(files, recording, {
    cidVersion: 1,
    rawLeaves: true,
    wrapWithDirectory: false,
    chunker: fixedSize({ chunkSize: 1048576 }),
    layout: balanced({ maxChildrenPerNode: 174 })
  })) {
    root = entry.cid
  }
  const { writer, out } = CarWriter.create([root])
  const done = pipeline(Readable.from(out), createWriteStream(file))
  for (const block of written) {
    await writer.put({ cid: block.cid, bytes: block.bytes })
  }
  await writer.close()
  await done
  return `${root}`
}

for await (const line of createInterface({ input: process.stdin })) {
  const [verb, file] = line.split(' ')
  console.log(await (verb === 'read' ? read(file) : write(file)))
}
