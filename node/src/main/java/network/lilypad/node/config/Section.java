package network.lilypad.node.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import network.lilypad.protocol.value.Lp;

/// One object of the configuration, read key by key with its bounds.
///
/// @param all the whole, resolved configuration
/// @param path of this object in it
record Section(Config all, String path) {
  /// A module's name or source has no more.
  private static final int TEXT_LENGTH_MAX = 1024;

  Section at(String key) {
    return new Section(all, key(key));
  }

  String text(String key) {
    return read(key, Config::getString, "a text");
  }

  boolean flag(String key) {
    return read(key, Config::getBoolean, "true or false");
  }

  int number(String key, int min, int max) {
    return (int) bounded(key, read(key, Config::getLong, "a whole number"), min, max);
  }

  long bytes(String key, long min, long max) {
    long value = read(key, Config::getBytes, "a size, such as 64 MiB");
    if (value < min || value > max) {
      throw refused(key, written(key), Written.bytes(min) + " to " + Written.bytes(max));
    }
    return value;
  }

  Duration duration(String key, Duration min, Duration max) {
    var value = read(key, Config::getDuration, "a duration, such as 15s");
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      throw refused(key, written(key), Written.duration(min) + " to " + Written.duration(max));
    }
    return value;
  }

  int seconds(String key, Duration min, Duration max) {
    var value = duration(key, min, max);
    if (!value.equals(Duration.ofSeconds(value.toSeconds()))) {
      throw refused(key, written(key), "whole seconds");
    }
    return Math.toIntExact(value.toSeconds());
  }

  Lp lp(String key, Lp max) {
    var text = text(key);
    Lp amount;
    try {
      amount = Lp.parse(text);
    } catch (IllegalArgumentException _) {
      throw refused(key, text, "LP with at most nine decimals, such as 1.5");
    }
    if (!max.covers(amount)) {
      throw refused(key, text, "at most " + max);
    }
    return amount;
  }

  Path path(String key) {
    var text = text(key);
    if (text.isEmpty()) {
      throw refused(key, "empty", "a path");
    }
    try {
      return Path.of(text).toAbsolutePath().normalize();
    } catch (InvalidPathException _) {
      throw refused(key, text, "a path");
    }
  }

  URI uri(String key) {
    var text = text(key);
    try {
      var uri = new URI(text);
      boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (http && uri.getHost() != null && uri.getQuery() == null && uri.getUserInfo() == null
          && uri.getFragment() == null && !text.endsWith("/")) {
        return uri;
      }
    } catch (URISyntaxException _) {
      // refused below
    }
    throw refused(key, text, "an address such as https://host:port without a slash at its end, user or query");
  }

  /// A list of texts, none of them empty.
  List<String> texts(String key, int max) {
    var texts = read(key, Config::getStringList, "a list of texts, such as [\"cowsay:*\"]");
    if (texts.size() > max || texts.stream().anyMatch(text -> text.isBlank() || text.length() > TEXT_LENGTH_MAX)) {
      throw refused(key, texts.size() + " texts",
          "at most " + max + " texts of 1 to " + TEXT_LENGTH_MAX + " characters");
    }
    return List.copyOf(texts);
  }

  /// A list of texts, each of a form.
  List<String> texts(String key, int max, Pattern form, String expectation) {
    var texts = texts(key, max);
    texts.stream().filter(text -> !form.matcher(text).matches()).findFirst().ifPresent(text -> {
      throw refused(key, text, expectation);
    });
    return texts;
  }

  /// One of some words.
  <T extends Enum<T>> T word(String key, Class<T> words) {
    var text = text(key);
    return Arrays.stream(words.getEnumConstants()).filter(word -> word.name().equalsIgnoreCase(text)).findFirst()
        .orElseThrow(() -> refused(key, text, Arrays.stream(words.getEnumConstants())
            .map(word -> word.name().toLowerCase(Locale.ROOT)).collect(Collectors.joining(", "))));
  }

  /// The refusal of a value, to be thrown.
  ConfigRejectedException refused(String key, String value, String expectation) {
    return new ConfigRejectedException(key(key) + " at " + all.getValue(key(key)).origin().description() + ": " + value
        + " (expected: " + expectation + ")");
  }

  /// The value as it stands there.
  private String written(String key) {
    return String.valueOf(all.getValue(key(key)).unwrapped());
  }

  private String key(String key) {
    return path + "." + key;
  }

  private long bounded(String key, long value, long min, long max) {
    if (value < min || value > max) {
      throw refused(key, Long.toString(value), min + " to " + max);
    }
    return value;
  }

  private <T> T read(String key, BiFunction<Config, String, T> reader, String expectation) {
    try {
      return reader.apply(all, key(key));
    } catch (ConfigException.Missing _) {
      throw new ConfigRejectedException(key(key) + ": missing (expected: " + expectation + ")");
    } catch (ConfigException.WrongType | ConfigException.BadValue _) {
      throw refused(key, all.getValue(key(key)).render(), expectation);
    }
  }
}
