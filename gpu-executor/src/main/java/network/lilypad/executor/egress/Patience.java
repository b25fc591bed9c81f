package network.lilypad.executor.egress;

import java.time.Duration;

/// How long connections may take.
///
/// @param request from its beginning until a connection has said what it asks for, and from a refusal until it has
///     gone: in all, however slowly it speaks
/// @param idle without a byte in either direction, once it leads somewhere
/// @param lookup until a name has an address, or none
record Patience(Duration request, Duration idle, Duration lookup) {
  /// A service that computes for ten minutes before its first byte is nothing that programs wait for.
  static final Patience STANDARD = new Patience(Duration.ofSeconds(30), Duration.ofMinutes(10),
      Duration.ofSeconds(8));
}
