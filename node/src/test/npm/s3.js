// An S3-compatible server (s3rver, which reads version 4 signatures but does not check them) with one bucket, on a free port.
//
//   node s3.js DIRECTORY     prints its port, serves until standard input ends
import { createRequire } from 'node:module'

const S3rver = createRequire(import.meta.url)('s3rver')
const server = new S3rver({
  address: '127.0.0.1',
  port: 0,
  directory: process.argv[2],
  silent: true,
  configureBuckets: [{ name: 'lilypad' }]
})
const { port } = await server.run()
console.log(port)
process.stdin.resume().on('end', () => process.exit(0))
