package network.lilypad.node.cli;

import java.util.Collection;

/// What a doctor finds, said as it is found: the next look may take seconds.
final class Findings {
  private final Screen screen;
  private boolean bad;

  Findings(Screen screen) {
    this.screen = screen;
  }

  /// Names what is looked at now, for those who wait.
  void lookAt(String what) {
    screen.waiting(what);
  }

  void add(Check check) {
    DoctorCommand.say(check, screen);
    bad |= check.grade() == Check.Grade.BAD;
  }

  void addAll(Collection<Check> checks) {
    checks.forEach(this::add);
  }

  /// Ours if something must be mended.
  int exitCode() {
    screen.waiting("");
    return bad ? ExitCode.OURS : ExitCode.OK;
  }
}
