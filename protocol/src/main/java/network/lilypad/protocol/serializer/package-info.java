/// How words become bytes: Kryo between nodes, protobuf with short manifests in the journal.
@NullMarked
package network.lilypad.protocol.serializer;

import org.jspecify.annotations.NullMarked;
