package network.lilypad.executor.gpu;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import network.lilypad.executor.gpu.Gpu.Vendor;

/// One card as the Linux kernel's drivers show it.
///
/// @param folder such as `/sys/class/drm/card0`
record DrmCard(Path folder) {
  /// How an AMD GPU's UUID begins; its unique id follows, as AMD's runtime has it.
  static final String AMD = "GPU-";
  /// How an Intel GPU's UUID begins; its PCI address follows, the one name that its tools and the kernel share.
  static final String INTEL = "pci-";

  private static final String SLOT = "PCI_SLOT_NAME=";

  /// The cards of a machine, without their connectors.
  ///
  /// @param drm `/sys/class/drm`
  /// @throws GpuUnavailableException if it cannot be read
  static List<DrmCard> all(Path drm) {
    if (!Files.isDirectory(drm)) {
      throw new GpuUnavailableException(drm + " is not there");
    }
    var found = new ArrayList<DrmCard>();
    try (var cards = Files.newDirectoryStream(drm, "card[0-9]*")) {
      for (var card : cards) {
        if (!card.getFileName().toString().contains("-")) {
          found.add(new DrmCard(card));
        }
      }
    } catch (IOException e) {
      throw new GpuUnavailableException(drm + " cannot be read: " + e.getMessage(), e);
    }
    return List.copyOf(found);
  }

  /// Who made it; empty if we sell none of theirs by this way.
  Optional<Vendor> vendor() {
    return switch (device("vendor").orElse("")) {
      case "0x1002" -> Optional.of(Vendor.AMD);
      case "0x8086" -> Optional.of(Vendor.INTEL);
      default -> Optional.empty();
    };
  }

  /// The name by which its GPU is assigned; empty if it has none.
  Optional<String> uuid() {
    return vendor().flatMap(maker -> switch (maker) {
      case AMD -> device("unique_id").map(id -> AMD + id);
      case INTEL -> device("uevent").stream().flatMap(String::lines).filter(text -> text.startsWith(SLOT))
          .map(text -> INTEL + text.substring(SLOT.length())).findFirst();
      case NVIDIA -> Optional.empty();
    });
  }

  /// The name of the device file by which programs compute with it, such as `renderD128`; empty if the driver makes
  /// none.
  Optional<String> renderer() {
    try (var nodes = Files.newDirectoryStream(folder.resolve("device/drm"), "renderD[0-9]*")) {
      for (var node : nodes) {
        return Optional.of(node.getFileName().toString());
      }
    } catch (IOException _) {
      // the driver shows nothing
    }
    return Optional.empty();
  }

  /// What a file of its device says.
  Optional<String> device(String file) {
    return text("device/" + file);
  }

  /// What one of its files says; empty if it is not there or says nothing.
  Optional<String> text(String file) {
    try {
      return Optional.of(Files.readString(folder.resolve(file)).strip()).filter(text -> !text.isEmpty());
    } catch (IOException | UncheckedIOException _) {
      return Optional.empty();
    }
  }
}
