package network.lilypad.executor.docker;

import com.github.dockerjava.api.exception.DockerException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import network.lilypad.executor.ExecutorUnavailableException;
import network.lilypad.executor.Outcome;
import network.lilypad.executor.Task;

/// Why the engine did not make or start a container. It says so in words only, its own and those of the runtime below
/// it, so what is the job's own fault is told by phrases that nothing else has; all else is the machine's.
///
/// @param words what it said
record Refusal(String words) {
  private static final int NOT_FOUND = 127;
  private static final int NOT_EXECUTABLE = 126;
  /// What is said of a program that is not there or cannot be started.
  private static final String ABSENT = "executable file not found|no such file or directory";
  private static final String USELESS = "permission denied|exec format error|argument list too long|is a directory"
      + "|not a directory|too many levels of symbolic links|file name too long";
  /// A program's name, which the job chose, up to the last of these words: it must not speak for the machine.
  private static final Pattern NAME = Pattern
      .compile("(?s)exec: \\\\?\".*: (?=" + ABSENT + "|" + USELESS + ")");
  /// What is said of other names that the job or its image chose, before the name.
  private static final Pattern CHOSEN = Pattern.compile("unable to find (user|group) |chdir to cwd");
  /// What is said by hooks and by those who bring in devices.
  private static final Pattern MACHINE = Pattern
      .compile("nvidia-container|(prestart|createruntime|createcontainer|startcontainer|poststart) hook|cdi device");
  /// An engine that finds no runtime says so in the same words as a runtime that finds no program.
  private static final String PROGRAM = "container process.* exec: .*";
  private static final Pattern MEMORY = Pattern.compile("oom-killed|memory limit too low|minimum memory limit");
  private static final Pattern MISSING = Pattern
      .compile(PROGRAM + "(" + ABSENT + ")|chdir to cwd|no command specified");
  private static final Pattern UNUSABLE = Pattern.compile(
      PROGRAM + "(" + USELESS + ")"
          + "|unable to find (user|group) .*(no matching entries|is a directory)|uids and gids must be in range"
          + "|(error mounting |cannot mkdir: |lstat ).*not a directory|working directory .* is invalid");

  static Refusal of(DockerException e) {
    return new Refusal(words(e));
  }

  /// What a call's failure says. The engine ends its answers with an empty line.
  static String words(RuntimeException e) {
    return String.valueOf(e.getMessage()).strip();
  }

  /// What it makes of the task, if the fault is the task's own.
  Optional<Outcome> outcome(Task task) {
    var text = NAME.matcher(words).replaceAll("exec: ").toLowerCase(Locale.ROOT).replace('\n', ' ');
    if (!CHOSEN.matcher(text).find() && MACHINE.matcher(text).find()) {
      return Optional.empty();
    }
    if (MEMORY.matcher(text).find()) {
      return Optional.of(new Outcome.OutOfMemory(task.grant().resources().ramMib()));
    }
    if (MISSING.matcher(text).find()) {
      return Optional.of(new Outcome.Trapped("the program cannot be started: " + words, NOT_FOUND));
    }
    return UNUSABLE.matcher(text).find()
        ? Optional.of(new Outcome.Trapped("the program cannot be started: " + words, NOT_EXECUTABLE))
        : Optional.empty();
  }

  /// The machine's fault.
  ExecutorUnavailableException fault(Task task) {
    return task.grant().gpus().isEmpty() ? new ExecutorUnavailableException("docker: " + words)
        : ExecutorUnavailableException.forGood("no GPU " + task.grant().gpus() + ": " + words);
  }
}
