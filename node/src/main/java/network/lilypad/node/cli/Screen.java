package network.lilypad.node.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/// Says what happens: a line for each stage, with an emoji and a spinner where a person watches, plain where not; with
/// `--json` one object for each stage on standard output and nothing else. Thread-safe.
final class Screen implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> FRAMES = List.of("⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏");
  private static final Duration FRAME = Duration.ofMillis(100);
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final Terminal terminal;
  private final boolean json;
  private String waitingFor = "";
  private boolean spun;
  private boolean lineOpen;

  Screen(Terminal terminal, boolean json) {
    this.terminal = terminal;
    this.json = json;
    if (terminal.interactive() && !json) {
      Thread.ofVirtual().name("spinner").start(this::spin);
    }
  }

  boolean json() {
    return json;
  }

  static ObjectNode event(String name) {
    return JSON.createObjectNode().put("event", name);
  }

  /// Something has happened.
  ///
  /// @param emoji for people
  /// @param line for people
  /// @param event for programs
  synchronized void stage(String emoji, String line, ObjectNode event) {
    if (json) {
      terminal.out().println(event);
      return;
    }
    clear();
    terminal.err().println(terminal.interactive() ? emoji + " " + line : line);
  }

  /// What is waited for now; empty: nothing.
  synchronized void waiting(String what) {
    waitingFor = what;
  }

  /// An answer: text for people, an object for programs.
  synchronized void answer(String text, ObjectNode object) {
    clear();
    terminal.out().println(json ? object.toString() : text);
  }

  /// A piece of a job's own output.
  synchronized void output(boolean stderr, byte[] bytes, ObjectNode event) {
    if (json) {
      terminal.out().println(event.put("text", new String(bytes, StandardCharsets.UTF_8)));
      return;
    }
    stopSpinner();
    var stream = stderr ? terminal.err() : terminal.out();
    stream.write(bytes, 0, bytes.length);
    stream.flush();
    lineOpen = bytes.length > 0 && bytes[bytes.length - 1] != '\n';
  }

  /// The one line of a failure.
  synchronized void failure(FailureException why, boolean verbose) {
    if (json) {
      terminal.out().println(
          event("error").put("code", why.code()).put("message", why.getMessage()).put("next", why.next()));
    } else {
      clear();
      var next = why.next().isEmpty() ? "" : "; " + why.next();
      terminal.err().println("lilypad: " + why.getMessage() + " [" + why.code() + "]" + next);
    }
    if (verbose) {
      why.printStackTrace(terminal.err());
    }
  }

  /// Before a line of ours: the spinner goes, and a job's unfinished line ends.
  private void clear() {
    stopSpinner();
    if (lineOpen) {
      terminal.err().println();
      lineOpen = false;
    }
  }

  private void stopSpinner() {
    if (spun) {
      terminal.err().print(CLEAR_LINE);
      spun = false;
    }
  }

  private void spin() {
    try {
      for (int frame = 0;; frame = (frame + 1) % FRAMES.size()) {
        Thread.sleep(FRAME);
        draw(FRAMES.get(frame));
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void draw(String frame) {
    if (!waitingFor.isEmpty() && !lineOpen) {
      terminal.err().print(CLEAR_LINE + frame + " " + waitingFor);
      terminal.err().flush();
      spun = true;
    }
  }

  @Override public synchronized void close() {
    waitingFor = "";
    clear();
  }
}
