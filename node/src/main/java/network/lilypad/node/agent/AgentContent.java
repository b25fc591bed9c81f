package network.lilypad.node.agent;

import com.google.protobuf.ByteString;
import io.grpc.Deadline;
import io.grpc.ManagedChannel;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.List;
import java.util.concurrent.TimeUnit;
import network.lilypad.node.client.BlockStream;
import network.lilypad.node.client.BlockUpload;
import network.lilypad.node.client.CallSigner;
import network.lilypad.node.client.Calls;
import network.lilypad.node.client.Lacking;
import network.lilypad.protocol.Defect;
import network.lilypad.protocol.content.Cid;
import network.lilypad.protocol.content.FolderBlocks;
import network.lilypad.protocol.content.ResultTree;
import network.lilypad.protocol.content.ResumedFolder;
import network.lilypad.protocol.content.TreeLimits;
import network.lilypad.protocol.proto.v1.AgentsGrpc;
import network.lilypad.protocol.proto.v1.AgentsGrpc.AgentsBlockingV2Stub;
import network.lilypad.protocol.proto.v1.BlobChunk;
import network.lilypad.protocol.proto.v1.GetBlobRequest;
import network.lilypad.protocol.proto.v1.GetInputsRequest;
import network.lilypad.protocol.proto.v1.MissingResultBlocksRequest;
import network.lilypad.protocol.proto.v1.ResultBlock;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealId;
import network.lilypad.protocol.value.Sha256;

/// Programs and inputs on their way to this machine, results on their way back. Everything that arrives is hashed.
/// Methods block until they are done or their time is over, and throw the exceptions of [Calls]. Thread-safe.
final class AgentContent {
  /// The most files and folders of a tree: the gateway's default.
  static final int ENTRIES_MAX = 100_000;
  /// A transfer of the largest content over a slow line.
  private static final int TRANSFER_SECONDS_MAX = 3600;
  private static final int READ_BYTES = 1 << 16;
  /// To send this much takes no longer than to ask whether it is needed.
  private static final long UNASKED_BYTES_MAX = 256 << 10;
  private static final int UNASKED_BLOCKS_MAX = 64;

  private final ManagedChannel channel;
  private final CallSigner signer;

  AgentContent(ManagedChannel channel, CallSigner signer) {
    this.channel = channel;
    this.signer = signer;
  }

  /// The end of a transfer that nothing else bounds.
  static Deadline latest() {
    return within(TRANSFER_SECONDS_MAX);
  }

  /// The end of a transfer for which there is so much time, but no more than the longest transfer takes.
  static Deadline within(long seconds) {
    return Deadline.after(Math.min(seconds, TRANSFER_SECONDS_MAX), TimeUnit.SECONDS);
  }

  /// Fetches a program into a file; goes on with what a broken transfer left there, and begins anew if that was damaged.
  ///
  /// @throws IOException if the disk refuses, or the bytes are not those of the digest
  void program(DealId deal, Bytes32 digest, Path file, long bytesMax, Deadline until) throws IOException {
    boolean resumed = Files.exists(file);
    var found = fetched(deal, digest, file, bytesMax, until);
    if (resumed && !found.equals(digest)) {
      found = fetched(deal, digest, file, bytesMax, until);
    }
    if (!found.equals(digest)) {
      throw new IOException("program: sha2-256 " + found + " (expected: " + digest + ")");
    }
  }

  /// @return the digest of what is in the file, which is gone if that is the wrong one
  private Bytes32 fetched(DealId deal, Bytes32 digest, Path file, long bytesMax, Deadline until) throws IOException {
    var sha256 = Sha256.digest();
    long begun = hashed(file, sha256);
    var request = GetBlobRequest.newBuilder().setDigest(bytes(digest)).setDeal(bytes(deal.digest())).setOffset(begun)
        .build();
    try (var out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      Calls.run(() -> {
        var call = stub(AgentsGrpc.getGetBlobMethod().getFullMethodName(), request.toByteString(), until)
            .getBlob(request);
        return copy(call, out, sha256, bytesMax - begun);
      });
    }
    var found = Bytes32.of(sha256.digest());
    if (!found.equals(digest)) {
      Files.delete(file);
    }
    return found;
  }

