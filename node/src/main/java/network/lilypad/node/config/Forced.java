package network.lilypad.node.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.Map;
import java.util.TreeMap;

/// The keys that an environment forces: `CONFIG_FORCE_`, and the path with `_` for a dot, `__` for a hyphen and `___`
/// for an underscore, as the HOCON library writes it. An entry of a list is named by its number.
final class Forced {
  private static final String PREFIX = "CONFIG_FORCE_";

  private Forced() {}

  static Config of(Map<String, String> environment) {
    var keys = new TreeMap<String, String>();
    environment.forEach((name, value) -> {
      if (name.startsWith(PREFIX + "lilypad_")) {
        keys.put(path(name.substring(PREFIX.length())), value);
      }
    });
    return ConfigFactory.parseMap(keys, "the environment (" + PREFIX + ")");
  }

  private static String path(String name) {
    return name.replace("___", "\0").replace("__", "-").replace('_', '.').replace('\0', '_');
  }
}
