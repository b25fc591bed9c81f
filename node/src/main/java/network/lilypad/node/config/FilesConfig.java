package network.lilypad.node.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Where content lies and for how long; `reference.conf` documents every key.
///
/// @param kind of directory
/// @param retention how long content is kept after its last use, and results after the end of their job
/// @param sweepEvery pause between two looks for what nobody needs
/// @param inputsGateway a trustless IPFS gateway where inputs by CID are looked for; empty: nowhere
public record FilesConfig(Kind kind, Duration retention, Duration sweepEvery, Optional<URI> inputsGateway) {
  /// The kinds of file directories.
  public sealed interface Kind {
    /// A folder of this machine.
    ///
    /// @param folder empty: `content` in the data directory
    record Local(Optional<Path> folder) implements Kind {}

    /// A bucket.
    ///
    /// @param endpoint of the store
    /// @param region of the store
    /// @param bucket its name
    /// @param prefix in front of names
    /// @param credentials a file with the two or three lines of the keys; empty: the environment has them
    record S3(URI endpoint, String region, String bucket, String prefix, Optional<Path> credentials) implements Kind {}

    /// A Kubo node.
    ///
    /// @param api its RPC API
    /// @param token a file with the bearer token; empty: none
    record Ipfs(URI api, Optional<Path> token) implements Kind {}
  }
}
