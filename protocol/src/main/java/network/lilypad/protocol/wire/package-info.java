/// The one place where values become protobuf messages and come back: proto classes are seen here, in the gateway and
/// at the ends of the agent session, and nowhere else. Outside input enters by
/// [network.lilypad.protocol.wire.WireDoor].
@NullMarked
package network.lilypad.protocol.wire;

import org.jspecify.annotations.NullMarked;
