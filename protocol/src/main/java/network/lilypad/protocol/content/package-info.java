/// Content addressing: what a job produced, named by the sha2-256 of its UnixFS tree.
///
/// The *result root* is the 32-byte digest of the root block of a UnixFS directory: CIDv1, dag-pb, raw leaves, chunks
/// of 1 MiB, at most 174 links per file node in the balanced layout, names sorted by their UTF-8 bytes, no mode, no
/// mtime, empty directories kept. Exactly one tree of blocks is accepted for one set of files, so equal outputs have
/// equal roots.
///
/// [network.lilypad.protocol.content.UnixFsWriter] turns a directory or a stream into blocks,
/// [network.lilypad.protocol.content.UnixFsReader] turns blocks back and trusts none of them. Both stream.
/// Formats: UnixFS specification of IPFS; dag-pb and CID of IPLD and Multiformats; base32 of RFC 4648.
@NullMarked
package network.lilypad.protocol.content;

import org.jspecify.annotations.NullMarked;
