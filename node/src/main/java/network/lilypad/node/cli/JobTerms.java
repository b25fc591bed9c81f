package network.lilypad.node.cli;

import java.util.Optional;
import network.lilypad.node.modules.PreparedJob;
import network.lilypad.protocol.value.Address;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.JobOffer;
import network.lilypad.protocol.value.Lp;
import network.lilypad.protocol.value.Verification;
import network.lilypad.protocol.value.Work;
import network.lilypad.protocol.wire.JobSpecWire;

/// What a creator says of a job beyond the module.
///
/// @param maxPrice the limit; empty: [Pricing#limit]
/// @param matchSeconds how long a machine is looked for, 1 to 86400
/// @param target the only provider, zero: any
record JobTerms(Optional<Lp> maxPrice, int matchSeconds, Address target) {
  /// A deal may be opened for ten minutes.
  static final int MATCH_SECONDS_DEFAULT = 600;
  /// The gateway's bound of validUntil.
  static final int MATCH_SECONDS_MAX = 24 * 3600;
  /// A minute to judge a result: this program judges at once.
  static final int REVIEW_SECONDS = 60;
  /// A lost machine or two are survived.
  static final int ATTEMPTS_MAX = 3;
  /// Time for every attempt to be opened, fetched and stored.
  private static final int SLACK_SECONDS = 3600;

  /// @throws IllegalArgumentException if a bound is passed
  JobTerms {
    if (matchSeconds < 1 || matchSeconds > MATCH_SECONDS_MAX) {
      throw new IllegalArgumentException(
          "--timeout: " + matchSeconds + " (expected: 1 to " + MATCH_SECONDS_MAX + " seconds)");
    }
  }

  /// The offer to sign.
  ///
  /// @param inputs the root of the input tree, zero if there is none
  /// @param nonce a fresh number
  JobOffer offer(PreparedJob job, Connection connection, Bytes32 inputs, long nonce) {
    var info = connection.info();
    var spec = JobSpecWire.digest(JobSpecWire.encode(job.spec()));
    var work = new Work(job.spec().engine(), spec, inputs, Bytes32.ZERO, job.resources(), job.runSeconds(),
        job.network(), Bytes32.ZERO, Bytes32.ZERO);
    var price = maxPrice
        .orElseGet(() -> Pricing.limit(job.resources(), job.runSeconds(), Lp.gwei(info.getMinimumCharge())));
    long validUntil = connection.clock().now() + matchSeconds;
    long deliverBy = validUntil + (long) ATTEMPTS_MAX * job.runSeconds() + SLACK_SECONDS;
    return new JobOffer(connection.wallet().address(), Address.ZERO, Address.of(info.getSolver().toByteArray()),
        Bytes32.of(info.getMarket().toByteArray()), target, Bytes32.ZERO, work, price, Lp.ZERO, Lp.ZERO,
        Verification.NONE, ATTEMPTS_MAX, REVIEW_SECONDS, validUntil, deliverBy, nonce, Bytes32.ZERO);
  }
}
