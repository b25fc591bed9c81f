package network.lilypad.node.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import java.util.Objects;
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

  /// The same with another next step.
  FailureException advising(String other) {
    var failure = new FailureException(exitCode, code, String.valueOf(getMessage()), other);
    failure.initCause(this);
    return failure;
  }

  /// Content that a person has given and that is refused.
  ///
  /// @param what it is, as they know it
  static FailureException given(String what, ContentException e) {
    var failure = e.getCause() instanceof IOException disk ? kind(disk)
        : new FailureException(ExitCode.REFUSED, code(e), what + ": " + e.getMessage(), next(e.reason()));
    failure.initCause(e);
    return failure;
  }

  /// Any exception as a failure.
  static FailureException of(Throwable thrown) {
    var failure = kind(thrown);
    if (failure != thrown) {
      failure.initCause(thrown);
    }
    return failure;
  }

  private static FailureException kind(Throwable thrown) {
    return switch (thrown) {
      case FailureException known -> known;
      case GatewayRefusedException e -> new FailureException(ExitCode.REFUSED, code(e.why()), e.why().message(),
          next(e.why()));
      case ModuleRefusedException e -> new FailureException(ExitCode.REFUSED, code(e.why()), e.why().message(),
          e.next().isEmpty() ? next(e.why()) : e.next());
      case ModuleUnavailableException e -> ours("module-unavailable", String.valueOf(e.getMessage()), e.next());
      case GatewayUnavailableException e when e.busy().isPresent() ->
        ours(code(e.busy().get()), String.valueOf(e.getMessage()), next(e.busy().get()));
      case GatewayUnavailableException e ->
        ours("gateway-unavailable", "the gateway does not answer: " + e.getMessage(),
            "is a node running? start one with 'lilypad up', or name another with --gateway");
      case ContentException e when e.getCause() instanceof IOException disk -> kind(disk);
      case ContentException e -> ours(code(e), String.valueOf(e.getMessage()), "");
      case ConfigRejectedException e -> new FailureException(ExitCode.REFUSED, "configuration",
          String.valueOf(e.getMessage()), "correct the file; reference.conf names every key");
      case NodeUnavailableException e -> ours("node-unavailable", "the node cannot start: " + e.getMessage(),
          "is another one running in this data directory or on this port? see lilypad doctor");
      case IllegalArgumentException e -> usage(String.valueOf(e.getMessage()), "");
      case UncheckedIOException e -> kind(Objects.requireNonNull(e.getCause()));
      case NoSuchFileException e -> path("no-file", e.getFile() + ": no such file or folder", "check the path");
      case FileAlreadyExistsException e ->
        path("file-exists", e.getFile() + " is there already, nothing is overwritten",
            "name another that is not there yet");
      case AccessDeniedException e -> path("no-access", e.getFile() + ": permission denied",
          "give yourself access to it, or name another");
      case IOException e -> ours("disk", String.valueOf(e.getMessage()), "look at the disk and its permissions");
      default -> ours("defect", thrown.toString(), "this is a bug of ours; run again with --verbose and report it");
    };
  }

  /// Paths are named by options, and what is there is theirs who named them.
  private static FailureException path(String code, String message, String next) {
    return new FailureException(ExitCode.REFUSED, code, message, next);
  }

  private static String code(Rejection why) {
    return why.code() + " " + why.getClass().getSimpleName();
  }

  private static String code(ContentException e) {
    return "content-" + e.reason().name().toLowerCase(Locale.ROOT);
  }

  private static String next(ContentException.Reason reason) {
    return switch (reason) {
      case UNSUPPORTED_FILE -> "put a file in its place; cp -rL copies what links point to";
      case TOO_MANY_BYTES, TOO_MANY_ENTRIES -> "give less, or ask the gateway's operator to take more";
      case BAD_NAME, TOO_DEEP -> "rename or move it";
      default -> "lilypad content import --help says what is taken";
    };
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
