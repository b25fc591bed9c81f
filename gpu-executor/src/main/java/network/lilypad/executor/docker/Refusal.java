package network.lilypad.executor.docker;

import com.github.dockerjava.api.exception.DockerException;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import network.lilypad.executor.ExecutorUnavailableException;
import network.lilypad.executor.Outcome;
import network.lilypad.executor.Task;

/// Why the engine did not start a container. It says so in words only, those of the runtime below it.
///
/// @param words what it said
record Refusal(String words) {
  private static final int NOT_FOUND = 127;
  private static final int NOT_EXECUTABLE = 126;

  static Refusal of(DockerException e) {
    return new Refusal(words(e));
  }

  /// What a call's failure says. The engine ends its answers with an empty line.
  static String words(RuntimeException e) {
    return String.valueOf(e.getMessage()).strip();
  }

  /// What it makes of the task, if the fault is the task's own.
  Optional<Outcome> outcome(Task task) {
    if (says("oom-killed", "memory limit too low")) {
      return Optional.of(new Outcome.OutOfMemory(task.grant().resources().ramMib()));
    }
    if (says("executable file not found", "no such file or directory: unknown", "chdir to cwd",
        "no command specified")) {
      return Optional.of(new Outcome.Trapped("the program cannot be started: " + words, NOT_FOUND));
    }
    if (says("permission denied: unknown", "exec format error", "argument list too long", "is a directory: unknown")) {
      return Optional.of(new Outcome.Trapped("the program cannot be started: " + words, NOT_EXECUTABLE));
    }
    return Optional.empty();
  }

  /// The machine's fault.
  ExecutorUnavailableException fault(Task task) {
    return task.grant().gpus().isEmpty() ? new ExecutorUnavailableException("docker: " + words)
        : ExecutorUnavailableException.forGood("no GPU " + task.grant().gpus() + ": " + words);
  }

  private boolean says(String... phrases) {
    var text = words.toLowerCase(Locale.ROOT);
    return Stream.of(phrases).anyMatch(text::contains);
  }
}
