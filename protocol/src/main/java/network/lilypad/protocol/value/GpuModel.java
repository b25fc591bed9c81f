package network.lilypad.protocol.value;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The canonical name of a GPU model, under which jobs ask for it and machines offer it, whatever a driver, a shop or a
/// person calls it: `NVIDIA H100 80GB HBM3`, `Tesla H100-PCIE-80GB` and `h100` are all `h100`.
///
/// The rules, in their order: Unicode compatibility form, lower case, no trademark signs; words of letters and digits;
/// `rtx3090` is `rtx 3090`; a MIG profile keeps its compute share (`1g.5gb` is `1g`); left out are makers and brand
/// lines, memory sizes and kinds (memory is a number of its own in [Resources]), and how a board is mounted. What would
/// be empty then keeps its words.
///
/// @param key the canonical name, such as `rtx 4090`, `a100 mig 1g` or `rx 7900 xtx`; 1 to 64 characters
public record GpuModel(String key) {
  /// No product has a longer name.
  public static final int MAX_LENGTH = 64;

  private static final Pattern SIGNS = Pattern.compile("\\((r|tm|c)\\)|[\u00ae\u2122\u00a9]");
  private static final Pattern BETWEEN_WORDS = Pattern.compile("[^a-z0-9.+]+");
  private static final Pattern JOINED = Pattern.compile("(rtx|gtx|rx|arc)(a?\\d.*)");
  private static final Pattern PROFILE = Pattern.compile("(\\d+g)\\.\\d+gb.*");
  private static final Pattern MEMORY = Pattern.compile("\\d+(\\.\\d+)?(gb|gib|mb|mib)|g?ddr\\d+x?|hbm\\d*e?");
  private static final Pattern MOUNT = Pattern.compile("pcie?|sxm\\d*|oam|nvl|mezzanine");
  private static final Set<String> BRANDS = Set.of("nvidia", "amd", "ati", "intel", "corporation", "corp", "inc",
      "advanced",
      "micro", "devices", "geforce", "radeon", "quadro", "tesla", "instinct", "gpu", "graphics", "accelerator", "data",
      "center", "generation");

  /// @throws InvalidValueException if the key is empty or too long
  public GpuModel {
    if (key.isEmpty() || key.length() > MAX_LENGTH) {
      throw new InvalidValueException("gpu model", key, "a name of 1 to " + MAX_LENGTH + " characters");
    }
  }

  /// The model that somebody calls so.
  ///
  /// @throws InvalidValueException if the name has no letter or digit, or is too long
  public static GpuModel of(String name) {
    var words = words(name);
    var telling = words.stream().filter(word -> !saysNothing(word)).toList();
    return new GpuModel(String.join(" ", telling.isEmpty() ? words : telling));
  }

  private static List<String> words(String name) {
    var plain = SIGNS.matcher(Normalizer.normalize(name.replace('\u2122', ' '), Normalizer.Form.NFKC)
        .toLowerCase(Locale.ROOT)).replaceAll(" ");
    return Arrays.stream(BETWEEN_WORDS.split(plain)).filter(word -> word.chars().anyMatch(Character::isLetterOrDigit))
        .map(GpuModel::word)
        .collect(Collectors.toUnmodifiableList());
  }

  private static String word(String word) {
    return PROFILE.matcher(JOINED.matcher(word).replaceFirst("$1 $2")).replaceFirst("$1");
  }

  private static boolean saysNothing(String word) {
    return BRANDS.contains(word) || MEMORY.matcher(word).matches() || MOUNT.matcher(word).matches();
  }

  /// What stands in signed offers: the keccak-256 of the key.
  public Bytes32 digest() {
    return Keccak256.hash(key);
  }

  @Override public String toString() {
    return key;
  }
}
