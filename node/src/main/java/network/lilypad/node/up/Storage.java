package network.lilypad.node.up;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import network.lilypad.node.config.FilesConfig;
import network.lilypad.node.config.NodeConfig;
import network.lilypad.node.files.FileDirectory;
import network.lilypad.node.files.IpfsDirectory;
import network.lilypad.node.files.LocalDirectory;
import network.lilypad.node.files.S3Directory;
import network.lilypad.node.files.S3Keys;
import network.lilypad.node.store.Sweeper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Opens the file directory that is configured, with its secrets, and sweeps the content store now and then.
final class Storage {
  private static final Logger LOG = LoggerFactory.getLogger(Storage.class);
  private static final Set<PosixFilePermission> OWNERS = Set.of(PosixFilePermission.OWNER_READ,
      PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

  private Storage() {}

  /// Opens the directory of a node.
  ///
  /// @param environment where secrets may be that are in no file
  /// @throws NodeUnavailableException if a folder or a secret cannot be used
  static FileDirectory open(NodeConfig config, Map<String, String> environment) {
    try {
      return switch (config.files().kind()) {
        case FilesConfig.Kind.Local(var folder) -> LocalDirectory.open(folder.orElse(spool(config)));
        case FilesConfig.Kind.S3 s3 -> new S3Directory(
            new S3Directory.Bucket(s3.endpoint(), s3.region(), s3.bucket(), s3.prefix()), keys(s3, environment),
            InstantSource.system());
        case FilesConfig.Kind.Ipfs(var api, var token) ->
          new IpfsDirectory(api, token.isPresent() ? secret(token.get()).getFirst() : "");
      };
    } catch (IOException e) {
      throw new NodeUnavailableException("the file directory cannot be opened: " + e.getMessage(), e);
    }
  }

  /// Where uploads wait until they are whole, and a local directory's files are unless it says otherwise.
  static Path spool(NodeConfig config) {
    return config.dataDir().resolve("content");
  }

  private static S3Keys keys(FilesConfig.Kind.S3 s3, Map<String, String> environment) throws IOException {
    if (s3.credentials().isPresent()) {
      var lines = secret(s3.credentials().get());
      if (lines.size() < 2) {
        throw new IOException(s3.credentials().get() + ": one line (expected: the key's id and the secret key)");
      }
      return new S3Keys(lines.getFirst(), lines.get(1), lines.size() > 2 ? lines.get(2) : "");
    }
    var access = environment.getOrDefault("AWS_ACCESS_KEY_ID", "");
    var secret = environment.getOrDefault("AWS_SECRET_ACCESS_KEY", "");
    if (access.isEmpty() || secret.isEmpty()) {
      throw new IOException("no keys for the S3 store (expected: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the"
          + " environment, or lilypad.files.s3.credentials-file)");
    }
    return new S3Keys(access, secret, environment.getOrDefault("AWS_SESSION_TOKEN", ""));
  }

  private static List<String> secret(Path file) throws IOException {
    if (!OWNERS.containsAll(Files.getPosixFilePermissions(file))) {
      throw new IOException(file + ": others can read it (expected: chmod 600)");
    }
    var lines = Files.readAllLines(file).stream().map(String::strip).filter(line -> !line.isEmpty()).toList();
    if (lines.isEmpty()) {
      throw new IOException(file + ": empty (expected: a secret)");
    }
    return lines;
  }

  /// Sweeps again and again until it is closed.
  static AutoCloseable sweep(Sweeper sweeper, Duration every) {
    var thread = Thread.ofVirtual().name("sweeper").start(() -> {
      try {
        while (true) {
          Thread.sleep(every);
          round(sweeper);
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    });
    return () -> {
      thread.interrupt();
      thread.join();
    };
  }

  private static void round(Sweeper sweeper) {
    try {
      sweeper.round();
    } catch (RuntimeException e) {
      LOG.warn("content could not be swept, everything is kept until the next round", e);
    }
  }
}
