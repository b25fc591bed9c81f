package network.lilypad.node.client;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A file that is fetched from the web before a job is signed, so that the job names its hash and nobody fetches it
/// twice. Streamed, bounded, and continued when the line breaks, if the server can go on in the middle of the same
/// file.
///
/// Redirects are followed as a browser would, to other hosts too, but never from https to http. No request carries
/// cookies or passwords, so there is nothing that another host could learn.
///
/// @param uri http or https
/// @param bytesMax the most bytes it may have
/// @param pause before a second try; doubles
public record UrlFile(URI uri, long bytesMax, Duration pause) {
  private static final int TRIES = 5;
  private static final int CONNECT_MILLIS_MAX = 10_000;
  private static final int SILENT_MILLIS_MAX = 30_000;
  private static final int PARTIAL = 206;
  /// A longer way is a circle.
  private static final int REDIRECTS_MAX = 10;
  private static final Set<Integer> MOVED = Set.of(301, 302, 303, 307, 308);

  /// @throws IllegalArgumentException if it is no address of the web
  public UrlFile {
    web(uri);
  }

  /// The same address.
  ///
  /// @throws IllegalArgumentException if it is none of the web
  public static URI web(URI uri) {
    boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    if (!web || uri.getHost() == null) {
      throw new IllegalArgumentException("url: " + uri + " (expected: https://host/path)");
    }
    return uri;
  }

  /// How far it has come.
  private static final class Progress {
    private long bytes;
    private @Nullable String version;
    /// Where it was asked for last.
    private URI place;

    private Progress(URI place) {
      this.place = place;
    }
  }

  /// What was asked for and, if that is elsewhere, where it led. A query that the user did not type may hold a key of
  /// the server's, and errors are shown around.
  private String way(URI place) {
    return place.equals(uri) ? uri.toString()
        : uri + ", which led to " + place.getScheme() + "://" + place.getHost()
            + (place.getPort() < 0 ? "" : ":" + place.getPort()) + place.getRawPath()
            + (place.getRawQuery() == null ? "" : "?...");
  }

  /// Fetches it. What goes wrong is said of the address and, behind redirects, also of the place they led to.
  ///
  /// @param file is made or replaced
  /// @throws UrlRefusedException if it is not to be had there, or too large
  /// @throws UrlUnavailableException if the server or the line does not bring it
  /// @throws IOException if the disk refuses
  public void into(Path file) throws IOException {
    var progress = new Progress(uri);
    Files.deleteIfExists(file);
    IOException failure = new IOException("not tried");
    for (int attempt = 0; attempt < TRIES; attempt++) {
      try {
        Thread.sleep(attempt == 0 ? Duration.ZERO : pause.multipliedBy(1L << attempt));
        fetch(file, progress);
        return;
      } catch (UrlRefusedException | FileSystemException e) {
        throw e;
      } catch (UncheckedIOException e) {
        throw e.getCause();
      } catch (UnknownHostException _) {
        throw new UrlRefusedException(way(progress.place) + ": no such host");
      } catch (IOException e) {
        failure = e;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }
    var told = way(progress.place) + ": " + failure.getMessage();
    throw failure instanceof ConnectException ? new UrlRefusedException(told)
        : new UrlUnavailableException(told + ", tried " + TRIES + " times", failure);
  }

  private void fetch(Path file, Progress progress) throws IOException {
    var connection = arrive(progress);
    try {
      begin(connection, progress);
      copy(connection, file, progress);
    } finally {
      connection.disconnect();
    }
  }

  /// Asks, and goes where it is sent.
  private HttpURLConnection arrive(Progress progress) throws IOException {
    progress.place = uri;
    for (int moves = 0; moves <= REDIRECTS_MAX; moves++) {
      var connection = ask(progress);
      if (!MOVED.contains(connection.getResponseCode())) {
        return connection;
      }
      var location = connection.getHeaderField("Location");
      connection.disconnect();
      progress.place = moved(progress.place, location);
    }
    throw new UrlRefusedException(uri + ": moved more than " + REDIRECTS_MAX + " times, at last to " + progress.place);
  }

  private URI moved(URI from, @Nullable String location) throws UrlRefusedException {
    if (location == null) {
      throw new UrlRefusedException(way(from) + ": moved, but not said where");
    }
    try {
      var to = web(from.resolve(location));
      if (from.getScheme().equals("https") && !to.getScheme().equals("https")) {
        throw new UrlRefusedException(way(from) + ": moved to " + to + " (expected: https, as before)");
      }
      return to;
    } catch (IllegalArgumentException _) {
      throw new UrlRefusedException(way(from) + ": moved to " + location + " (expected: https://host/path)");
    }
  }

  private HttpURLConnection ask(Progress progress) throws IOException {
    if (!(progress.place.toURL().openConnection() instanceof HttpURLConnection connection)) {
      throw new UrlRefusedException(way(progress.place) + ": not the web");
    }
    connection.setInstanceFollowRedirects(false);
    connection.setConnectTimeout(CONNECT_MILLIS_MAX);
    connection.setReadTimeout(SILENT_MILLIS_MAX);
    connection.setRequestProperty("Accept-Encoding", "identity");
    if (progress.version != null) {
      connection.setRequestProperty("Range", "bytes=" + progress.bytes + "-");
      connection.setRequestProperty("If-Range", progress.version);
    }
    return connection;
  }

  /// Only a strong version says that the rest belongs to what is here.
  private void begin(HttpURLConnection connection, Progress progress) throws IOException {
    int status = connection.getResponseCode();
    if (status != HttpURLConnection.HTTP_OK && status != PARTIAL) {
      var told = "status " + status + " (expected: 200)";
      throw status < 500 && status != 429 && status != 408 ? new UrlRefusedException(way(progress.place) + ": " + told)
          : new IOException(told);
    }
    if (status == HttpURLConnection.HTTP_OK) {
      progress.bytes = 0;
      var tag = connection.getHeaderField("ETag");
      progress.version = tag != null && !tag.startsWith("W/") ? tag : null;
    }
    long announced = connection.getContentLengthLong();
    if (announced > bytesMax - progress.bytes) {
      throw tooLarge(progress, announced);
    }
  }

  private void copy(HttpURLConnection connection, Path file, Progress progress) throws IOException {
    long announced = connection.getContentLengthLong();
    long before = progress.bytes;
    try (var in = connection.getInputStream();
        var out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
            progress.bytes == 0 ? StandardOpenOption.TRUNCATE_EXISTING : StandardOpenOption.APPEND)) {
      var buffer = new byte[1 << 16];
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        if (progress.bytes + length > bytesMax) {
          throw tooLarge(progress, progress.bytes + length);
        }
        write(out, buffer, length);
        progress.bytes += length;
      }
    }
    if (announced >= 0 && progress.bytes - before < announced) {
      throw new IOException("the line broke after " + progress.bytes + " bytes");
    }
  }

  /// Tells the disk's failures from the line's.
  private static void write(OutputStream out, byte[] buffer, int length) {
    try {
      out.write(buffer, 0, length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private UrlRefusedException tooLarge(Progress progress, long bytes) {
    return new UrlRefusedException(
        way(progress.place) + ": at least " + bytes + " bytes (expected: at most " + bytesMax + ")");
  }
}
