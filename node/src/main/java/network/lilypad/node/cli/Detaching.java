package network.lilypad.node.cli;

/// While open, Ctrl-C ends the process with a last word instead of silently.
final class Detaching implements AutoCloseable {
  private final Thread hook;

  Detaching(Runnable lastWord) {
    this.hook = Thread.ofPlatform().name("detach").unstarted(lastWord);
    Runtime.getRuntime().addShutdownHook(hook);
  }

  @Override public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // Ctrl-C was first
    }
  }
}
