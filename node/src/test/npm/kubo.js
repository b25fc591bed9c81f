// The part of the Kubo RPC API and of the trustless gateway that the node speaks, over the blockstore and the CIDs that
// JavaScript's IPFS consists of. It is a double of the server, exact in what docs.ipfs.tech and Kubo's own source and tests
// (blockstoreutil, t0050-block.sh) say of these calls: POST only, multipart bodies, JSON answers, errors as status 500 with
// {Message, Code, Type}, and one that concerns a single block in an answer with status 200.
//
//   node kubo.js [TOKEN]     prints its port, serves until standard input ends; with a token: bearer authorization
import { createServer } from 'node:http'
import { MemoryBlockstore } from 'blockstore-core/memory'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'

const RAW = 0x55
const MAX_BLOCK = 2 * 1024 * 1024
const token = process.argv[2]
const blocks = new MemoryBlockstore()
const pins = new Set()

async function body (request) {
  const parts = []
  for await (const part of request) parts.push(part)
  return Buffer.concat(parts)
}

async function bytes (found) {
  if (found instanceof Uint8Array) return found
  const parts = []
  for await (const part of found) parts.push(part)
  return Buffer.concat(parts)
}

// The first part of a multipart/form-data body.
function file (request, body) {
  const boundary = /boundary="?([^";]+)"?/.exec(request.headers['content-type'] ?? '')?.[1]
  if (boundary === undefined) throw new Error('file argument \'data\' is required')
  const head = body.indexOf('\r\n\r\n')
  const end = body.lastIndexOf(`\r\n--${boundary}--`)
  if (!body.subarray(0, head).includes('name="') || end < head) throw new Error('multipart: NextPart: EOF')
  return body.subarray(head + 4, end)
}

const held = cid => CID.createV1(RAW, cid.multihash)

async function get (cid, offline) {
  if (!await blocks.has(held(cid))) {
    throw new Error(offline ? `block was not found locally (offline): ipld: could not find ${cid}` : 'context deadline exceeded')
  }
  return bytes(await blocks.get(held(cid)))
}

const calls = {
  async 'block/put' (query, request) {
    const data = file(request, await body(request))
    if (data.length > MAX_BLOCK && query.get('allow-big-block') !== 'true') {
      throw new Error('produced block is over 2MiB: big blocks can\'t be exchanged with other peers. consider using UnixFS for automatic chunking of bigger files, or pass --allow-big-block to override')
    }
    if (query.get('cid-codec') !== 'raw' || query.get('mhtype') !== 'sha2-256') throw new Error('only raw, sha2-256 here')
    const cid = CID.createV1(RAW, await sha256.digest(data))
    await blocks.put(cid, Uint8Array.from(data))
    if (query.get('pin') === 'true') pins.add(`${cid}`)
    return { Key: `${cid}`, Size: data.length }
  },
  async 'block/get' (query) {
    return get(CID.parse(query.get('arg')), query.get('offline') === 'true')
  },
  async 'block/stat' (query) {
    const cid = CID.parse(query.get('arg'))
    return { Key: `${cid}`, Size: (await get(cid, query.get('offline') === 'true')).length }
  },
  async 'pin/rm' (query) {
    const cid = CID.parse(query.get('arg'))
    if (!pins.delete(`${cid}`)) throw new Error('not pinned or pinned indirectly')
    return { Pins: [`${cid}`] }
  },
  async 'block/rm' (query) {
    const cid = CID.parse(query.get('arg'))
    if (pins.has(`${cid}`)) return { Hash: `${cid}`, Error: 'pinned: recursive' }
    if (await blocks.has(held(cid))) {
      await blocks.delete(held(cid))
    } else if (query.get('force') !== 'true') {
      return { Hash: `${cid}`, Error: `ipld: could not find ${cid}` }
    }
    return { Hash: `${cid}` }
  }
}

async function answer (request, response) {
  const url = new URL(request.url, 'http://127.0.0.1')
  if (url.pathname.startsWith('/ipfs/')) {
    const cid = CID.parse(url.pathname.slice(6))
    if (url.searchParams.get('format') !== 'raw') return response.writeHead(406).end()
    if (!await blocks.has(held(cid))) return response.writeHead(404).end('ipld: could not find')
    return response.writeHead(200, { 'content-type': 'application/vnd.ipld.raw' }).end(await get(cid, true))
  }
  if (request.method !== 'POST') return response.writeHead(405).end()
  if (token !== undefined && request.headers.authorization !== `Bearer ${token}`) return response.writeHead(403).end()
  const call = calls[url.pathname.replace('/api/v0/', '')]
  if (call === undefined) return response.writeHead(404).end('404 page not found')
  const result = await call(url.searchParams, request)
  if (result instanceof Uint8Array) return response.writeHead(200, { 'content-type': 'text/plain' }).end(result)
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result) + '\n')
}

const server = createServer((request, response) => {
  answer(request, response).catch(error => {
    response.writeHead(500, { 'content-type': 'application/json' })
      .end(JSON.stringify({ Message: error.message, Code: 0, Type: 'error' }) + '\n')
  })
})
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
process.stdin.resume().on('end', () => process.exit(0))
