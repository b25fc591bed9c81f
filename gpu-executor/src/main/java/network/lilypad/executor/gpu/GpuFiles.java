package network.lilypad.executor.gpu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import network.lilypad.executor.gpu.Gpu.Vendor;

/// The device files by which GPUs of AMD and Intel are handed to a container. NVIDIA's are not handed over by file: the
/// engine asks NVIDIA's toolkit for them, by their UUIDs.
///
/// @param drm `/sys/class/drm`
/// @param dev `/dev`
public record GpuFiles(Path drm, Path dev) {
  /// Those of this machine.
  public static final GpuFiles MACHINE = new GpuFiles(Path.of("/sys/class/drm"), Path.of("/dev"));

  /// NVIDIA's are longer and have dashes.
  private static final Pattern AMD = Pattern.compile(DrmCard.AMD + "[0-9a-f]{16}");
  /// AMD's way to compute, one for all of its GPUs: which of them a program reaches is decided by their own files.
  private static final String KFD = "kfd";

  /// How GPUs get into a container.
  ///
  /// @param requested UUIDs that the engine's toolkit is asked for
  /// @param files device files, each once
  /// @param groups numbers of the groups that may use the files, for programs that are not root
  public record Handover(List<String> requested, List<File> files, Set<Integer> groups) {
    /// Keeps copies.
    public Handover {
      requested = List.copyOf(requested);
      files = List.copyOf(files);
      groups = Set.copyOf(groups);
    }

    /// No GPU.
    public static final Handover NONE = new Handover(List.of(), List.of(), Set.of());
  }

  /// A device file.
  ///
  /// @param here where it is on this machine
  /// @param inside where it is in a container
  public record File(Path here, String inside) {}

  /// How these GPUs are handed over.
  ///
  /// @throws GpuUnavailableException if a file is not there; says which and what to do
  public Handover handover(List<String> uuids) {
    var requested = new ArrayList<String>();
    var files = new LinkedHashSet<File>();
    for (var uuid : uuids) {
      switch (vendor(uuid)) {
        case NVIDIA -> requested.add(uuid);
        case AMD -> {
          files.add(file(KFD, "load the driver amdgpu on a kernel with CONFIG_HSA_AMD"));
          files.add(renderer(uuid));
        }
        case INTEL -> files.add(renderer(uuid));
      }
    }
    var groups = new LinkedHashSet<Integer>();
    files.forEach(file -> groups.add(group(file.here())));
    return new Handover(requested, List.copyOf(files), groups);
  }

  /// Why a GPU cannot be handed to a container, and what its owner may do; empty if it can.
  Optional<String> obstacle(Gpu gpu) {
    if (vendor(gpu.uuid()) != gpu.vendor()) {
      return Optional.of("its UUID is none of " + gpu.vendor() + "'s: it would be handed over as " + vendor(gpu.uuid())
          + "'s. Next: install another of its maker's tools");
    }
    try {
      handover(List.of(gpu.uuid()));
      return Optional.empty();
    } catch (GpuUnavailableException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static Vendor vendor(String uuid) {
    return uuid.startsWith(DrmCard.INTEL) ? Vendor.INTEL : AMD.matcher(uuid).matches() ? Vendor.AMD : Vendor.NVIDIA;
  }

  private File renderer(String uuid) {
    var card = DrmCard.all(drm).stream().filter(found -> found.uuid().filter(uuid::equals).isPresent()).findFirst()
        .orElseThrow(() -> new GpuUnavailableException("no card in " + drm + " is " + uuid));
    var node = card.renderer().orElseThrow(() -> new GpuUnavailableException(card.folder() + " has no renderD file: "
        + "load its driver (amdgpu, i915 or xe), and do not bind it to another such as vfio-pci"));
    return file("dri/" + node, "let udev make it");
  }

  private File file(String name, String next) {
    var here = dev.resolve(name);
    if (!Files.exists(here)) {
      throw new GpuUnavailableException(here + " is not there: " + next);
    }
    return new File(here, "/dev/" + name);
  }

  private static int group(Path file) {
    try {
      return (Integer) Objects.requireNonNull(Files.getAttribute(file, "unix:gid"));
    } catch (IOException e) {
      throw new GpuUnavailableException(file + " cannot be looked at: " + e.getMessage(), e);
    }
  }
}
