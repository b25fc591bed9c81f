// Reads "job attempt" lines and prints each deal's id as viem encodes and hashes it.
import { createInterface } from 'node:readline'
import { encodeAbiParameters, keccak256 } from 'viem'

for await (const text of createInterface({ input: process.stdin })) {
  const [job, attempt] = text.split(' ')
  console.log(keccak256(encodeAbiParameters([{ type: 'bytes32' }, { type: 'uint8' }], [job, Number(attempt)])))
}
