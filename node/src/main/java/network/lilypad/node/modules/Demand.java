package network.lilypad.node.modules;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import network.lilypad.protocol.value.Bytes32;
import network.lilypad.protocol.value.GpuModel;
import network.lilypad.protocol.value.Resources;

/// What a module asks of a machine, from its two places: `machine`, which the market matched on, and the job's own
/// `Resources`. Where they disagree the larger demand holds. A megabyte is taken for a mebibyte everywhere.
///
/// @param resources of one machine
/// @param gpuModel the model's canonical name, empty: any
record Demand(Resources resources, String gpuModel) {
  /// Disk bounds what a job writes; modules rarely say, and most write little.
  static final long DISK_MIB_DEFAULT = 256;
  /// A job without any memory named.
  static final long RAM_MIB_DEFAULT = 256;
  /// A job without any processor named gets one core.
  static final long MILLI_CPU_DEFAULT = 1000;

  private static final Pattern QUANTITY = Pattern.compile("([0-9]{1,12}(?:\\.[0-9]{1,6})?)\\s*([a-z]*)");

  static Demand of(Fields machine, Fields resources) {
    var gpus = machine.objects("gpus");
    long vram = gpus.stream().mapToLong(gpu -> gpu.number("vram")).max().orElse(0);
    try {
      var model = model(machine, gpus);
      var demand = new Resources(
          Math.toIntExact(larger(machine, "cpu", resources, "CPU", 1000, MILLI_CPU_DEFAULT)),
          Math.toIntExact(gpus(machine, resources, !gpus.isEmpty())),
          model.map(GpuModel::digest).orElse(Bytes32.ZERO),
          Math.toIntExact(Math.max(vram, machine.number("vram"))),
          larger(machine, "ram", resources, "Memory", 1, RAM_MIB_DEFAULT),
          larger(machine, "disk", resources, "Disk", 1, DISK_MIB_DEFAULT));
      return new Demand(demand, model.map(GpuModel::key).orElse(""));
    } catch (ArithmeticException | IllegalArgumentException e) {
      throw ModuleRefusedException.malformed("module field machine", String.valueOf(e.getMessage()),
          "resources of one machine");
    }
  }

  /// The first that is named: a job's GPUs are of one model.
  private static Optional<GpuModel> model(Fields machine, List<Fields> gpus) {
    gpus.forEach(gpu -> gpu.skip("vendor"));
    var models = gpus.stream().flatMap(gpu -> gpu.text("name").stream()).filter(name -> !name.isBlank())
        .map(GpuModel::of).distinct().toList();
    if (models.size() > 1) {
      machine.reading().warn(machine.at("gpus"), "names " + models.stream().map(GpuModel::key)
          .collect(Collectors.joining(", ")) + "; the GPUs of a job are of one model, the first holds: "
          + models.getFirst());
    }
    return models.stream().findFirst();
  }

  /// What describes a GPU asks for one, as with the predecessor; but who says 0 does not want what another place asks
  /// for.
  private static long gpus(Fields machine, Fields resources, boolean described) {
    long count = larger(machine, "gpu", resources, "GPU", 1, 0);
    if (machine.has("gpu") && machine.number("gpu") == 0 && (described || count > 0)) {
      var other = described ? machine.at("gpus") + ", which describes a GPU"
          : resources.at("GPU") + ", which asks for " + count;
      throw ModuleRefusedException.malformed("module field " + machine.at("gpu"), "0",
          "as many GPUs as are wanted, or without " + other);
    }
    if (count > 0 || !described) {
      return count;
    }
    machine.reading().warn(machine.at("gpus"), "describes a GPU, so one is asked for; machine.gpu says how many");
    return 1;
  }

  /// The larger of what the two places say; a disagreement is worth a warning.
  private static long larger(Fields machine, String name, Fields resources, String other, long scale, long otherwise) {
    long one = machine.number(name);
    long two = quantity(resources, other, scale);
    long larger = Math.max(one, two);
    if (one != two && one != 0 && two != 0) {
      machine.reading().warn(machine.at(name), one + " differs from " + resources.at(other) + ", which is " + two
          + "; the larger holds: " + larger);
    }
    return larger == 0 ? otherwise : larger;
  }

  /// A quantity such as `2`, `500m`, `8Gb`, rounded up.
  private static long quantity(Fields resources, String name, long scale) {
    var text = resources.text(name).orElse("").strip().toLowerCase(Locale.ROOT);
    if (text.isEmpty()) {
      return 0;
    }
    var found = QUANTITY.matcher(text);
    if (!found.matches()) {
      throw unreadable(resources, name, text);
    }
    var factor = switch (found.group(2)) {
      case "" -> name.equals("Memory") || name.equals("Disk") ? mib(0) : BigDecimal.valueOf(scale);
      case "m" -> name.equals("CPU") ? BigDecimal.ONE : mib(2);
      case "k", "kb", "ki", "kib" -> mib(1);
      case "mb", "mi", "mib" -> mib(2);
      case "g", "gb", "gi", "gib" -> mib(3);
      case "t", "tb", "ti", "tib" -> mib(4);
      default -> throw unreadable(resources, name, text);
    };
    return new BigDecimal(found.group(1)).multiply(factor).setScale(0, RoundingMode.CEILING).longValueExact();
  }

  /// Mebibytes in 1024 to the power of so much.
  private static BigDecimal mib(int power) {
    return BigDecimal.valueOf(1L << (10 * power)).divide(BigDecimal.valueOf(1L << 20));
  }

  private static ModuleRefusedException unreadable(Fields resources, String name, String text) {
    return ModuleRefusedException.malformed("module field " + resources.at(name), text,
        "a quantity such as 1, 500m or 8Gb");
  }
}
