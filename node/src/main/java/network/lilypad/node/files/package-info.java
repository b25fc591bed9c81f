/// Where large content lies: one port, a folder of this machine, a bucket of S3's kind, or IPFS behind it.
@NullMarked
package network.lilypad.node.files;

import org.jspecify.annotations.NullMarked;
