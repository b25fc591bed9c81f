package network.lilypad.node.modules.source;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigUtil;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import network.lilypad.node.modules.ModuleRefusedException;

/// Which repository a short name stands for. The defaults are in `modules-reference.conf`; `modules.conf` in the data
/// directory adds to them and wins.
///
/// @param table name to repository, without a version
/// @param otherwise the repository of every other name that has a tag, with `{name}` in it; empty: there are no others
public record Shortcuts(SortedMap<String, String> table, String otherwise) {
  /// The file in the data directory.
  public static final String FILE = "modules.conf";
  private static final String TABLE = "shortcuts";
  private static final String OTHERWISE = "otherwise";

  /// Reads the table of a data directory.
  ///
  /// @throws ModuleRefusedException if the file is not what it must be
  public static Shortcuts read(Path dataDir) {
    var file = dataDir.resolve(FILE);
    var defaults = ConfigFactory.parseResources(Shortcuts.class.getClassLoader(), "modules-reference.conf");
    try {
      var own = Files.exists(file) ? ConfigFactory.parseFile(file.toFile()) : ConfigFactory.empty();
      return of(own.withFallback(defaults).resolve(), file);
    } catch (ConfigException e) {
      throw refused(file, String.valueOf(e.getMessage()), "shortcuts { name = \"https://...\" }");
    }
  }

  private static Shortcuts of(Config config, Path file) {
    for (var key : config.root().keySet()) {
      if (!key.equals(TABLE) && !key.equals(OTHERWISE)) {
        throw refused(file, key, "only " + TABLE + " and " + OTHERWISE);
      }
    }
    var table = new TreeMap<String, String>();
    config.getConfig(TABLE).entrySet()
        .forEach(entry -> table.put(String.join(".", ConfigUtil.splitPath(entry.getKey())),
            String.valueOf(entry.getValue().unwrapped())));
    return new Shortcuts(table, config.getString(OTHERWISE));
  }

  private static ModuleRefusedException refused(Path file, String value, String expectation) {
    return ModuleRefusedException.malformed(file.toString(), value, expectation);
  }

  /// The repository that a name stands for. A name that is not in the table must have a tag: a mistyped name is answered
  /// without asking anybody.
  Optional<String> repository(ModuleReference.Named named) {
    return Optional.ofNullable(table.get(named.name()))
        .or(() -> Optional.of(otherwise).filter(pattern -> !pattern.isEmpty() && named.tag().isPresent())
            .map(pattern -> pattern.replace("{name}", named.name())));
  }
}