  private static long hashed(Path file, MessageDigest sha256) throws IOException {
    if (!Files.exists(file)) {
      return 0;
    }
    try (var in = Files.newInputStream(file)) {
      long bytes = 0;
      for (byte[] chunk = in.readNBytes(READ_BYTES); chunk.length > 0; chunk = in.readNBytes(READ_BYTES)) {
        sha256.update(chunk);
        bytes += chunk.length;
      }
      return bytes;
    }
  }

  private static long copy(BlockingClientCall<?, BlobChunk> call, OutputStream out, MessageDigest sha256,
      long bytesMax) throws StatusException, InterruptedException {
    long size = 0;
    try {
      for (var chunk = call.read(); chunk != null; chunk = call.read()) {
        size += chunk.getData().size();
        if (size > bytesMax) {
          throw new IOException("program: more than " + bytesMax + " bytes");
        }
        sha256.update(chunk.getData().asReadOnlyByteBuffer());
        chunk.getData().writeTo(out);
      }
      return size;
    } catch (IOException e) {
      call.cancel("the program cannot be stored", e);
      throw new UncheckedIOException(e);
    }
  }

  /// Fetches a job's inputs into a folder that is not there yet; goes on with what a broken transfer left beside it.
  ///
  /// @throws network.lilypad.protocol.content.ContentException if the gateway's bytes are not those of the root, or the
  ///     disk refuses
  void inputs(DealId deal, Bytes32 root, Path folder, long bytesMax, Deadline until) {
    var resumed = new ResumedFolder(folder);
    var request = GetInputsRequest.newBuilder().setDeal(bytes(deal.digest()))
        .addAllHave(resumed.have().stream().map(AgentContent::bytes).toList()).build();
    var method = AgentsGrpc.getGetInputsMethod();
    try (var blocks = BlockStream.of(stub(method.getFullMethodName(), request.toByteString(), until), method,
        request, 2 * bytesMax)) {
      resumed.read(Cid.ofDirectory(root), blocks, new TreeLimits(bytesMax, ENTRIES_MAX));
    }
  }

  /// The blocks of a result on disk, hashed once.
  static FolderBlocks blocks(ResultTree tree, long bytesMax) {
    tree.check();
    return FolderBlocks.of(tree.directory(), new TreeLimits(bytesMax, ENTRIES_MAX));
  }

  /// Stores a result tree at the gateway, which answers when every block is there. Only what the gateway lacks
  /// travels, so calling again goes on where the line broke or the time was over.
  void putResult(DealId deal, FolderBlocks result, Deadline until) {
    var lacking = result.bytes() <= UNASKED_BYTES_MAX && result.cids().size() <= UNASKED_BLOCKS_MAX
        ? List.copyOf(result.cids())
        : Lacking.of(result.cids(), digests -> missing(deal, digests, until));
    var receipt = Calls.run(() -> {
      var call = stub(AgentsGrpc.getPutResultMethod().getFullMethodName(), ByteString.EMPTY, until)
          .withOnReadyThreshold(BlockUpload.AHEAD_BYTES).putResult();
      call.write(ResultBlock.newBuilder().setDeal(bytes(deal.digest())).setRoot(bytes(result.root().digest())).build());
      BlockUpload.send(lacking, result, call, block -> ResultBlock.newBuilder().setBlock(block).build());
      return call.read();
    });
    Defect.unless(receipt.getRoot().equals(bytes(result.root().digest())),
        "receipt: another root (expected: " + result.root() + ")");
  }

  private List<ByteString> missing(DealId deal, List<ByteString> digests, Deadline until) {
    var request = MissingResultBlocksRequest.newBuilder().setDeal(bytes(deal.digest())).addAllDigests(digests).build();
    return Calls.run(() -> {
      var call = stub(AgentsGrpc.getMissingResultBlocksMethod().getFullMethodName(), request.toByteString(), until);
      return call.missingResultBlocks(request);
    }).getMissingList();
  }

  private AgentsBlockingV2Stub stub(String method, ByteString body, Deadline until) {
    return AgentsGrpc.newBlockingV2Stub(channel).withDeadline(until)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(signer.sign(method, body)));
  }

  private static ByteString bytes(Bytes32 value) {
    return Messages.bytes(value);
  }
}
