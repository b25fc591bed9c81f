package network.lilypad.node.agent;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.TimeUnit;
import network.lilypad.node.client.BlockFolder;
import network.lilypad.node.client.CallSigner;
import network.lilypad.node.client.Calls;
import network.lilypad.protocol.Defect;
import network.lilypad.protocol.content.Cid;
import network.lilypad.protocol.content.ResultTree;
import network.lilypad.protocol.content.TreeLimits;
import network.lilypad.protocol.content.UnixFsReader;
import network.lilypad.protocol.content.UnixFsWriter;
import network.lilypad.protocol.proto.v1.AgentsGrpc;
import network.lilypad.protocol.proto.v1.AgentsGrpc.AgentsBlockingV2Stub;
import network.lilypad.protocol.proto.v1.Block;
import network.lilypad.protocol.proto.v1.BlobChunk;
import network.lilypad.protocol.proto.v1.GetBlobRequest;
import network.lilypad.protocol.proto.v1.GetInputsRequest;
import network.lilypad.protocol.proto.v1.ResultBlock;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.DealId;

/// Programs and inputs on their way to this machine, results on their way back. Everything that arrives is hashed.
/// Methods block and throw the exceptions of [Calls]. Thread-safe.
final class AgentContent {
  /// The most files and folders of a tree: the gateway's default.
  static final int ENTRIES_MAX = 100_000;
  /// A transfer of the largest content over a slow line.
  private static final int TRANSFER_SECONDS_MAX = 3600;

  private final ManagedChannel channel;
  private final CallSigner signer;

  AgentContent(ManagedChannel channel, CallSigner signer) {
    this.channel = channel;
    this.signer = signer;
  }

  /// Fetches a program into a file.
  ///
  /// @throws IOException if the disk refuses, or the bytes are not those of the digest
  void program(DealId deal, Bytes32 digest, Path file, long bytesMax) throws IOException {
    var request = GetBlobRequest.newBuilder().setDigest(bytes(digest)).setDeal(bytes(deal.digest())).build();
    var sha256 = sha256();
    try (var out = Files.newOutputStream(file)) {
      Calls.run(() -> {
        var call = stub(AgentsGrpc.getGetBlobMethod().getFullMethodName(), request.toByteString()).getBlob(request);
        return copy(call, out, sha256, bytesMax);
      });
    }
    var found = Bytes32.of(sha256.digest());
    if (!found.equals(digest)) {
      throw new IOException("program: sha2-256 " + found + " (expected: " + digest + ")");
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
      throw new java.io.UncheckedIOException(e);
    }
  }

  /// Fetches a job's inputs into a folder that is not there yet.
  ///
  /// @throws IOException if the disk refuses
  void inputs(DealId deal, Bytes32 root, Path folder, long bytesMax) throws IOException {
    var request = GetInputsRequest.newBuilder().setDeal(bytes(deal.digest())).build();
    var parent = folder.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IOException("no folder: " + folder);
    }
    try (var blocks = new BlockFolder(parent, 2 * bytesMax)) {
      Calls.run(() -> {
        var call = stub(AgentsGrpc.getGetInputsMethod().getFullMethodName(), request.toByteString())
            .getInputs(request);
        return keep(call, blocks);
      });
      new UnixFsReader(blocks, new TreeLimits(bytesMax, ENTRIES_MAX)).read(Cid.ofDirectory(root), folder);
    }
  }

  private static int keep(BlockingClientCall<?, Block> call, BlockFolder blocks)
      throws StatusException, InterruptedException {
    int count = 0;
    try {
      for (var block = call.read(); block != null; block = call.read()) {
        blocks.put(Cid.ofBytes(block.getCid().toByteArray()), block.getData().toByteArray());
        count++;
      }
      return count;
    } catch (IOException e) {
      call.cancel("the inputs cannot be stored", e);
      throw new java.io.UncheckedIOException(e);
    }
  }

  /// The root of a result on disk.
  static Cid root(ResultTree tree, long bytesMax) {
    return tree.write(new UnixFsWriter((_, _) -> {}, new TreeLimits(bytesMax, ENTRIES_MAX)));
  }

  /// Stores a result tree at the gateway, which answers when every block is there.
  void putResult(DealId deal, Cid root, ResultTree tree, long bytesMax) {
    var receipt = Calls.run(() -> {
      var call = stub(AgentsGrpc.getPutResultMethod().getFullMethodName(), ByteString.EMPTY).putResult();
      try {
        var first = ResultBlock.newBuilder().setDeal(bytes(deal.digest())).setRoot(bytes(root.digest()));
        tree.write(new UnixFsWriter((cid, block) -> {
          first.setBlock(Block.newBuilder().setCid(ByteString.copyFrom(cid.toBytes()))
              .setData(ByteString.copyFrom(block)));
          Calls.run(() -> call.write(first.build()));
          first.clear();
        }, new TreeLimits(bytesMax, ENTRIES_MAX)));
      } catch (RuntimeException e) {
        call.cancel("the result cannot be sent", e);
        throw e;
      }
      call.halfClose();
      return call.read();
    });
    Defect.unless(receipt.getRoot().equals(bytes(root.digest())), "receipt: another root (expected: " + root + ")");
  }

  private AgentsBlockingV2Stub stub(String method, ByteString body) {
    return AgentsGrpc.newBlockingV2Stub(channel).withDeadlineAfter(TRANSFER_SECONDS_MAX, TimeUnit.SECONDS)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(signer.sign(method, body)));
  }

  private static ByteString bytes(Bytes32 value) {
    return Messages.bytes(value);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new Defect("JDK: no SHA-256 (expected: every JDK has it): " + e.getMessage());
    }
  }
}
