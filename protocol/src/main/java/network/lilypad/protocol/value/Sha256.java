package network.lilypad.protocol.value;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.util.concurrent.atomic.AtomicLong;
import org.conscrypt.Conscrypt;
import org.jspecify.annotations.Nullable;

/// SHA-256 (FIPS 180-4): for content, programs and requests over HTTP. What is signed or on chain takes [Keccak256].
///
/// The JDK's own is as fast as the processor where its best compiler has seen it, and twenty times slower where it has
/// not; clients run without that compiler, as they start sooner. So what is big is hashed by BoringSSL (Conscrypt),
/// whose library takes a tenth of a second to load, from [#NATIVE_FROM] on. Where it has none for the machine, the JDK
/// hashes everything.
public final class Sha256 {
  /// Bytes of big pieces that a process hashes before it loads the library.
  static final long NATIVE_FROM = 4 << 20;
  /// A smaller piece is hashed by the JDK: what a call of the library costs would be felt.
  private static final int BIG = 64 << 10;
  private static final AtomicLong SEEN = new AtomicLong();

  private Sha256() {}

  /// @param bytes what to hash
  public static Bytes32 hash(byte[] bytes) {
    return hash(ByteBuffer.wrap(bytes));
  }

  /// @param text hashed as UTF-8
  public static Bytes32 hash(String text) {
    return hash(text.getBytes(StandardCharsets.UTF_8));
  }

  /// @param bytes what to hash, all that remain; they count as read afterwards
  public static Bytes32 hash(ByteBuffer bytes) {
    var sha256 = digest(bytes.remaining());
    sha256.update(bytes);
    return Bytes32.of(sha256.digest());
  }

  /// A digest of what comes piece by piece, nobody knows how much. Confined to one thread at a time.
  public static MessageDigest digest() {
    return of(null);
  }

  /// A digest of what comes piece by piece. Confined to one thread at a time.
  ///
  /// @param bytes about how many will come: only the speed depends on it
  public static MessageDigest digest(long bytes) {
    boolean library = bytes >= BIG && SEEN.addAndGet(bytes) > NATIVE_FROM;
    return of(library ? Library.PROVIDER : null);
  }

  private static MessageDigest of(@Nullable Provider provider) {
    try {
      return provider == null ? MessageDigest.getInstance("SHA-256") : MessageDigest.getInstance("SHA-256", provider);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("no SHA-256 (expected: every JDK and Conscrypt have it)", e);
    }
  }

  /// Loaded when it is first wanted.
  private static final class Library {
    static final @Nullable Provider PROVIDER = Conscrypt.isAvailable() ? Conscrypt.newProvider() : null;
  }
}
