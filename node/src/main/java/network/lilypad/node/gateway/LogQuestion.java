package network.lilypad.node.gateway;

import network.lilypad.protocol.proto.v1.GetLogsRequest;
import network.lilypad.protocol.proto.v1.LogStreams;
import network.lilypad.protocol.value.InvalidValueException;

/// Which part of a job's output is asked for.
///
/// @param follow until the job's end
/// @param since ledger time, 0: everything
/// @param tailLines last lines of each stream of each attempt, 0: all
/// @param streams which
record LogQuestion(boolean follow, long since, int tailLines, LogStreams streams) {
  /// What a person scrolls through; a program takes all.
  static final int TAIL_LINES_MAX = 100_000;

  /// Reads a request.
  ///
  /// @param now ledger time
  /// @throws InvalidValueException if it asks for what cannot be
  static LogQuestion of(GetLogsRequest request, long now) {
    if (request.getSince() < 0 || request.getSince() > now) {
      throw new InvalidValueException("since", Long.toUnsignedString(request.getSince()), "0 to now, " + now);
    }
    if (request.getTailLines() < 0 || request.getTailLines() > TAIL_LINES_MAX) {
      throw new InvalidValueException("tail_lines", Integer.toUnsignedString(request.getTailLines()),
          "0 to " + TAIL_LINES_MAX);
    }
    if (request.getStreams() == LogStreams.UNRECOGNIZED) {
      throw new InvalidValueException("streams", Integer.toString(request.getStreamsValue()),
          "0 both, 1 stdout, 2 stderr");
    }
    return new LogQuestion(request.getFollow(), request.getSince(), request.getTailLines(), request.getStreams());
  }

  boolean wants(boolean stderr) {
    return streams != (stderr ? LogStreams.LOG_STREAMS_STDOUT : LogStreams.LOG_STREAMS_STDERR);
  }
}
