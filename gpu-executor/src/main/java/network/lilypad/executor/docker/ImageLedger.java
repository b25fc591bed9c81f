package network.lilypad.executor.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The images that this agent pulled, and when a job used each last: in a file, a line for each with the second and the
/// reference. A file that cannot be read or written costs knowledge, never a job: images are then kept. Thread-safe.
final class ImageLedger {
  private static final Logger LOG = LoggerFactory.getLogger(ImageLedger.class);

  /// A use is noted no more often than this: it is days that count.
  private static final Duration GRAIN = Duration.ofHours(1);

  private final Path file;
  private final Map<String, Instant> used = new TreeMap<>();

  /// @param file is made with the first image
  ImageLedger(Path file) {
    this.file = file;
    if (Files.exists(file)) {
      try {
        Files.readAllLines(file).forEach(this::read);
      } catch (IOException e) {
        LOG.warn("images that were pulled before are kept: {}", e.toString());
      }
    }
  }

  private void read(String line) {
    int space = line.indexOf(' ');
    try {
      used.put(line.substring(space + 1), Instant.ofEpochSecond(Long.parseLong(line.substring(0, space))));
    } catch (IndexOutOfBoundsException | NumberFormatException | DateTimeException _) {
      LOG.warn("{} has a line that says nothing: {}", file, line);
    }
  }

  /// An image was pulled.
  synchronized void pulled(String reference, Instant at) {
    used.put(reference, at);
    write();
  }

  /// A job uses an image. Nothing happens if it was not pulled by this agent.
  synchronized void uses(String reference, Instant at) {
    var before = used.get(reference);
    if (before != null && at.isAfter(before.plus(GRAIN))) {
      used.put(reference, at);
      write();
    }
  }

  /// An image is not here any more.
  synchronized void removed(String reference) {
    if (used.remove(reference) != null) {
      write();
    }
  }

  /// An image stays from now on, whatever names it was pulled by.
  ///
  /// @param digests by one of which a reference ends
  synchronized void stays(Collection<String> digests) {
    if (used.keySet().removeIf(reference -> digests.contains(reference.substring(reference.indexOf('@') + 1)))) {
      write();
    }
  }

  /// The images, the one whose last use is the longest ago first.
  synchronized List<Map.Entry<String, Instant>> oldest() {
    return used.entrySet().stream().sorted(Map.Entry.comparingByValue(Comparator.naturalOrder()))
        .map(entry -> Map.entry(entry.getKey(), entry.getValue())).toList();
  }

  private void write() {
    var lines = used.entrySet().stream().map(entry -> entry.getValue().getEpochSecond() + " " + entry.getKey() + "\n")
        .collect(Collectors.joining());
    var next = file.resolveSibling(file.getFileName() + ".next");
    try {
      Files.writeString(next, lines);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      LOG.warn("the use of images is not noted: {}", e.toString());
    }
  }
}
