package network.lilypad.node.gateway;

import com.google.protobuf.ByteString;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import network.lilypad.node.store.AccountContent;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.content.ResumedFolder;
import network.lilypad.protocol.proto.v1.MissingBlocksReply;
import network.lilypad.protocol.value.Bytes32;

/// What a transfer still has to bring. Blocks.
public final class Wanted {
  /// Digests in one question: less than half a mebibyte of them.
  public static final int MAX_ASKED = 10_000;

  private Wanted() {}

  /// Those of the digests that the account has to bring: whether others have brought them is not told.
  ///
  /// @throws io.grpc.StatusRuntimeException `TooLarge`, `Malformed`
  public static MissingBlocksReply missing(AccountContent content, List<ByteString> digests) {
    Refused.unless(digests.size() <= MAX_ASKED, new Rejection.TooLarge("digests", digests.size(), MAX_ASKED));
    var asked = digests.stream().map(digest -> ApiWire.bytes32("digest", digest))
        .collect(Collectors.toCollection(LinkedHashSet::new));
    asked.removeAll(content.known(asked));
    var reply = MissingBlocksReply.newBuilder();
    asked.forEach(digest -> reply.addMissing(ApiWire.bytes(digest)));
    return reply.build();
  }

  /// What a caller does not want again.
  ///
  /// @throws io.grpc.StatusRuntimeException `TooLarge`, `Malformed`
  public static Set<Bytes32> have(List<ByteString> digests) {
    Refused.unless(digests.size() <= ResumedFolder.MAX_HAVE,
        new Rejection.TooLarge("digests", digests.size(), ResumedFolder.MAX_HAVE));
    return digests.stream().map(digest -> ApiWire.bytes32("have", digest)).collect(Collectors.toSet());
  }
}
