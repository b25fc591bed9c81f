// Reads vectors, one JSON object per line, and prints for each: digest, signature and recovered signer, as viem has them.
//
//   node eip712.js < vectors
//
// A vector is {"type", "domain": {"chainId", "verifyingContract"}, "key", "message"}; numbers are decimal text. The types
// below are written by hand from the specification of the signed types, not made from our code: that is their use.
import { createInterface } from 'node:readline'
import { hashTypedData, recoverTypedDataAddress } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'

const fields = text => text.split(',').map(field => {
  const [type, name] = field.trim().split(' ')
  return { name, type }
})

const TYPES = {
  EIP712Domain: fields('string name, string version, uint256 chainId, address verifyingContract'),
  JobOffer: fields('address creator, address acceptor, address solver, bytes32 market, address target, bytes32 panel, ' +
    'Work work, uint64 maxPrice, uint64 maxFee, uint64 minCollateral, uint8 verification, uint8 maxAttempts, ' +
    'uint32 reviewSeconds, uint40 validUntil, uint40 deliverBy, uint64 nonce, bytes32 extra'),
  Work: fields('uint8 engine, bytes32 module, bytes32 inputs, bytes32 outputs, Resources resources, uint32 runSeconds, ' +
    'uint8 network, bytes32 comparator, bytes32 extra'),
  Resources: fields('uint32 milliCpu, uint32 gpus, bytes32 gpuModel, uint32 vramMibPerGpu, uint64 ramMib, uint64 diskMib'),
  ResourceOffer: fields('address provider, address agent, address solver, bytes32 market, bytes32 machine, uint64 version, ' +
    'bytes32[] panels, Resources capacity, uint64 askPerGpuSecond, uint64 askPerCoreSecond, uint64 maxCollateral, ' +
    'uint32 maxReviewSeconds, uint40 validUntil, bytes32 extra'),
  Lease: fields('bytes32 job, uint8 attempt, address provider, bytes32 offer, uint64 epoch, uint64 price, ' +
    'uint64 collateral, uint32 ttlSeconds, uint40 openBy, uint40 submitBy, bytes32 extra'),
  Result: fields('bytes32 deal, bytes32 commitment, uint64 cost, uint64 startedAt, uint64 endedAt'),
  Acceptance: fields('bytes32 deal, bytes32 commitment, uint64 cost'),
  Cancel: fields('bytes32 job'),
  Release: fields('bytes32 deal'),
  Lapse: fields('bytes32 deal, uint40 at'),
  Verdict: fields('bytes32 deal, uint8 round, uint8 verdict, bytes32 commitment'),
  Dispute: fields('bytes32 deal, bytes32 commitment')
}

// Decimal text to big integers, wherever the type says a number.
function typed (type, value) {
  if (type in TYPES) {
    const names = TYPES[type].map(field => field.name)
    if (Object.keys(value).join() !== names.join()) {
      throw new Error(`${type}: ${Object.keys(value)} (expected: ${names})`)
    }
    return Object.fromEntries(TYPES[type].map(field => [field.name, typed(field.type, value[field.name])]))
  }
  return type.startsWith('uint') ? BigInt(value) : value
}

async function line (vector) {
  const domain = {
    name: 'Lilypad',
    version: '1',
    chainId: BigInt(vector.domain.chainId),
    verifyingContract: vector.domain.verifyingContract
  }
  const data = { domain, types: TYPES, primaryType: vector.type, message: typed(vector.type, vector.message) }
  const signature = await privateKeyToAccount(vector.key).signTypedData(data)
  const signer = await recoverTypedDataAddress({ ...data, signature })
  return `${hashTypedData(data)} ${signature} ${signer.toLowerCase()}`
}

for await (const text of createInterface({ input: process.stdin })) {
  console.log(await line(JSON.parse(text)))
}
