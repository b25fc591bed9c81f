/// Where large content lies: one port, a folder of this machine, a bucket of S3's kind, or IPFS behind it; and who may
/// work in a folder of this machine.
@NullMarked
package network.lilypad.node.files;

import org.jspecify.annotations.NullMarked;
