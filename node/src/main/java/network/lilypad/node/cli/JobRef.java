package network.lilypad.node.cli;

import java.util.ArrayList;
import java.util.Locale;
import network.lilypad.node.client.MarketClient;
import network.lilypad.protocol.proto.v1.ListJobsRequest;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.JobId;

/// A job as a person names it: its id, or the first digits of it.
final class JobRef {
  /// Fewer digits are a guess.
  static final int DIGITS_MIN = 4;
  /// A person's recent jobs; older ones are named in full.
  private static final int PAGES_MAX = 10;
  private static final int DIGITS = 64;

  private JobRef() {}

  static JobId resolve(MarketClient market, String text) {
    var lower = text.toLowerCase(Locale.ROOT);
    var digits = lower.startsWith("0x") ? lower.substring(2) : lower;
    if (digits.length() == DIGITS) {
      return JobId.parse(digits);
    }
    if (digits.length() < DIGITS_MIN || !digits.chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
      throw FailureException.usage("job: " + text + " (expected: at least " + DIGITS_MIN + " hexadecimal digits)",
          "lilypad jobs list shows your jobs");
    }
    return search(market, digits);
  }

  private static JobId search(MarketClient market, String digits) {
    var found = new ArrayList<JobId>();
    var request = ListJobsRequest.newBuilder().setPageSize(100);
    for (int page = 0; page < PAGES_MAX; page++) {
      var reply = market.jobs(request.build());
      reply.getJobsList().stream().map(job -> new JobId(Bytes32.of(job.getJob().toByteArray())))
          .filter(id -> id.toString().startsWith("0x" + digits)).forEach(found::add);
      if (reply.getNextCursor().isEmpty()) {
        break;
      }
      request.setCursor(reply.getNextCursor());
    }
    if (found.size() != 1) {
      throw new FailureException(ExitCode.REFUSED, "1015 NotFound",
          found.size() + " jobs of yours begin with " + digits + " (expected: one)", "lilypad jobs list");
    }
    return found.getFirst();
  }
}
