package network.lilypad.node.cli;

import network.lilypad.node.client.GatewayRefusedException;
import network.lilypad.node.client.GatewayUnavailableException;
import network.lilypad.node.config.ConfigRejectedException;
import network.lilypad.node.modules.ModuleRefusedException;
import network.lilypad.node.modules.ModuleUnavailableException;
import network.lilypad.node.up.NodeUnavailableException;
import network.lilypad.protocol.Rejection;
import network.lilypad.protocol.content.ContentException;

/// A command that failed: what a person is told, once, and what the process ends with.
final class FailureException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;
  private final String code;
  private final String next;

  /// @param exitCode what the process ends with
  /// @param code stable: a rejection's number and name, or a word of this program
  /// @param message the cause, one sentence
  /// @param next what to do now, empty if there is nothing
  FailureException(int exitCode, String code, String message, String next) {
    super(message);
    this.exitCode = exitCode;
    this.code = code;
    this.next = next;
  }

  int exitCode() {
    return exitCode;
  }

  String code() {
    return code;
  }

  String next() {
    return next;
  }

  static FailureException ours(String code, String message, String next) {
    return new FailureException(ExitCode.OURS, code, message, next);
  }

  static FailureException usage(String message, String next) {
    return new FailureException(ExitCode.REFUSED, "usage", message, next);
  }

  /// Any exception as a failure.
  static FailureException of(Throwable thrown) {
    var failure = switch (thrown) {
      case FailureException known -> known;
      case GatewayRefusedException e -> refused(e.why());
      case ModuleRefusedException e -> refused(e.why());
      case ModuleUnavailableException e -> ours("module-unavailable", String.valueOf(e.getMessage()), e.next());
      case GatewayUnavailableException e ->
        ours("gateway-unavailable", "the gateway does not answer: " + e.getMessage(),
            "is a node running? start one with 'lilypad up', or name another with --gateway");
      case ContentException e -> ours("content-" + e.reason().name().toLowerCase(java.util.Locale.ROOT),
          String.valueOf(e.getMessage()), "");
      case ConfigRejectedException e -> new FailureException(ExitCode.REFUSED, "configuration",
          String.valueOf(e.getMessage()), "correct the file; reference.conf names every key");
      case NodeUnavailableException e -> ours("node-unavailable", "the node cannot start: " + e.getMessage(),
          "is another one running in this data directory or on this port? see lilypad doctor");
      case IllegalArgumentException e -> usage(String.valueOf(e.getMessage()), "");
      case java.io.UncheckedIOException e -> disk(e.getMessage());
      case java.io.IOException e -> disk(e.getMessage());
      default -> ours("defect", thrown.toString(), "this is a bug of ours; run again with --verbose and report it");
    };
    if (failure != thrown) {
      failure.initCause(thrown);
    }
    return failure;
  }

  private static FailureException disk(@org.jspecify.annotations.Nullable String message) {
    return ours("disk", String.valueOf(message), "look at the disk and its permissions");
  }

  private static FailureException refused(Rejection why) {
    return new FailureException(ExitCode.REFUSED, why.code() + " " + why.getClass().getSimpleName(), why.message(),
        next(why));
  }

  private static String next(Rejection why) {
    return switch (why) {
      case Rejection.InsufficientFunds _ -> "lilypad wallet faucet on an embedded ledger, or lower --max-price";
      case Rejection.UnknownModule _ -> "name one of these modules";
      case Rejection.NotFound _ -> "lilypad jobs list shows your jobs";
      case Rejection.Unauthenticated _ -> "lilypad doctor checks wallet and clock";
      case Rejection.Overloaded _,Rejection.Unavailable _ -> "try again in a moment";
      case Rejection.TooExpensive _ -> "raise --max-price";
      default -> "";
    };
  }
}
