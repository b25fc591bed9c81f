package network.lilypad.node.gateway;

import io.grpc.stub.StreamObserver;
import network.lilypad.node.store.AccountContent;
import network.lilypad.node.store.Upload;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.proto.v1.BlobChunk;
import network.lilypad.protocol.proto.v1.PutBlobReply;
import network.lilypad.protocol.value.Bytes32;
import org.jspecify.annotations.Nullable;

/// Stores a program or spec that comes in chunks.
final class BlobIntake extends Intake<BlobChunk, PutBlobReply> {
  /// The longest chunk, as the API says.
  static final int MAX_CHUNK_BYTES = 1 << 20;
  /// The largest blob, as the API says.
  static final long MAX_BLOB_BYTES = 64L << 20;

  private final AccountContent content;
  private Bytes32 digest = Bytes32.ZERO;
  private @Nullable Upload upload;

  BlobIntake(AccountContent content, StreamObserver<PutBlobReply> out) {
    super(out);
    this.content = content;
  }

  @Override protected void take(BlobChunk chunk) {
    Refused.unless(chunk.getData().size() <= MAX_CHUNK_BYTES,
        new Rejection.TooLarge("chunk in bytes", chunk.getData().size(), MAX_CHUNK_BYTES));
    var begun = upload;
    if (begun == null) {
      digest = ApiWire.bytes32("digest", chunk.getDigest());
      begun = content.upload(digest, MAX_BLOB_BYTES);
      upload = begun;
    }
    begun.append(chunk.getData().toByteArray());
  }

  @Override protected PutBlobReply finish() {
    if (upload == null) {
      throw Refused.because(new Rejection.Malformed("stream", "no chunk", "at least one chunk"));
    }
    long size = upload.finish();
    return PutBlobReply.newBuilder().setDigest(ApiWire.bytes(digest)).setSize(size).build();
  }

  @Override protected void release() {
    if (upload != null) {
      upload.close();
    }
  }
}
